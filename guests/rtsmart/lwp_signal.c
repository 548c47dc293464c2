// Signals: a handler runs on the program's own stack, comes back by code that the kernel has put
// there, and a call that waits ends before its time, or is made once more.
#include <stdio.h>

#include "rtsmart.h"

#define SIGUSR1 10
#define SIGUSR2 12
#define SIGCHLD 17
#define SA_RESTART 0x10000000
#define SIG_BLOCK 0
#define SIG_UNBLOCK 1

struct action {
    void (*handler)(int, int*, void*);
    unsigned long flags;
    void (*restorer)(void);
    unsigned long mask;
};

static volatile int caught, depth, from;

static void handler(int signal, int* info, void* context) {
    (void)context;
    caught = caught * 100 + signal;
    from = info[4];
    // The handler comes back to the stack, where code is only because all memory may be executed.
    uintptr_t stack = (uintptr_t)__builtin_frame_address(0);
    depth = (uintptr_t)__builtin_return_address(0) - stack < 4096;
}

static void set(int signal, unsigned long flags) {
    struct action action = {.handler = handler, .flags = flags};
    CALL4(NR_sigaction, signal, &action, 0, 8);
}

static long child(long parent) {
    CALL1(NR_thread_mdelay, 5);
    CALL2(NR_kill, parent, SIGUSR1);
    return 0;
}

/** Whether the floating-point registers are as they were behind a handler. */
static int keeps_floats(long me) {
    double before = 1.5 * (double)me, after;
    __asm__ volatile("fmv.d fs3, %1\n"
                     "mv a0, %2\n li a1, 10\n li a7, 14\n ecall\n"
                     "fmv.d %0, fs3"
                     : "=f"(after)
                     : "f"(before), "r"(me)
                     : "a0", "a1", "a7", "fs3", "memory");
    return before == after;
}

int main(int argc, char** argv) {
    (void)argc, (void)argv;
    long me = CALL0(NR_getpid);
    set(SIGUSR1, 0);
    set(SIGUSR2, 0);
    CALL2(NR_kill, me, SIGUSR1);
    printf("caught %d, from %s, back over the stack: %d\n", caught, from == me ? "itself" : "?", depth);
    printf("registers are as they were: %d\n", keeps_floats(me));
    unsigned long both = 1ul << (SIGUSR1 - 1) | 1ul << (SIGUSR2 - 1);
    CALL4(NR_sigprocmask, SIG_BLOCK, &both, 0, 8);
    caught = 0;
    CALL2(NR_kill, me, SIGUSR2);
    CALL2(NR_kill, me, SIGUSR1);
    CALL2(NR_kill, me, SIGUSR1);
    printf("held back: %d\n", caught);
    CALL4(NR_sigprocmask, SIG_UNBLOCK, &both, 0, 8);
    printf("the lower number first, each once: %d\n", caught);
    long semaphore = CALL3(NR_sem_create, "never", 0, RT_IPC_FLAG_FIFO);
    long pid = CALL0(NR_fork);
    if (!pid) return (int)child(me);
    printf("waiting ends with %d\n", (int)CALL2(NR_sem_take, semaphore, RT_WAITING_FOREVER));
    int status = -1;
    CALL3(NR_waitpid, pid, &status, 0);
    set(SIGUSR1, SA_RESTART);
    set(SIGCHLD, SA_RESTART);
    pid = CALL0(NR_fork);
    if (!pid) return (int)child(me);
    caught = 0;
    printf("made once more, it ends with a child: %d\n", CALL3(NR_waitpid, pid, &status, 0) == pid);
    printf("meanwhile %d\n", caught);
    return 0;
}
