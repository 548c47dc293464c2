// The three timers of a process: of real time, of its own, and of its own with the system's.
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

static volatile sig_atomic_t counts[65];
static void note(int signal) { counts[signal]++; }

static void until(int which, int signal, int times) {
  struct itimerval often = {{0, 20000}, {0, 10000}}, none = {{0, 0}, {0, 0}}, old;
  counts[signal] = 0;
  printf("set %d, ", setitimer(which, &often, NULL));
  while (counts[signal] < times);
  getitimer(which, &old);
  printf("interval %ld, left %d, ", (long)old.it_interval.tv_usec, old.it_value.tv_usec > 0);
  printf("stopped %d, ", setitimer(which, &none, &old));
  getitimer(which, &old);
  printf("%ld %ld, %d\n", (long)old.it_value.tv_usec, (long)old.it_interval.tv_usec, counts[signal] >= times);
}

int main(void) {
  signal(SIGALRM, note);
  signal(SIGVTALRM, note);
  signal(SIGPROF, note);
  until(ITIMER_REAL, SIGALRM, 3);
  until(ITIMER_VIRTUAL, SIGVTALRM, 3);
  until(ITIMER_PROF, SIGPROF, 3);
  struct itimerval bad = {{0, 0}, {0, 1000000}};
  printf("%d ", setitimer(ITIMER_REAL, &bad, NULL));
  printf("%s\n", strerror(errno));
  printf("%d ", setitimer(7, &bad, NULL));
  printf("%s\n", strerror(errno));
  printf("%u ", alarm(10000));
  printf("%d\n", alarm(0) > 5000);
  struct itimerval once = {{0, 0}, {0, 500}};
  counts[SIGALRM] = 0;
  setitimer(ITIMER_REAL, &once, NULL);
  while (!counts[SIGALRM]);
  getitimer(ITIMER_REAL, &once);
  printf("once %ld\n", (long)once.it_value.tv_usec);
  return 0;
}
