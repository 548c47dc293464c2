// The calls that wait at words each for itself, as Linux has them beside `futex`, and how many `futex` says
// that it woke and moved.
// Recorded from Linux: the emulator does not know these calls.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define WAITV 449
#define WAKE 454
#define WAIT 455
#define REQUEUE 456
#define PRIVATE 128
#define WORD 2
#define ALL 0xffffffffL

struct waiter { uint64_t value, where; uint32_t flags, reserved; };

static uint32_t one, two;
static int woken, rest;
static long slept[8];

static void say(const char *what, long answer) {
  printf("%s: %ld%s%s\n", what, answer, answer < 0 ? " " : "", answer < 0 ? strerrorname_np(errno) : "");
}

static long wait_at(void *word, unsigned long value, unsigned long mask, unsigned flags, void *timeout, int clock) {
  return syscall(WAIT, word, value, mask, flags, timeout, clock);
}

static long wake_at(void *word, unsigned long mask, int count, unsigned flags) { return syscall(WAKE, word, mask, count, flags); }

static void refused(void) {
  struct timespec bad = {0, 1000000000}, past = {0, 1};
  say("another value", wait_at(&one, 1, ALL, WORD, NULL, 0));
  say("no mask", wait_at(&one, 0, 0, WORD, NULL, 0));
  say("a mask that is too wide", wait_at(&one, 0, 1L << 32, WORD, NULL, 0));
  say("a value that is too wide", wait_at(&one, 1L << 32, ALL, WORD, NULL, 0));
  say("a byte", wait_at(&one, 0, ALL, 0, NULL, 0));
  say("two bytes", wait_at(&one, 0, ALL, 1, NULL, 0));
  say("eight bytes", wait_at(&one, 0, ALL, 3, NULL, 0));
  say("unknown flags", wait_at(&one, 0, ALL, WORD | 0x40, NULL, 0));
  say("between words", wait_at((char *)&one + 1, 0, ALL, WORD, NULL, 0));
  say("nowhere", wait_at(NULL, 0, ALL, WORD, NULL, 0));
  say("nowhere of its own", wait_at(NULL, 0, ALL, WORD | PRIVATE, NULL, 0));
  say("a time that is none", wait_at(&one, 0, ALL, WORD, &bad, CLOCK_MONOTONIC));
  say("a time that is nowhere", wait_at(&one, 0, ALL, WORD, (void *)8, CLOCK_MONOTONIC));
  say("another clock", wait_at(&one, 0, ALL, WORD, &past, CLOCK_BOOTTIME));
  say("no time and another clock", wait_at(&one, 1, ALL, WORD, NULL, CLOCK_BOOTTIME));
  say("too late", wait_at(&one, 0, ALL, WORD, &past, CLOCK_MONOTONIC));
  say("too late by the calendar", wait_at(&one, 0, ALL, WORD | PRIVATE, &past, CLOCK_REALTIME));
  say("nobody", wake_at(&one, ALL, 1, WORD));
  say("nobody at all", wake_at(&one, ALL, 0, WORD));
  say("for no mask", wake_at(&one, 0, 1, WORD));
  say("for too wide a mask", wake_at(&one, 1L << 32, 1, WORD));
  say("at a byte", wake_at(&one, ALL, 1, 0));
  say("with unknown flags", wake_at(&one, ALL, 1, WORD | 0x20));
  say("between words", wake_at((char *)&one + 2, ALL, 1, WORD));
  say("nowhere", wake_at(NULL, ALL, 1, WORD));
  say("nowhere of its own", wake_at(NULL, ALL, 1, WORD | PRIVATE));
}

static void *sleeper(void *argument) {
  long mask = (long)argument;
  long answer = wait_at(&one, 0, mask, WORD | PRIVATE, NULL, 0);
  slept[__atomic_fetch_add(&woken, 1, __ATOMIC_SEQ_CST)] = answer == 0 ? mask : -errno;
  return NULL;
}

static pthread_t threads[8];

static void begin(int count, long mask, int first) {
  for (int at = 0; at < count; at++) pthread_create(&threads[first + at], NULL, sleeper, (void *)mask);
  usleep(50000);
}

static void end(int count) {
  usleep(50000);
  printf("awake: %d\n", woken);
  while (woken < count) {
    syscall(SYS_futex, &one, 1 | PRIVATE, 100, 0, 0, 0);
    syscall(SYS_futex, &two, 1 | PRIVATE, 100, 0, 0, 0);
    usleep(1000);
  }
  for (int at = 0; at < count; at++) pthread_join(threads[at], NULL);
  woken = 0;
}

