// Signals that queue with values, in order; waited for, read from a descriptor, restarted or not.
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SAY(what) say(#what, (long)(what))
static void say(const char *what, long answer) {
  printf("%s: %ld %s\n", what, answer, answer < 0 ? strerror(errno) : "");
  fflush(stdout);
}
static volatile int count, values[8];
static void note(int signal, siginfo_t *info, void *context) {
  if (count < 8) values[count++] = (signal - SIGRTMIN) * 100 + info->si_value.sival_int;
}
static void queue(int signal, int value) { sigqueue(getpid(), signal, (union sigval){.sival_int = value}); }

int main(void) {
  struct sigaction action = {.sa_sigaction = note, .sa_flags = SA_SIGINFO};
  sigset_t all, old, one;
  sigfillset(&all);
  for (int signal = SIGRTMIN; signal < SIGRTMIN + 3; signal++) sigaction(signal, &action, NULL);
  sigprocmask(SIG_SETMASK, &all, &old);
  queue(SIGRTMIN + 2, 1), queue(SIGRTMIN, 2), queue(SIGRTMIN + 1, 3), queue(SIGRTMIN, 4);
  for (int one = 0; one < 3; one++) kill(getpid(), SIGUSR1);
  sigset_t pending;
  sigpending(&pending);
  printf("pending %d %d %d\n", sigismember(&pending, SIGRTMIN), sigismember(&pending, SIGUSR1), sigismember(&pending, SIGUSR2));
  int fd = signalfd(-1, &(sigset_t){0}, SFD_NONBLOCK | SFD_CLOEXEC);
  struct signalfd_siginfo info;
  SAY(read(fd, &info, sizeof info));
  sigemptyset(&one);
  sigaddset(&one, SIGUSR1);
  SAY(signalfd(fd, &one, 0) == fd);
  SAY(read(fd, &info, sizeof info));
  printf("signal %d, code %d, self %d\n", info.ssi_signo, info.ssi_code, info.ssi_pid == getpid());
  SAY(read(fd, &info, sizeof info));
  sigprocmask(SIG_UNBLOCK, &(sigset_t){0}, NULL);
  sigset_t waits = old;
  sigaddset(&waits, SIGRTMIN + 1);
  sigsuspend(&waits);
  for (int one = 0; one < count; one++) printf("%d ", values[one]);
  printf("handled %d\n", count);
  siginfo_t what;
  struct timespec soon = {0, 5000000};
  sigemptyset(&one);
  sigaddset(&one, SIGRTMIN + 1);
  printf("took %d", sigtimedwait(&one, &what, &soon) - SIGRTMIN);
  printf(", value %d, code %d\n", what.si_value.sival_int, what.si_code);
  SAY(sigtimedwait(&one, &what, &soon));
  SAY(sigqueue(getpid(), 99, (union sigval){0}));
  SAY(sigqueue(getpid(), 0, (union sigval){0}));
  sigprocmask(SIG_SETMASK, &old, NULL);
  int ends[2];
  int ends_read[2];
  pipe(ends);
  pipe(ends_read);
  for (int restarts = 0; restarts < 2; restarts++) {
    struct sigaction alarm = {.sa_sigaction = note, .sa_flags = SA_SIGINFO | (restarts ? SA_RESTART : 0)};
    sigaction(SIGUSR2, &alarm, NULL);
    pid_t child = fork();
    if (child == 0) {
      // One of many comes while the other reads, however slow it is; a read that ends says so.
      struct pollfd ended = {ends_read[0], POLLIN};
      for (int times = 0; restarts ? times < 20 : !poll(&ended, 1, 0); times++) {
        usleep(1000);
        kill(getppid(), SIGUSR2);
      }
      write(ends[1], "x", 1);
      _exit(0);
    }
    char byte;
    ssize_t got = read(ends[0], &byte, 1);
    printf("restart %d: %zd %s\n", restarts, got, got < 0 ? strerror(errno) : "");
    write(ends_read[1], "x", 1);
    while (got < 0) got = read(ends[0], &byte, 1);
    waitpid(child, NULL, 0);
  }
  return 0;
}
