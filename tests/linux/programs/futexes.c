// Waiting for words of memory, without the library: bits, queues that are moved, several words.
// Recorded from Linux: the emulator lacks calls that wait for several words.
#define _GNU_SOURCE
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SAY(what) say(#what, (long)(what))
static void say(const char *what, long answer) {
  printf("%s: %ld %s\n", what, answer, answer < 0 ? strerror(errno) : "");
  fflush(stdout);
}
static long futex(uint32_t *word, int op, uint32_t value, const void *extra, uint32_t *other, uint32_t bits) {
  return syscall(SYS_futex, word, op, value, extra, other, bits);
}
static uint32_t a, b, lock;
static int waiting, woken;
static void *on_a(void *bits) {
  __atomic_add_fetch(&waiting, 1, __ATOMIC_SEQ_CST);
  futex(&a, FUTEX_WAIT_BITSET_PRIVATE, 0, NULL, NULL, (uint32_t)(long)bits);
  __atomic_add_fetch(&woken, 1, __ATOMIC_SEQ_CST);
  return NULL;
}
static void *for_lock(void *unused) {
  __atomic_add_fetch(&waiting, 1, __ATOMIC_SEQ_CST);
  long answer = futex(&a, FUTEX_WAIT_REQUEUE_PI_PRIVATE, 0, NULL, &lock, 0);
  int owns = (lock & FUTEX_TID_MASK) == syscall(SYS_gettid);
  if (owns) futex(&lock, FUTEX_UNLOCK_PI_PRIVATE, 0, NULL, NULL, 0);
  return (void *)(long)(answer == 0 && owns);
}
static void settle(int count) {
  while (__atomic_load_n(&waiting, __ATOMIC_SEQ_CST) < count) usleep(100);
  usleep(20000);
}
static void start(pthread_t *threads, int count, void *(*what)(void *), long bits) {
  waiting = woken = 0;
  for (int one = 0; one < count; one++) pthread_create(&threads[one], NULL, what, (void *)bits);
  settle(count);
}

int main(void) {
  pthread_t threads[4];
  struct timespec soon = {0, 5000000};
  a = 5;
  SAY(futex(&a, FUTEX_WAIT_PRIVATE, 4, NULL, NULL, 0));
  SAY(futex(&a, FUTEX_WAIT_PRIVATE, 5, &soon, NULL, 0));
  SAY(futex((uint32_t *)((char *)&a + 1), FUTEX_WAIT_PRIVATE, 5, &soon, NULL, 0));
  SAY(futex(NULL, FUTEX_WAIT_PRIVATE, 5, &soon, NULL, 0));
  SAY(futex(&a, FUTEX_WAIT_BITSET_PRIVATE, 5, NULL, NULL, 0));
  SAY(futex(&a, 99, 0, NULL, NULL, 0));
  SAY(futex(&a, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0));
  a = 0;
  start(threads, 3, on_a, 4);
  SAY(futex(&a, FUTEX_WAKE_BITSET_PRIVATE, 9, NULL, NULL, 3));
  SAY(futex(&a, FUTEX_WAKE_BITSET_PRIVATE, 2, NULL, NULL, 4));
  SAY(futex(&a, FUTEX_WAKE_PRIVATE, 9, NULL, NULL, 0));
  for (int one = 0; one < 3; one++) pthread_join(threads[one], NULL);
  start(threads, 4, on_a, -1);
  SAY(futex(&a, FUTEX_CMP_REQUEUE_PRIVATE, 1, (void *)2, &b, 7));
  SAY(futex(&a, FUTEX_CMP_REQUEUE_PRIVATE, 1, (void *)2, &b, 0));
  SAY(futex(&b, FUTEX_WAKE_PRIVATE, 9, NULL, NULL, 0));
  b = 10;
  SAY(futex(&a, FUTEX_WAKE_OP_PRIVATE, 1, (void *)1, &b, FUTEX_OP(FUTEX_OP_ADD, 5, FUTEX_OP_CMP_EQ, 10)));
  printf("b %u\n", b);
  for (int one = 0; one < 4; one++) pthread_join(threads[one], NULL);
  SAY(futex(&lock, FUTEX_LOCK_PI_PRIVATE, 0, NULL, NULL, 0));
  SAY(futex(&lock, FUTEX_LOCK_PI_PRIVATE, 0, NULL, NULL, 0));
  SAY(futex(&lock, FUTEX_TRYLOCK_PI_PRIVATE, 0, NULL, NULL, 0));
  start(threads, 2, for_lock, 0);
  SAY(futex(&a, FUTEX_CMP_REQUEUE_PI_PRIVATE, 1, (void *)5, &lock, 3));
  SAY(futex(&a, FUTEX_CMP_REQUEUE_PI_PRIVATE, 1, (void *)5, &lock, 0));
  SAY(futex(&lock, FUTEX_UNLOCK_PI_PRIVATE, 0, NULL, NULL, 0));
  for (int one = 0; one < 2; one++) {
    void *good;
    pthread_join(threads[one], &good);
    printf("owned %ld\n", (long)good);
  }
  SAY(futex(&lock, FUTEX_UNLOCK_PI_PRIVATE, 0, NULL, NULL, 0));
  uint32_t *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (fork() == 0) {
    usleep(5000);
    shared[1] = 1;
    long woke = 0;
    while (!(woke = futex(&shared[1], FUTEX_WAKE, 1, NULL, NULL, 0))) usleep(1000);
    _exit(woke);
  }
  struct waiter { uint64_t value, word; uint32_t flags, reserved; } many[2] = {{0, (uint64_t)&shared[0], 2, 0}, {0, (uint64_t)&shared[1], 2, 0}};
  SAY(syscall(449, many, 2, 0, NULL, 0));
  int status;
  wait(&status);
  printf("child woke %d\n", WEXITSTATUS(status));
  SAY(syscall(449, many, 2, 0, NULL, 0));
  SAY(syscall(449, many, 0, 0, NULL, 0));
  return 0;
}
