// Descriptors whose owner is told by a signal when there is something to read, and names of the machine.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SAY(what) say(#what, (long)(what))
static void say(const char *what, long answer) {
  printf("%s: %ld %s\n", what, answer, answer < 0 ? strerror(errno) : "");
}
static volatile sig_atomic_t counts[65];
static void note(int signal) { counts[signal]++; }

static siginfo_t told;
static void explain(int signal, siginfo_t *info, void *context) { told = *info; }

int main(void) {
  int ends[2];
  signal(SIGIO, note);
  signal(SIGRTMIN + 2, note);
  socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
  SAY(fcntl(ends[0], F_GETOWN));
  SAY(fcntl(ends[0], F_SETOWN, getpid()));
  printf("own %d\n", fcntl(ends[0], F_GETOWN) == getpid());
  SAY(fcntl(ends[0], F_SETFL, O_ASYNC | O_NONBLOCK));
  printf("flags %d\n", (fcntl(ends[0], F_GETFL) & O_ASYNC) != 0);
  write(ends[1], "x", 1);
  printf("told %d\n", counts[SIGIO]);
  char byte;
  read(ends[0], &byte, 1);
  SAY(fcntl(ends[0], F_SETSIG, SIGRTMIN + 2));
  SAY(fcntl(ends[0], F_GETSIG) == SIGRTMIN + 2);
  write(ends[1], "x", 1);
  printf("told %d %d\n", counts[SIGIO], counts[SIGRTMIN + 2]);
  read(ends[0], &byte, 1);
  SAY(fcntl(ends[0], F_SETFL, O_NONBLOCK));
  write(ends[1], "x", 1);
  printf("told %d %d\n", counts[SIGIO], counts[SIGRTMIN + 2]);
  struct sigaction with_more = {.sa_sigaction = explain, .sa_flags = SA_SIGINFO};
  sigaction(SIGRTMIN + 2, &with_more, NULL);
  read(ends[0], &byte, 1);
  SAY(fcntl(ends[0], F_SETFL, O_ASYNC | O_NONBLOCK));
  write(ends[1], "x", 1);
  printf("about %d: code %d, events %ld\n", told.si_fd == ends[0], told.si_code, told.si_band);
  SAY(fcntl(ends[0], F_SETSIG, 99));
  return 0;
}
