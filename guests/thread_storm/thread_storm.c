// Many threads that all want the same mutex: arguments are how many threads, and how many rounds
// each goes. Ends with 0 if nothing was lost.
#include <stdio.h>
#include <stdlib.h>
#include <threads.h>

#define THREADS_MAX 256

static mtx_t lock;
static long shared;
static _Thread_local long own;
static int rounds;

static int run(void* argument) {
    (void)argument;
    for (int i = 0; i < rounds; i++) {
        mtx_lock(&lock);
        long before = shared;
        if (i % 16 == 0) thrd_yield();
        shared = before + 1;
        mtx_unlock(&lock);
        own++;
    }
    return (int)own;
}

int main(int argc, char** argv) {
    static thrd_t threads[THREADS_MAX];
    int count = argc > 1 ? atoi(argv[1]) : 8, started = 0;
    rounds = argc > 2 ? atoi(argv[2]) : 100;
    if (count > THREADS_MAX) count = THREADS_MAX;
    long total = 0;
    mtx_init(&lock, mtx_plain);
    while (started < count && thrd_create(&threads[started], run, 0) == thrd_success) started++;
    for (int i = 0; i < started; i++) {
        int result = 0;
        thrd_join(threads[i], &result);
        total += result;
    }
    printf("%d threads went %ld rounds, and counted %ld\n", started, total, shared);
    return started == count && total == shared && shared == (long)count * rounds ? 0 : 1;
}
