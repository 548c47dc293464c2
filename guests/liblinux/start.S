# Where a program of Linux starts: the number of its arguments, and all the rest, is at sp.
        .text
        .globl _start
        .type _start, @function
_start:
        .option push
        .option norelax
        la      gp, __global_pointer$
        .option pop
        mv      a1, sp
        la      a0, main
        andi    sp, sp, -16
        call    __linux_start_main
        .size _start, . - _start
        .section .note.GNU-stack,"",@progbits
