// Threads that count together under a mutex, and tell each other things by semaphore, event, mailbox
// and message queue. Ends with 0 if everything came out as it should.
#include <stdio.h>
#include <string.h>

#include "rtsmart.h"

#define THREADS 4
#define ROUNDS 500
#define STACK 8192

static void *mutex, *done, *flags, *box, *queue;
static volatile int counter;

static void* start(const char* name, void (*entry)(void*), long parameter, long priority) {
    const void* args[] = {name, (void*)entry, (void*)parameter, (void*)STACK, (void*)priority,
                          (void*)10};
    void* thread = (void*)CALL1(NR_thread_create, args);
    if (thread) CALL1(NR_thread_startup, thread);
    return thread;
}

// Comes back from here, to the code that the kernel has put on its stack, which ends it.
static void count(void* parameter) {
    long number = (long)parameter;
    for (int round = 0; round < ROUNDS; round++) {
        CALL2(NR_mutex_take, mutex, RT_WAITING_FOREVER);
        int seen = counter;
        if (round % 100 == number) CALL1(NR_thread_mdelay, 1);
        counter = seen + 1;
        CALL1(NR_mutex_release, mutex);
    }
    CALL2(NR_event_send, flags, 1 << number);
    CALL1(NR_sem_release, done);
}

static void serve(void* parameter) {
    (void)parameter;
    long number = 0;
    CALL3(NR_mb_recv, box, &number, RT_WAITING_FOREVER);
    char text[16];
    long length = 0;
    for (char* at = text; number; number /= 10) *at++ = '0' + number % 10, length++;
    CALL3(NR_mq_send, queue, text, length);
    CALL1(NR_exit, 0);
}

int main(int argc, char** argv) {
    (void)argc, (void)argv;
    mutex = (void*)CALL2(NR_mutex_create, "counter", RT_IPC_FLAG_PRIO);
    done = (void*)CALL3(NR_sem_create, "done", 0, RT_IPC_FLAG_FIFO);
    flags = (void*)CALL2(NR_event_create, "flags", RT_IPC_FLAG_FIFO);
    box = (void*)CALL3(NR_mb_create, "box", 4, RT_IPC_FLAG_FIFO);
    queue = (void*)CALL4(NR_mq_create, "queue", 16, 4, RT_IPC_FLAG_FIFO);
    for (long i = 0; i < THREADS; i++) {
        if (!start("counter", count, i, 20 + i)) return 1;
    }
    for (int i = 0; i < THREADS; i++) CALL2(NR_sem_take, done, RT_WAITING_FOREVER);
    printf("%d threads counted to %d\n", THREADS, counter);
    unsigned got[2] = {0, 0};
    long status = CALL5(NR_event_recv, flags, 15, RT_EVENT_FLAG_AND | RT_EVENT_FLAG_CLEAR,
                        RT_WAITING_NO, got);
    printf("flags %x, status %d\n", got[0], (int)status);
    if (!start("server", serve, 0, 30)) return 2;
    CALL2(NR_mb_send, box, 12345);
    char text[16] = "";
    status = CALL4(NR_mq_recv, queue, text, sizeof text, 1000);
    printf("12345 backwards is %.*s\n", (int)status, text);
    status = CALL4(NR_mq_recv, queue, text, sizeof text, 10);
    printf("an empty queue answers %d\n", (int)status);
    return counter == THREADS * ROUNDS && got[0] == 15 && !strcmp(text, "54321") ? 0 : 3;
}
