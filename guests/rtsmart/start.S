# Where a program of RT-Smart starts: its arguments are where a0 points, which is also where sp does.
        .section .text.start,"ax",@progbits
        .globl _start
        .type _start, @function
_start:
        .option push
        .option norelax
        la      gp, __global_pointer$
        .option pop
        mv      a1, a0
        la      a0, main
        # What lies at sp and above are the arguments; the stack is below.
        tail    __rtsmart_start_main
        .size _start, . - _start
        .section .note.GNU-stack,"",@progbits
