# Where it starts, and the one page that is left of it in the end: it cannot unmap itself.
        .text
        .globl _start
_start:
        .option push
        .option norelax
        la      gp, __global_pointer$
        .option pop
        mv      a0, sp
        andi    sp, sp, -16
        tail    start

        .section .stub, "ax", @progbits
        .balign 4096
        .globl transfer
        .type transfer, @function
# a0: the new stack; a1: where to go; a2, a3: the saved arguments, and how long they are.
transfer:
        mv      sp, a0
        mv      s0, a1
        lla     s1, transfer
        li      a7, 215                 # munmap
        mv      a0, a2
        mv      a1, a3
        ecall
        lla     a0, __ehdr_start        # all of the loader below this page,
        sub     a1, s1, a0
        ecall
        li      a2, 4096                # and all above it
        add     a0, s1, a2
        lla     a1, _end
        li      a2, 4095
        add     a1, a1, a2
        srli    a1, a1, 12
        slli    a1, a1, 12
        sub     a1, a1, a0
        ecall
        mv      t0, s0
        .irp    register, ra, gp, tp, t1, t2, t3, t4, t5, t6, a0, a1, a2, a3, a4, a5, a6, a7
        li      \register, 0
        .endr
        .irp    register, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11
        li      \register, 0
        .endr
        jr      t0
        .balign 4096
        .size transfer, . - transfer
        .section .note.GNU-stack,"",@progbits
