// Variables that every thread has of its own: as they begin, where they stand, and that nobody else changes them.
#define _GNU_SOURCE
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static __thread char small = 's';
__thread short pair[3] = {1, 2, 3};
static __thread long zero;
static __thread char zeros[5000];
static __thread __attribute__((aligned(16))) char at16[3] = "ab";
static __thread __attribute__((aligned(64))) int at64 = 64;
__thread __attribute__((aligned(4096))) char at4096[10] = "page";
static __thread const char *text = "pointed to", *mine;
_Thread_local double real = 0.5;

static int is_fresh(void) {
  int clean = 1;
  for (int one = 0; one < 5000; one++) clean &= zeros[one] == 0;
  return clean && small == 's' && pair[0] == 1 && pair[2] == 3 && zero == 0 && !strcmp(at16, "ab") && at64 == 64 && !strcmp(at4096, "page") &&
         !strcmp(text, "pointed to") && real == 0.5;
}
static int stands(void) {
  return ((uintptr_t)at16 % 16 == 0) + 2 * ((uintptr_t)&at64 % 64 == 0) + 4 * ((uintptr_t)at4096 % 4096 == 0) + 8 * ((uintptr_t)&real % 8 == 0);
}
static void spoil(int with) {
  memset(zeros, with, sizeof zeros), memset(at4096, with, sizeof at4096);
  small = with, pair[0] = pair[2] = with, zero = with, at16[0] = with, at64 = with, text = NULL, real = with;
}

struct seen { int fresh, stands, kept; long *where; };
static pthread_barrier_t barrier;
static void *work(void *into) {
  struct seen *seen = into;
  seen->fresh = is_fresh(), seen->stands = stands(), seen->where = &zero;
  pthread_barrier_wait(&barrier);
  spoil(seen->stands + (int)((uintptr_t)seen & 0x70));
  pthread_barrier_wait(&barrier);
  seen->kept = zero == seen->stands + (int)((uintptr_t)seen & 0x70) && zeros[4999] == (char)zero && mine == NULL;
  return NULL;
}
static void *late(void *unused) { return (void *)(long)(is_fresh() && stands() == 15); }

int main(void) {
  mine = "the first thread's";
  printf("the first thread: fresh %d, stands %d\n", is_fresh(), stands());
  struct seen seen[6] = {{0}};
  pthread_t threads[6];
  pthread_barrier_init(&barrier, NULL, 6);
  for (int one = 0; one < 6; one++) pthread_create(&threads[one], NULL, work, &seen[one]);
  for (int one = 0; one < 6; one++) pthread_join(threads[one], NULL);
  int apart = 1;
  for (int one = 0; one < 6; one++)
    for (int two = 0; two < one; two++) apart &= seen[one].where != seen[two].where && seen[one].where != &zero;
  for (int one = 0; one < 6; one++) printf("thread %d: fresh %d, stands %d\n", one, seen[one].fresh, seen[one].stands);
  printf("apart %d, the first thread's are as they were %d\n", apart, is_fresh());
  // A thread whose stack is used again has nothing of the thread before.
  for (int one = 0; one < 20; one++) {
    void *answer;
    pthread_create(&threads[0], NULL, late, NULL);
    pthread_join(threads[0], &answer);
    if (!answer) printf("thread %d finds what another left\n", one);
    if (one == 0) printf("a later thread: %ld\n", (long)answer);
  }
  return 0;
}
