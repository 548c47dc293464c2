// Threads that fork, and processes whose threads leave.
// Recorded from Linux: the emulator hangs when threads fork, now and then.
#include <pthread.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
static int calls;
static void prepare(void) { calls += 1; } static void parent(void) { calls += 10; } static void child(void) { calls += 100; }
static void *forks(void *a) { pid_t p = fork(); if (p == 0) _exit(calls & 0x7f); int s; waitpid(p, &s, 0); return (void *)(long)WEXITSTATUS(s); }
static void *forever(void *a) { for (;;) pause(); }
static void *leaves(void *a) { usleep(2000); _exit(6); }
int main(void) {
  pthread_atfork(prepare, parent, child);
  pthread_t t; void *r;
  pthread_create(&t, NULL, forks, NULL);
  pthread_join(t, &r);
  printf("%ld %d\n", (long)r, calls);
  pid_t p = fork();
  if (p == 0) { pthread_create(&t, NULL, forever, NULL); pthread_create(&t, NULL, leaves, NULL); for (;;) pause(); }
  int s; waitpid(p, &s, 0);
  printf("%d\n", WEXITSTATUS(s));
  p = fork();
  if (p == 0) { pthread_create(&t, NULL, leaves, NULL); pthread_exit(NULL); }
  waitpid(p, &s, 0);
  printf("%d\n", WEXITSTATUS(s));
  return 0;
}
