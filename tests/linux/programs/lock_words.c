// Words that somebody wants as a lock which inherits priority: who is woken and sent on by which operation; and
// lists of locks that lead nowhere when their owner ends.
// Recorded from Linux: the emulator has the host do it, and forgets lists of locks.
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
#include <unistd.h>

#define SELF ((uint32_t)syscall(SYS_gettid))

static uint32_t *words;

static long futex(int word, int operation, long value, long more, int other, long last) {
  return syscall(SYS_futex, words + word, operation, value, more, words + other, last);
}
static void say(const char *what, long answer) {
  printf("%s: %ld %s\n", what, answer, answer < 0 ? strerrorname_np(errno) : "");
  fflush(stdout);
}
#define SAY(operation, ...) say(#operation ", " #__VA_ARGS__, futex(2, FUTEX_##operation, __VA_ARGS__))

static void *wait_for_lock(void *unused) {
  long answer = futex(2, FUTEX_WAIT_REQUEUE_PI, 0, 0, 3, 0);
  say("the waiter has the lock", answer == 0 && (words[3] & FUTEX_TID_MASK) == SELF);
  futex(3, FUTEX_UNLOCK_PI, 0, 0, 0, 0);
  return NULL;
}
static void *wait_in_line(void *unused) {
  futex(2, FUTEX_LOCK_PI, 0, 0, 0, 0);
  say("the next one has the lock", (words[2] & FUTEX_TID_MASK) == SELF);
  futex(2, FUTEX_UNLOCK_PI, 0, 0, 0, 0);
  return NULL;
}
/** Wait until somebody wants a lock at the word, for whom nobody else is woken. */
static void until_wanted(void) {
  while (futex(2, FUTEX_WAKE, 1, 0, 0, 0) == 0) usleep(1000);
  SAY(WAKE, 1, 0, 0, 0);
  SAY(REQUEUE, 0, 1, 4, 0);
  SAY(CMP_REQUEUE, 1, 1, 4, words[2]);
  SAY(WAKE_OP, 1, 1, 4, FUTEX_OP(FUTEX_OP_SET, 0, FUTEX_OP_CMP_EQ, 0));
}
static void sent_on(void) {
  pthread_t thread;
  futex(3, FUTEX_LOCK_PI, 0, 0, 0, 0);
  pthread_create(&thread, NULL, wait_for_lock, NULL);
  until_wanted();
  SAY(CMP_REQUEUE_PI, 1, 1, 4, 0);
  SAY(CMP_REQUEUE_PI, 2, 1, 3, 0);
  SAY(CMP_REQUEUE_PI, 1, 1, 3, 7);
  SAY(CMP_REQUEUE_PI, 1, 1, 3, 0);
  say("its owner knows", words[3] == (SELF | FUTEX_WAITERS));
  futex(3, FUTEX_UNLOCK_PI, 0, 0, 0, 0);
  pthread_join(thread, NULL);
  pthread_create(&thread, NULL, wait_for_lock, NULL);
  while (futex(2, FUTEX_WAKE, 1, 0, 0, 0) == 0) usleep(1000);
  long answer = futex(2, FUTEX_CMP_REQUEUE_PI, 1, 0, 3, 0);
  pthread_join(thread, NULL);
  say("so many are sent on to a lock that is free", answer);
  say("nobody has it", words[3]);
}
static void in_line(void) {
  pthread_t thread;
  futex(2, FUTEX_LOCK_PI, 0, 0, 0, 0);
  pthread_create(&thread, NULL, wait_in_line, NULL);
  until_wanted();
  futex(2, FUTEX_UNLOCK_PI, 0, 0, 0, 0);
  pthread_join(thread, NULL);
}

/** What is left of locks whose owner ends: of one in a list that begins at `next`, and of one under way. */
static void left(const char *what, uintptr_t next, int ends_well) {
  words[8] = words[16] = 0;
  pid_t child = fork();
  if (child == 0) {
    static struct robust_list_head head;
    uintptr_t list = (uintptr_t)(words + 6);
    head.list.next = next ? (void *)next : (void *)list;
    *(uintptr_t *)list = ends_well ? (uintptr_t)&head : 8;
    head.futex_offset = 8;
    head.list_op_pending = (void *)(words + 14);
    words[8] = words[16] = SELF;
    syscall(SYS_set_robust_list, &head, sizeof head);
    _exit(0);
  }
  waitpid(child, NULL, 0);
  printf("%s: %x %x\n", what, words[8] & FUTEX_OWNER_DIED, words[16] & FUTEX_OWNER_DIED);
}

int main(void) {
  words = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  sent_on();
  in_line();
  left("a whole list", 0, 1);
  left("a list that ends nowhere", 0, 0);
  left("a list that begins nowhere", 8, 0);
  left("a list that begins between words", (uintptr_t)words + 26, 0);
  return 0;
}
