# Where a static program starts: a0 is the bootstrap channel, a1 the vDSO's address.
        .text
        .hidden __ehdr_start
        .hidden _DYNAMIC
        .globl _start
        .type _start, @function
_start:
        mv      s0, a0
        mv      s1, a1
        lla     a0, __ehdr_start
        lla     a1, _DYNAMIC
        mv      a2, s1
        call    elf_relocate_self
        mv      a0, s0
        mv      a1, s1
        lla     a2, main
        tail    __zx_start_main
        .size _start, . - _start
        .section .note.GNU-stack,"",@progbits
