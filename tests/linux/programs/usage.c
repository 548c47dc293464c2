// What a process uses: processor time by clocks, timers and limits, faults of pages, and waiting.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MS 1000000L

static long now(clockid_t clock) {
  struct timespec t;
  if (clock_gettime(clock, &t)) return -errno;
  return t.tv_sec * 1000 * MS + t.tv_nsec;
}

static long micros(struct timeval t) { return t.tv_sec * 1000000L + t.tv_usec; }

static long used(const struct rusage *u) { return micros(u->ru_utime) + micros(u->ru_stime); }

static struct rusage usage(int who) {
  struct rusage u;
  memset(&u, 1, sizeof u);
  if (getrusage(who, &u)) printf("getrusage %d: errno %d\n", who, errno);
  return u;
}

static void spin(clockid_t clock, long nanos) {
  long end = now(clock) + nanos;
  volatile long count = 0;
  while (now(clock) < end) for (int i = 0; i < 1000; i++) count += i;
}

static void rest(long nanos) {
  struct timespec t = {0, nanos};
  while (nanosleep(&t, &t)) {}
}

static void clocks(void) {
  long before = now(CLOCK_PROCESS_CPUTIME_ID);
  rest(200 * MS);
  printf("resting takes no processor time: %d\n", now(CLOCK_PROCESS_CPUTIME_ID) - before < 100 * MS);
  long wall = now(CLOCK_MONOTONIC);
  before = now(CLOCK_PROCESS_CPUTIME_ID);
  spin(CLOCK_PROCESS_CPUTIME_ID, 20 * MS);
  long took = now(CLOCK_PROCESS_CPUTIME_ID) - before;
  printf("spinning does: %d, and no more than passes: %d\n", took >= 20 * MS,
         took <= now(CLOCK_MONOTONIC) - wall + 5 * MS);
  struct rusage u = usage(RUSAGE_SELF);
  printf("and getrusage knows: %d\n", used(&u) >= 19000);
  clockid_t own, thread;
  printf("clock_getcpuclockid %d %d\n", clock_getcpuclockid(0, &own), clock_getcpuclockid(getpid(), &own));
  printf("pthread_getcpuclockid %d\n", pthread_getcpuclockid(pthread_self(), &thread));
  printf("they agree: %d %d\n", labs(now(own) - now(CLOCK_PROCESS_CPUTIME_ID)) < 5 * MS,
         labs(now(thread) - now(CLOCK_THREAD_CPUTIME_ID)) < 5 * MS);
  printf("nobody's: %ld\n", now((~0x3fffff) << 3 | 2));
  printf("getrusage of what is not: %d", getrusage(2, &u));
  printf(" %d\n", errno == EINVAL);
}

static void *other(void *to) {
  spin(CLOCK_THREAD_CPUTIME_ID, 20 * MS);
  struct rusage u = usage(RUSAGE_THREAD);
  *(int *)to = used(&u) >= 19000;
  return NULL;
}

static void threads(void) {
  long before = now(CLOCK_THREAD_CPUTIME_ID), all = now(CLOCK_PROCESS_CPUTIME_ID);
  pthread_t thread;
  int told = 0;
  pthread_create(&thread, NULL, other, &told);
  pthread_join(thread, NULL);
  printf("a thread's time is its own: %d %d\n", told, now(CLOCK_THREAD_CPUTIME_ID) - before < 15 * MS);
  printf("and its process's, even when it is gone: %d\n",
         now(CLOCK_PROCESS_CPUTIME_ID) - all >= 20 * MS);
}

static void children(void) {
  struct rusage before = usage(RUSAGE_CHILDREN), between, after, own;
  int status;
  sigset_t ended;
  sigemptyset(&ended);
  sigaddset(&ended, SIGCHLD);
  sigprocmask(SIG_BLOCK, &ended, NULL);
  pid_t child = fork();
  if (child == 0) {
    // A system that samples who runs has to see it at least once.
    spin(CLOCK_PROCESS_CPUTIME_ID, 150 * MS);
    _exit(0);
  }
  siginfo_t info;
  waitid(P_PID, child, &info, WEXITED | WNOWAIT);
  between = usage(RUSAGE_CHILDREN);
  printf("its end is told with it: %d", sigwaitinfo(&ended, &info) == SIGCHLD);
  printf(" %d\n", info.si_utime + info.si_stime >= 1);
  sigprocmask(SIG_UNBLOCK, &ended, NULL);
  wait4(child, &status, 0, &own);
  after = usage(RUSAGE_CHILDREN);
  printf("a child's time is nobody's until it is waited for: %d\n", used(&between) == used(&before));
  printf("then its parent knows: %d %d\n", used(&own) >= 19000, used(&after) - used(&before) >= 19000);
  printf("a child begins with nothing: %d\n", used(&own) < 1000000);
  struct tms tms;
  printf("times: %d", times(&tms) != -1);
  printf(" %d\n", tms.tms_cutime + tms.tms_cstime >= 1);
}

