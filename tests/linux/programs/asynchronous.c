// FIOASYNC and O_ASYNC: which files tell their owner, and what the others answer.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define SAY(what) say(#what, (long)(what))
static void say(const char *what, long answer) {
  printf("%s: %ld %s\n", what, answer, answer < 0 ? strerror(errno) : "");
}
static volatile sig_atomic_t count;
static void note(int signal) { count++; }

static int isOn(int fd) { return (fcntl(fd, F_GETFL) & O_ASYNC) != 0; }

static void ask(const char *what, int fd) {
  int on = 1, off = 0;
  printf("%s:\n", what);
  SAY(ioctl(fd, FIOASYNC, &off));
  SAY(ioctl(fd, FIOASYNC, &on));
  SAY(isOn(fd));
  SAY(ioctl(fd, FIOASYNC, &off));
  SAY(fcntl(fd, F_SETFL, O_ASYNC | O_NONBLOCK));
  SAY(isOn(fd));
  SAY(fcntl(fd, F_SETFL, 0));
  SAY(isOn(fd));
}

int main(void) {
  int sockets[2], pipes[2], on = 1, off = 0;
  char byte;
  signal(SIGIO, note);
  socketpair(AF_UNIX, SOCK_STREAM, 0, sockets);
  pipe(pipes);
  ask("socket", sockets[0]);
  ask("pipe", pipes[0]);
  ask("directory", open("/", O_RDONLY));
  ask("file", open("/proc/self/exe", O_RDONLY));
  ask("null", open("/dev/null", O_RDWR));
  ask("zero", open("/dev/zero", O_RDWR));
  ask("random", open("/dev/random", O_RDONLY));
  ask("urandom", open("/dev/urandom", O_RDWR));
  ask("eventfd", eventfd(0, 0));
  ask("timerfd", timerfd_create(CLOCK_MONOTONIC, 0));
  ask("epoll", epoll_create1(0));
  ask("inotify", inotify_init1(0));
  SAY(ioctl(sockets[0], FIOASYNC, NULL));
  SAY(ioctl(-1, FIOASYNC, &on));

  SAY(ioctl(sockets[0], FIOASYNC, &on));
  write(sockets[1], "a", 1);
  printf("nobody is told: %d\n", count);
  read(sockets[0], &byte, 1);
  SAY(fcntl(sockets[0], F_SETOWN, getpid()));
  write(sockets[1], "b", 1);
  printf("told: %d\n", count);
  read(sockets[0], &byte, 1);
  SAY(ioctl(sockets[0], FIOASYNC, &off));
  write(sockets[1], "c", 1);
  printf("told no longer: %d\n", count);
  return 0;
}
