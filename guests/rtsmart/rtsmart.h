// Calls of RT-Smart: the number in a7, arguments from a0 on, and a negative error where it failed.
// What the kernel makes for a program it names by its own addresses.
#pragma once

#include <stddef.h>
#include <stdint.h>

enum {
    NR_exit = 1, NR_read = 2, NR_write = 3, NR_lseek = 4, NR_open = 5, NR_close = 6, NR_exec = 13,
    NR_kill = 14, NR_getpid = 15, NR_sem_create = 18, NR_sem_delete = 19, NR_sem_take = 20,
    NR_sem_release = 21, NR_mutex_create = 22, NR_mutex_delete = 23, NR_mutex_take = 24,
    NR_mutex_release = 25, NR_event_create = 26, NR_event_delete = 27, NR_event_send = 28,
    NR_event_recv = 29, NR_mb_create = 30, NR_mb_delete = 31, NR_mb_send = 32, NR_mb_send_wait = 33,
    NR_mb_recv = 34, NR_mq_create = 35, NR_mq_delete = 36, NR_mq_send = 37, NR_mq_urgent = 38,
    NR_mq_recv = 39, NR_thread_create = 40, NR_thread_delete = 41, NR_thread_startup = 42,
    NR_thread_self = 43, NR_channel_open = 44, NR_channel_close = 45, NR_channel_send = 46,
    NR_channel_send_recv = 47, NR_channel_reply = 48, NR_channel_recv = 49, NR_brk = 52,
    NR_mmap2 = 53, NR_munmap = 54, NR_shmget = 55, NR_shmrm = 56, NR_shmat = 57, NR_shmdt = 58,
    NR_thread_find = 68, NR_tick_get = 97, NR_exit_group = 98, NR_thread_mdelay = 102, NR_sigaction = 103, NR_sigprocmask = 104,
    NR_waitpid = 110, NR_fork = 136, NR_execve = 137,
};

enum { RT_EOK = 0, RT_ERROR = 255, RT_ETIMEOUT = 110 };
enum { RT_WAITING_NO = 0, RT_WAITING_FOREVER = -1 };
enum { RT_IPC_FLAG_FIFO = 0, RT_IPC_FLAG_PRIO = 1 };
enum { RT_EVENT_FLAG_AND = 1, RT_EVENT_FLAG_OR = 2, RT_EVENT_FLAG_CLEAR = 4 };
enum { O_RDONLY = 0, O_WRONLY = 1, O_RDWR = 2, O_CREAT = 0100, O_EXCL = 0200 };
enum { RT_CHANNEL_RAW = 0, RT_CHANNEL_BUFFER = 1, RT_CHANNEL_FD = 2 };

typedef struct {
    void* sender;
    int type;
    union {
        struct {
            void* buf;
            size_t length;
        } b;
        struct {
            void* file;
            int fd;
        } fd;
        void* d;
    } u;
} rt_channel_msg;

static inline long rt_call(long number, long a, long b, long c, long d, long e, long f) {
    register long a7 __asm__("a7") = number;
    register long a0 __asm__("a0") = a;
    register long a1 __asm__("a1") = b;
    register long a2 __asm__("a2") = c;
    register long a3 __asm__("a3") = d;
    register long a4 __asm__("a4") = e;
    register long a5 __asm__("a5") = f;
    // The kernel clears a7, so that nobody finds the number there again.
    __asm__ volatile("ecall"
                     : "+r"(a0), "+r"(a7)
                     : "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5)
                     : "memory");
    return a0;
}

#define CALL0(n) rt_call(n, 0, 0, 0, 0, 0, 0)
#define CALL1(n, a) rt_call(n, (long)(a), 0, 0, 0, 0, 0)
#define CALL2(n, a, b) rt_call(n, (long)(a), (long)(b), 0, 0, 0, 0)
#define CALL3(n, a, b, c) rt_call(n, (long)(a), (long)(b), (long)(c), 0, 0, 0)
#define CALL4(n, a, b, c, d) rt_call(n, (long)(a), (long)(b), (long)(c), (long)(d), 0, 0)
#define CALL5(n, a, b, c, d, e) rt_call(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), 0)
#define CALL6(n, a, b, c, d, e, f) \
    rt_call(n, (long)(a), (long)(b), (long)(c), (long)(d), (long)(e), (long)(f))