static void faults(void) {
  long page = sysconf(_SC_PAGESIZE);
  struct rusage before = usage(RUSAGE_SELF);
  char *pages = mmap(NULL, 200 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  for (int i = 0; i < 200; i++) pages[i * page] = 1;
  struct rusage after = usage(RUSAGE_SELF);
  printf("fresh pages are faults: %d\n", after.ru_minflt - before.ru_minflt >= 200);
  for (int i = 0; i < 200; i++) pages[i * page] = 2;
  struct rusage again = usage(RUSAGE_SELF);
  printf("pages that are there are none: %d\n", again.ru_minflt - after.ru_minflt < 100);
  printf("the most that there was: %d\n", again.ru_maxrss >= 200 * page / 1024);
  munmap(pages, 200 * page);
  after = usage(RUSAGE_SELF);
  printf("stays: %d\n", after.ru_maxrss >= 200 * page / 1024);
}

static void waiting(void) {
  struct rusage before = usage(RUSAGE_SELF);
  for (int i = 0; i < 10; i++) rest(5 * MS);
  struct rusage after = usage(RUSAGE_SELF);
  // Who is stopped on the way to his rest, and longer than it, has not given up anything.
  printf("to rest is to give up the processor: %d\n", after.ru_nvcsw - before.ru_nvcsw >= 5);
}

static void competing(void) {
  cpu_set_t all, one;
  sched_getaffinity(0, sizeof all, &all);
  int cpu = 0;
  while (!CPU_ISSET(cpu, &all)) cpu++;
  CPU_ZERO(&one);
  CPU_SET(cpu, &one);
  sched_setaffinity(0, sizeof one, &one);
  struct rusage own;
  pid_t child = fork();
  spin(CLOCK_PROCESS_CPUTIME_ID, 60 * MS);
  if (child == 0) _exit(0);
  wait4(child, NULL, 0, &own);
  struct rusage self = usage(RUSAGE_SELF);
  printf("two who want one processor have to stop for each other: %d\n",
         own.ru_nivcsw + self.ru_nivcsw > 0);
  sched_setaffinity(0, sizeof all, &all);
}

static volatile int came;
static void note(int signal) { came++; }

static void timers(void) {
  struct itimerval set = {.it_value.tv_usec = 30000}, off = {0}, left;
  int kinds[] = {ITIMER_VIRTUAL, ITIMER_PROF}, signals[] = {SIGVTALRM, SIGPROF};
  for (int i = 0; i < 2; i++) {
    came = 0;
    signal(signals[i], note);
    setitimer(kinds[i], &set, NULL);
    rest(200 * MS);
    printf("timer %d does not go by what passes: %d", kinds[i], came);
    getitimer(kinds[i], &left);
    printf(" %d\n", micros(left.it_value) > 0 && micros(left.it_value) <= 34000);
    while (came == 0) spin(CLOCK_PROCESS_CPUTIME_ID, MS);
    getitimer(kinds[i], &left);
    printf("it came, and is off: %d %ld\n", came, micros(left.it_value));
    setitimer(kinds[i], &off, NULL);
  }
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
  struct itimerspec spec = {.it_value.tv_nsec = 10 * MS, .it_interval.tv_nsec = 10 * MS};
  timer_t timer;
  signal(SIGUSR1, note);
  came = 0;
  printf("timer_create %d\n", timer_create(CLOCK_THREAD_CPUTIME_ID, &event, &timer));
  timer_settime(timer, 0, &spec, NULL);
  rest(100 * MS);
  int early = came;
  while (came < 3) spin(CLOCK_THREAD_CPUTIME_ID, MS);
  printf("comes by its own time only: %d, and again: %d\n", early == 0, came >= 3);
  timer_delete(timer);
}

static void limit(void) {
  pid_t child = fork();
  int status;
  if (child == 0) {
    struct rlimit none = {0, RLIM_INFINITY};
    setrlimit(RLIMIT_CPU, &none);
    for (;;) spin(CLOCK_PROCESS_CPUTIME_ID, MS);
  }
  waitpid(child, &status, 0);
  printf("out of time: %s\n", WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU ? "SIGXCPU" : "no");
}

static void *sleeper(void *to) {
  struct timespec t = {0, 10 * MS};
  *(int *)to = clock_nanosleep(CLOCK_PROCESS_CPUTIME_ID, 0, &t, NULL);
  return NULL;
}

static void sleeping(void) {
  pthread_t thread;
  int told = -1;
  pthread_create(&thread, NULL, sleeper, &told);
  spin(CLOCK_PROCESS_CPUTIME_ID, 60 * MS);
  pthread_join(thread, NULL);
  printf("to sleep while the others work: %d\n", told);
  struct timespec t = {0, MS};
  printf("not by one's own: %d\n", clock_nanosleep(CLOCK_THREAD_CPUTIME_ID, 0, &t, NULL));
}

int main(void) {
  setvbuf(stdout, NULL, _IONBF, 0);
  clocks();
  threads();
  children();
  faults();
  waiting();
  competing();
  timers();
  limit();
  sleeping();
  return 0;
}
