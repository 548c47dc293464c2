// Timers that send signals: once, again and again, to one thread, with values, with overruns.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static timer_t make(clockid_t clock, int notify, int signal, int value) {
  struct sigevent event = {0};
  event.sigev_notify = notify;
  event.sigev_signo = signal;
  event.sigev_value.sival_int = value;
  if (notify == SIGEV_THREAD_ID) event._sigev_un._tid = syscall(SYS_gettid);
  timer_t timer = 0;
  if (timer_create(clock, &event, &timer)) printf("create: %s\n", strerror(errno));
  return timer;
}

static void set(timer_t timer, long ms, long every_ms) {
  struct itimerspec spec = {{every_ms / 1000, every_ms % 1000 * 1000000}, {ms / 1000, ms % 1000 * 1000000}};
  if (timer_settime(timer, 0, &spec, NULL)) printf("settime: %s\n", strerror(errno));
}

static void await(int signal) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, signal);
  siginfo_t info;
  int got = sigwaitinfo(&set, &info);
  printf("signal %s, code timer %d, value %d\n", got == signal ? "as wanted" : "other",
         info.si_code == SI_TIMER, info.si_value.sival_int);
}

int main(void) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, NULL);
  timer_t once = make(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGUSR1, 11);
  set(once, 10, 0);
  await(SIGUSR1);
  struct itimerspec left;
  timer_gettime(once, &left);
  printf("left %ld %ld\n", (long)left.it_value.tv_sec, left.it_value.tv_nsec);
  timer_t again = make(CLOCK_REALTIME, SIGEV_SIGNAL, SIGRTMIN + 1, 22);
  set(again, 5, 5);
  for (int one = 0; one < 3; one++) await(SIGRTMIN + 1);
  struct timespec pause = {0, 60000000};
  nanosleep(&pause, NULL);
  await(SIGRTMIN + 1);
  printf("overruns %d\n", timer_getoverrun(again) >= 5);
  timer_gettime(again, &left);
  printf("interval %ld\n", left.it_interval.tv_nsec);
  printf("delete %d\n", timer_delete(again));
  timer_t mine = make(CLOCK_MONOTONIC, SIGEV_THREAD_ID, SIGUSR2, 33);
  set(mine, 3, 0);
  await(SIGUSR2);
  timer_t quiet = make(CLOCK_MONOTONIC, SIGEV_NONE, 0, 0);
  set(quiet, 50000000, 0);
  timer_gettime(quiet, &left);
  printf("quiet %d\n", left.it_value.tv_sec > 0 && left.it_value.tv_sec <= 50000);
  timer_t deflt = 0;
  printf("default %d\n", timer_create(CLOCK_MONOTONIC, NULL, &deflt));
  set(deflt, 1, 0);
  sigset_t alarms;
  sigemptyset(&alarms);
  sigaddset(&alarms, SIGALRM);
  printf("alarm %d\n", sigwaitinfo(&alarms, NULL) == SIGALRM);
  struct itimerspec past = {{0, 0}, {1, 0}};
  timer_settime(once, TIMER_ABSTIME, &past, NULL);
  await(SIGUSR1);
  struct itimerspec bad = {{0, 0}, {0, 1000000000}};
  printf("bad %d", timer_settime(once, 0, &bad, NULL));
  printf(" %s\n", strerror(errno));
  struct sigevent odd = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = 99};
  printf("odd %d", timer_create(CLOCK_MONOTONIC, &odd, &deflt));
  printf(" %s\n", strerror(errno));
  return 0;
}
