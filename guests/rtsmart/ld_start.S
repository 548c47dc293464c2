# Where the dynamic linker starts: with the arguments' block in a0, which the program gets next.
        .section .text.start,"ax",@progbits
        .hidden link_program
        .globl _start
        .type _start, @function
_start:
        addi    sp, sp, -16
        mv      a1, sp
        call    link_program
        # The block, as the program is to see it, is where the linker has left its address.
        mv      t0, a0
        ld      a0, 0(sp)
        mv      sp, a0
        jr      t0
        .size _start, . - _start
        .section .note.GNU-stack,"",@progbits
