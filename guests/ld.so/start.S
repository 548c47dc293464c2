# Where the dynamic linker starts, and the two places that code enters it again by registers that
# no C function may touch.
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
        lla     a2, __ehdr_start
        call    link_program
        # The program starts as if there had been no linker.
        mv      t0, a0
        mv      a0, s0
        mv      a1, s1
        li      s0, 0
        li      s1, 0
        li      ra, 0
        jr      t0
        .size _start, . - _start

# Called through a procedure linkage table that is not bound yet: t0 is the image, t1 how far its
# slot is behind the first one. All argument registers belong to the function that is wanted.
        .globl bind_lazily
        .hidden bind_lazily
        .type bind_lazily, @function
bind_lazily:
        addi    sp, sp, -144
        sd      ra, 0(sp)
        sd      a0, 8(sp)
        sd      a1, 16(sp)
        sd      a2, 24(sp)
        sd      a3, 32(sp)
        sd      a4, 40(sp)
        sd      a5, 48(sp)
        sd      a6, 56(sp)
        sd      a7, 64(sp)
        fsd     fa0, 72(sp)
        fsd     fa1, 80(sp)
        fsd     fa2, 88(sp)
        fsd     fa3, 96(sp)
        fsd     fa4, 104(sp)
        fsd     fa5, 112(sp)
        fsd     fa6, 120(sp)
        fsd     fa7, 128(sp)
        mv      a0, t0
        srli    a1, t1, 3
        call    bind_slot
        mv      t1, a0
        ld      ra, 0(sp)
        ld      a0, 8(sp)
        ld      a1, 16(sp)
        ld      a2, 24(sp)
        ld      a3, 32(sp)
        ld      a4, 40(sp)
        ld      a5, 48(sp)
        ld      a6, 56(sp)
        ld      a7, 64(sp)
        fld     fa0, 72(sp)
        fld     fa1, 80(sp)
        fld     fa2, 88(sp)
        fld     fa3, 96(sp)
        fld     fa4, 104(sp)
        fld     fa5, 112(sp)
        fld     fa6, 120(sp)
        fld     fa7, 128(sp)
        addi    sp, sp, 144
        jr      t1
        .size bind_lazily, . - bind_lazily

# Called through a TLS descriptor, whose address is in a0: its second word is the answer. The way
# back is in t0, and nothing but a0 may change.
        .globl tlsdesc_static
        .hidden tlsdesc_static
        .type tlsdesc_static, @function
tlsdesc_static:
        ld      a0, 8(a0)
        jr      t0
        .size tlsdesc_static, . - tlsdesc_static
        .section .note.GNU-stack,"",@progbits
