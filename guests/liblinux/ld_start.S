# Where the dynamic linker starts, on the stack that the program will have.
        .text
        .hidden link_program
        .globl _start
        .type _start, @function
_start:
        mv      s0, sp
        mv      a0, sp
        andi    sp, sp, -16
        call    link_program
        mv      sp, s0
        mv      t0, a0
        li      a0, 0
        jr      t0
        .size _start, . - _start
        .section .note.GNU-stack,"",@progbits
