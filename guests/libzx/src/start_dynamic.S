# Where a program starts that a dynamic linker has prepared: a0 is the bootstrap channel, a1 the
# vDSO's address.
        .text
        .globl _start
        .type _start, @function
_start:
        lla     a2, main
        tail    __zx_start_main@plt
        .size _start, . - _start
        .section .note.GNU-stack,"",@progbits
