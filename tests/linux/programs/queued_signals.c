// How many signals can wait for a user's processes: those that are queued, and timers, are counted; a signal
// that is not queued waits without its story where there is no room for that.
// Recorded from Linux: the emulator counts for itself.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const union sigval five = {.sival_int = 5};

static void say(const char *what, long answer) {
  char line[128];
  int counted = -1, limit = -1;
  int error = errno;
  FILE *status = fopen("/proc/self/status", "r");
  while (fgets(line, sizeof line, status)) sscanf(line, "SigQ: %d/%d", &counted, &limit);
  fclose(status);
  printf("%s: %ld %s, %d of %d\n", what, answer, answer < 0 ? strerrorname_np(error) : "", counted, limit);
  fflush(stdout);
}
#define SAY(what) say(#what, (long)(what))
#define THREAD_KILL(signal) syscall(SYS_tgkill, getpid(), getpid(), signal)

int main(void) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, NULL);
  if (setresuid(54321, 54321, 54321)) return 1;
  setrlimit(RLIMIT_SIGPENDING, &(struct rlimit){3, 9});
  timer_t timer, other;
  struct sigevent unknown = {.sigev_notify = 99};
  SAY(timer_create(CLOCK_MONOTONIC, NULL, &timer));
  SAY(timer_create(CLOCK_MONOTONIC, &unknown, &other));
  SAY(sigqueue(getpid(), 40, five));
  SAY(sigqueue(getpid(), 40, five));
  SAY(sigqueue(getpid(), 40, five));
  SAY(timer_create(CLOCK_MONOTONIC, &unknown, &other));
  SAY(timer_create(99, &unknown, &other));
  SAY(syscall(SYS_timer_create, 99, 8, &other));
  SAY(timer_delete(timer));
  SAY(kill(getpid(), 41));
  SAY(kill(getpid(), 41));
  SAY(kill(getpid(), 42));
  SAY(THREAD_KILL(43));
  SAY(sigqueue(getpid(), SIGUSR1, five));
  SAY(kill(getpid(), SIGUSR2));
  SAY(THREAD_KILL(SIGHUP));
  pid_t child = fork();
  if (child == 0) {
    SAY(sigqueue(getppid(), 40, five));
    SAY(sigqueue(getpid(), 40, five));
    SAY(kill(getpid(), 44));
    _exit(0);
  }
  waitpid(child, NULL, 0);
  siginfo_t info;
  for (int signal; (signal = sigtimedwait(&all, &info, &(struct timespec){0})) > 0;) {
    const char *sender = info.si_pid == getpid() ? "itself" : info.si_pid == child ? "child" : "nobody";
    printf("signal %d, code %d, from %s of %d\n", signal, info.si_code, sender, info.si_uid);
  }
  setrlimit(RLIMIT_SIGPENDING, &(struct rlimit){0, 9});
  SAY(kill(getpid(), SIGALRM));
  SAY(sigqueue(getpid(), 40, five));
  SAY(sigqueue(getpid(), 0, five));
  SAY(timer_create(CLOCK_MONOTONIC, NULL, &timer));
  signal(SIGALRM, SIG_IGN);
  SAY(0);
  struct sigaction action = {.sa_handler = SIG_DFL, .sa_flags = 0x80000ff0};
  sigaction(SIGUSR1, &action, NULL);
  sigaction(SIGUSR1, NULL, &action);
  printf("flags of a handler: %x\n", action.sa_flags & ~0x4000000);
  return 0;
}