static void wakes(void) {
  begin(2, 1, 0);
  begin(2, 2, 2);
  say("those of a mask", wake_at(&one, 2, 8, WORD | PRIVATE));
  say("not shared", wake_at(&one, ALL, 8, WORD));
  end(4);
  begin(3, ALL, 0);
  say("none is none", wake_at(&one, ALL, 0, WORD | PRIVATE));
  say("one", wake_at(&one, ALL, 1, WORD | PRIVATE));
  say("below zero", wake_at(&one, ALL, -1, WORD | PRIVATE));
  end(3);
  begin(3, ALL, 0);
  say("futex: none is one", syscall(SYS_futex, &one, 1 | PRIVATE, 0, 0, 0, 0));
  say("futex: below zero is one", syscall(SYS_futex, &one, 1 | PRIVATE, -1, 0, 0, 0));
  end(3);
  begin(3, ALL, 0);
  say("futex moves", syscall(SYS_futex, &one, 3 | PRIVATE, 1, 1L, &two, 0));
  say("those who were moved", wake_at(&two, ALL, 8, WORD | PRIVATE));
  end(3);
  begin(3, ALL, 0);
  say("futex moves if", syscall(SYS_futex, &one, 4 | PRIVATE, 1, 8L, &two, 0));
  end(3);
}

static long move(struct waiter *words, unsigned flags, int wake, int count) { return syscall(REQUEUE, words, flags, wake, count); }

static void moves(void) {
  struct waiter words[2] = {{0, (uintptr_t)&one, WORD | PRIVATE, 0}, {77, (uintptr_t)&two, WORD | PRIVATE, 0}}, good[2];
  memcpy(good, words, sizeof good);
  begin(4, ALL, 0);
  say("one woken, two moved", move(words, 0, 1, 2));
  say("there", wake_at(&two, ALL, 8, WORD | PRIVATE));
  end(4);
  say("flags", move(words, 1, 1, 1));
  say("no words", move(NULL, 0, 1, 1));
  say("words nowhere", move((void *)8, 0, 1, 1));
  say("below zero", move(words, 0, -1, 1));
  say("below zero", move(words, 0, 1, -1));
  words[0].value = 5;
  say("another value", move(words, 0, 1, 1));
  words[0].value = 1L << 32;
  say("a wide value", move(words, 0, 1, 1));
  memcpy(words, good, sizeof good);
  words[1].flags = WORD;
  say("of other kinds", move(words, 0, 1, 1));
  words[1].flags = PRIVATE;
  say("a byte", move(words, 0, 1, 1));
  memcpy(words, good, sizeof good);
  words[0].reserved = 1;
  say("what is reserved", move(words, 0, 1, 1));
  memcpy(words, good, sizeof good);
  words[1].where++;
  say("between words", move(words, 0, 1, 1));
  memcpy(words, good, sizeof good);
  words[0].where = 0;
  say("nowhere", move(words, 0, 1, 1));
  memcpy(words, good, sizeof good);
  words[1].where = (uintptr_t)&one;
  say("to where they are", move(words, 0, 1, 1));
}

static void many(void) {
  struct waiter words[3] = {{0, (uintptr_t)&one, WORD | PRIVATE, 0}, {0, (uintptr_t)&two, WORD | PRIVATE, 0}};
  struct timespec past = {0, 1};
  say("too late", syscall(WAITV, words, 2, 0, &past, CLOCK_MONOTONIC));
  say("no words", syscall(WAITV, NULL, 2, 0, &past, CLOCK_MONOTONIC));
  say("nowhere", syscall(WAITV, (void *)8, 2, 0, &past, CLOCK_MONOTONIC));
  say("none", syscall(WAITV, words, 0, 0, &past, CLOCK_MONOTONIC));
  say("too many", syscall(WAITV, words, 129, 0, &past, CLOCK_MONOTONIC));
  say("another clock", syscall(WAITV, words, 2, 0, &past, CLOCK_TAI));
  words[0].value = 1L << 32;
  say("a wide value", syscall(WAITV, words, 2, 0, &past, CLOCK_MONOTONIC));
  words[0].value = 3;
  say("another value", syscall(WAITV, words, 2, 0, &past, CLOCK_MONOTONIC));
  words[0].value = 0, words[1].flags = 1;
  say("two bytes", syscall(WAITV, words, 2, 0, &past, CLOCK_MONOTONIC));
}

static void ring(int signal) { rest = signal; }

static void shared(void) {
  uint32_t *word = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  pid_t child = fork();
  if (child == 0) {
    say("woken by another process", wait_at(word, 0, ALL, WORD, NULL, 0));
    _exit(0);
  }
  usleep(50000);
  long answer = wake_at(word, ALL, 1, WORD);
  wait(NULL);
  say("another process", answer);
  for (int again = 0; again < 2; again++) {
    struct sigaction action = {.sa_handler = ring, .sa_flags = again ? SA_RESTART : 0};
    struct timespec soon;
    sigaction(SIGALRM, &action, NULL);
    clock_gettime(CLOCK_MONOTONIC, &soon);
    soon.tv_nsec += 200000000;
    if (soon.tv_nsec >= 1000000000) soon.tv_sec++, soon.tv_nsec -= 1000000000;
    ualarm(50000, 0);
    say(again ? "a signal, and again" : "a signal", wait_at(word, 0, ALL, WORD, &soon, CLOCK_MONOTONIC));
  }
}

int main(void) {
  setvbuf(stdout, NULL, _IONBF, 0);
  refused();
  wakes();
  moves();
  many();
  shared();
  return 0;
}
