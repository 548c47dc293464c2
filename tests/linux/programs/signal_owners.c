// Whom a file tells: only those to whom who said so may send signals.
// Recorded from Linux: the emulator keeps for itself what comes with signals.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SAY(what) (errno = 0, say(#what, (long)(what)))
static void say(const char *what, long answer) {
  printf("%s: %ld%s%s\n", what, answer, answer < 0 ? " " : "", answer < 0 ? strerrorname_np(errno) : "");
}
static sigset_t wanted;

static void told(const char *what) {
  struct timespec at_once = {0, 0};
  siginfo_t info;
  int count = 0;
  while (sigtimedwait(&wanted, &info, &at_once) > 0) count++;
  printf("  %s: told %d\n", what, count);
}

/** A process of some users has another one told of what it writes itself. */
static void tell(const char *what, int owner, int real, int effective) {
  int ends[2];
  socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
  printf("%s\n", what);
  if (fork() == 0) {
    setresuid(real, effective, -1);
    SAY(fcntl(ends[0], F_SETOWN, owner));
    SAY(fcntl(ends[0], F_SETSIG, SIGRTMIN + 1));
    SAY(fcntl(ends[0], F_SETFL, O_ASYNC));
    SAY(write(ends[1], "x", 1));
    told("itself");
    _exit(0);
  }
  wait(NULL);
  told("its parent");
  close(ends[0]), close(ends[1]);
}

int main(void) {
  int ends[2];
  setvbuf(stdout, NULL, _IONBF, 0);
  sigemptyset(&wanted);
  sigaddset(&wanted, SIGIO);
  sigaddset(&wanted, SIGRTMIN + 1);
  sigprocmask(SIG_BLOCK, &wanted, NULL);
  // Nobody else is in this group.
  setpgid(0, 0);
  socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
  struct f_owner_ex nobody = {F_OWNER_PID, 0}, missing = {F_OWNER_PGRP, 30000000}, unknown = {3, getpid()};
  SAY(fcntl(ends[0], F_SETOWN, getpid()));
  SAY(fcntl(ends[0], F_SETOWN, 30000000));
  SAY(fcntl(ends[0], F_SETOWN, -30000000));
  SAY(fcntl(ends[0], F_SETOWN, INT_MIN));
  SAY(fcntl(ends[0], F_SETOWN_EX, &missing));
  SAY(fcntl(ends[0], F_SETOWN_EX, &unknown));
  SAY(fcntl(ends[0], F_GETOWN) == getpid());
  SAY(fcntl(ends[0], F_SETOWN_EX, &nobody));
  SAY(fcntl(ends[0], F_GETOWN));
  tell("who may do anything", getpid(), 0, 0);
  tell("a stranger", getpid(), 1000, 1000);
  tell("a stranger in the same group", -getpgrp(), 1000, 1000);
  tell("who is somebody else for now", getpid(), 0, 1000);
  setresuid(1000, -1, 1000);
  tell("whom the owner began as", getpid(), 1000, 1000);
  tell("another stranger", getpid(), 1001, 1001);
  return 0;
}
