#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
static volatile int count, last, code;
static void handler(int s) { count++; last = s; }
static void info(int s, siginfo_t *i, void *u) { count++; last = s; code = i->si_code; }
int main(void) {
  signal(SIGUSR1, handler);
  raise(SIGUSR1);
  printf("%d %d\n", count, last == SIGUSR1);
  struct sigaction a = {0};
  a.sa_sigaction = info; a.sa_flags = SA_SIGINFO;
  sigaction(SIGUSR2, &a, NULL);
  kill(getpid(), SIGUSR2);
  printf("%d %d %d\n", count, last == SIGUSR2, code == SI_USER);
  sigset_t set, old, pending;
  sigemptyset(&set); sigaddset(&set, SIGUSR1);
  sigprocmask(SIG_BLOCK, &set, &old);
  raise(SIGUSR1); raise(SIGUSR1);
  sigpending(&pending);
  printf("%d %d\n", count, sigismember(&pending, SIGUSR1));
  sigprocmask(SIG_SETMASK, &old, NULL);
  printf("%d\n", count);
  a.sa_handler = handler; a.sa_flags = SA_RESETHAND;
  sigaction(SIGUSR1, &a, NULL);
  raise(SIGUSR1);
  sigaction(SIGUSR1, NULL, &a);
  printf("%d %d\n", count, a.sa_handler == SIG_DFL);
  signal(SIGUSR1, SIG_IGN);
  raise(SIGUSR1);
  printf("%d\n", count);
  a.sa_handler = handler;
  printf("%d %d\n", sigaction(SIGKILL, &a, NULL), errno);
  printf("%d %d\n", kill(getpid(), 0), kill(getpid(), 99));
  union sigval v = {.sival_int = 7};
  sigemptyset(&set); sigaddset(&set, SIGRTMIN);
  sigprocmask(SIG_BLOCK, &set, NULL);
  for (int i = 0; i < 3; i++) { v.sival_int = i; sigqueue(getpid(), SIGRTMIN, v); }
  siginfo_t si;
  for (int i = 0; i < 3; i++) { int r = sigwaitinfo(&set, &si); printf("%d %d %d\n", r == SIGRTMIN, si.si_value.sival_int, si.si_code == SI_QUEUE); }
  struct timespec zero = {0, 1000};
  printf("%d %d\n", sigtimedwait(&set, &si, &zero), errno);
  return 0;
}
