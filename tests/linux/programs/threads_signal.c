#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>
static volatile int got; static pthread_t who;
static void handler(int s) { got++; who = pthread_self(); }
static void *work(void *a) { while (!got) usleep(1000); return NULL; }
static void *waits(void *a) { sigset_t s; int n; sigemptyset(&s); sigaddset(&s, SIGUSR2); sigwait(&s, &n); return (void *)(long)n; }
int main(void) {
  signal(SIGUSR1, handler);
  pthread_t t; void *r;
  pthread_create(&t, NULL, work, NULL);
  pthread_kill(t, SIGUSR1);
  pthread_join(t, NULL);
  printf("%d %d\n", got, pthread_equal(who, t) != 0);
  sigset_t s; sigemptyset(&s); sigaddset(&s, SIGUSR2);
  pthread_sigmask(SIG_BLOCK, &s, NULL);
  pthread_create(&t, NULL, waits, NULL);
  kill(getpid(), SIGUSR2);
  pthread_join(t, &r);
  printf("%d\n", (long)r == SIGUSR2);
  return 0;
}
