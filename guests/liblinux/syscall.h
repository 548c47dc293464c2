// Calls of Linux: the number in a7, arguments from a0 on, and a negative errno where it failed.
#pragma once

#include <stddef.h>
#include <stdint.h>

enum {
    SYS_dup3 = 24, SYS_openat = 56, SYS_close = 57, SYS_read = 63, SYS_write = 64,
    SYS_pread64 = 67, SYS_readlinkat = 78, SYS_fcntl = 25, SYS_exit_group = 94,
    SYS_sigaltstack = 132, SYS_rt_sigaction = 134, SYS_rt_sigprocmask = 135, SYS_prctl = 167,
    SYS_getuid = 174, SYS_geteuid = 175, SYS_brk = 214, SYS_munmap = 215, SYS_execve = 221,
    SYS_mmap = 222, SYS_mprotect = 226,
};

enum { AT_FDCWD = -100, O_RDONLY = 0, O_WRONLY = 1, O_CLOEXEC = 02000000 };
enum { PROT_NONE = 0, PROT_READ = 1, PROT_WRITE = 2, PROT_EXEC = 4 };
enum { MAP_PRIVATE = 2, MAP_FIXED = 0x10, MAP_ANONYMOUS = 0x20 };

static inline long linux_call(long number, long a, long b, long c, long d, long e, long f) {
    register long a7 __asm__("a7") = number;
    register long a0 __asm__("a0") = a;
    register long a1 __asm__("a1") = b;
    register long a2 __asm__("a2") = c;
    register long a3 __asm__("a3") = d;
    register long a4 __asm__("a4") = e;
    register long a5 __asm__("a5") = f;
    __asm__ volatile("ecall"
                     : "+r"(a0)
                     : "r"(a7), "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5)
                     : "memory");
    return a0;
}

#define CALL1(n, a) linux_call(n, (long)(a), 0, 0, 0, 0, 0)
#define CALL2(n, a, b) linux_call(n, (long)(a), (long)(b), 0, 0, 0, 0)
#define CALL3(n, a, b, c) linux_call(n, (long)(a), (long)(b), (long)(c), 0, 0, 0)
#define CALL4(n, a, b, c, d) linux_call(n, (long)(a), (long)(b), (long)(c), (long)(d), 0, 0)
#define CALL6(n, a, b, c, d, e, f) \
    linux_call(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
