// Processes as descriptors: polled, signalled, waited for, and their descriptors taken.
// Recorded from Linux: the emulator answers with the host's processes, which may not be looked at.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAY(what) say(#what, (long)(what))
static void say(const char *what, long answer) {
  printf("%s: %ld %s\n", what, answer, answer < 0 ? strerror(errno) : "");
  fflush(stdout);
}
static int open_pid(pid_t pid, int flags) { return syscall(SYS_pidfd_open, pid, flags); }
static int send(int fd, int signal) { return syscall(SYS_pidfd_send_signal, fd, signal, NULL, 0); }

int main(void) {
  int ends[2], back[2];
  pipe(ends);
  pipe(back);
  pid_t child = fork();
  if (child == 0) {
    char byte;
    dup2(ends[0], 50);
    write(back[1], "x", 1);
    for (;;) pause();
  }
  char byte;
  read(back[0], &byte, 1);
  int fd = open_pid(child, 0);
  SAY(fcntl(fd, F_GETFD));
  struct pollfd one = {fd, POLLIN};
  SAY(poll(&one, 1, 0));
  SAY(send(fd, 0));
  int taken = syscall(SYS_pidfd_getfd, fd, 50, 0);
  write(ends[1], "through", 7);
  char bytes[8] = {0};
  SAY(read(taken, bytes, 7));
  puts(bytes);
  SAY(syscall(SYS_pidfd_getfd, fd, 77, 0));
  SAY(send(fd, SIGTERM));
  SAY(poll(&one, 1, -1));
  printf("events %x\n", one.revents);
  siginfo_t info = {0};
  SAY(waitid(P_PIDFD, fd, &info, WEXITED));
  printf("child %d, code %d, signal %d\n", info.si_pid == child, info.si_code, info.si_status);
  SAY(send(fd, 0));
  SAY(open_pid(child, 0));
  SAY(open_pid(0, 0));
  SAY(open_pid(getpid(), 1));
  SAY(send(ends[0], 0));
  return 0;
}
