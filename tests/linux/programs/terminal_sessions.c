// Whose terminal it is: how a session gets one and gives it up, what the other side is told of that,
// who may open it, and what somebody types for somebody else.
// Recorded from Linux: the emulator answers with the host's terminals.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define SAY(what) say(#what, (long)(what))
#ifndef TIOCGEXCL
#define TIOCGEXCL 0x80045440
#endif

static int master, slave;

static void say(const char *what, long answer) {
  printf("%s: %ld%s%s\n", what, answer, answer < 0 ? " " : "", answer < 0 ? strerrorname_np(errno) : "");
  fflush(stdout);
}

static int pair(int *one) {
  *one = posix_openpt(O_RDWR | O_NOCTTY);
  grantpt(*one);
  unlockpt(*one);
  return open(ptsname(*one), O_RDWR | O_NOCTTY);
}

static void in_child(const char *what, void (*deed)(void)) {
  printf("%s\n", what);
  fflush(stdout);
  int status;
  pid_t pid = fork();
  if (pid == 0) {
    deed();
    exit(0);
  }
  waitpid(pid, &status, 0);
  if (WIFSIGNALED(status)) printf("killed by %d\n", WTERMSIG(status));
}

static void none(void) {
  int group = 1;
  SAY(ioctl(slave, TIOCGPGRP, &group));
  SAY(ioctl(slave, TIOCGSID, &group));
  SAY(ioctl(master, TIOCGPGRP, &group));
  SAY(group);
  SAY(ioctl(master, TIOCGSID, &group));
  SAY(ioctl(slave, TIOCSCTTY, 0));
  SAY(ioctl(slave, TIOCNOTTY));
  SAY(open("/dev/tty", O_RDWR));
}

static void own(void) {
  SAY(setsid() == getpid());
  SAY(ioctl(slave, TIOCSCTTY, 0));
  SAY(ioctl(slave, TIOCSCTTY, 0));
  int group = 0;
  SAY(ioctl(slave, TIOCGPGRP, &group));
  SAY(group == getpid());
  SAY(ioctl(master, TIOCGPGRP, &group));
  SAY(group == getpid());
  SAY(ioctl(slave, TIOCGSID, &group));
  SAY(group == getpid());
  SAY(ioctl(master, TIOCGSID, &group));
  SAY(ioctl(master, TIOCSPGRP, &group));
  int other, second = pair(&other);
  SAY(ioctl(second, TIOCSCTTY, 0));
  SAY(ioctl(second, TIOCNOTTY));
  SAY(open("/dev/tty", O_RDWR) >= 0);
  if (fork() == 0) {
    SAY(setsid() == getpid());
    SAY(ioctl(slave, TIOCSCTTY, 0));
    SAY(open("/dev/tty", O_RDWR));
    _exit(0);
  }
  wait(NULL);
  signal(SIGHUP, SIG_IGN);
  SAY(ioctl(slave, TIOCNOTTY));
  SAY(open("/dev/tty", O_RDWR));
  SAY(ioctl(master, TIOCGSID, &group));
  SAY(ioctl(second, TIOCSCTTY, 0));
}

static int heard;
static void hear(int signal) {
  heard |= 1 << signal;
}

/** A session whose leader gives its terminal up: who is in front hears of that. */
static void given_up(void) {
  setsid();
  ioctl(slave, TIOCSCTTY, 0);
  int told[2];
  pipe(told);
  pid_t pid = fork();
  if (pid == 0) {
    setpgid(0, 0);
    signal(SIGTTOU, SIG_IGN);
    signal(SIGHUP, hear);
    signal(SIGCONT, hear);
    SAY(tcsetpgrp(slave, getpid()));
    SAY(ioctl(slave, TIOCNOTTY));
    SAY(open("/dev/tty", O_RDWR));
    write(told[1], "x", 1);
    for (int at = 0; at < 100 && heard != (1 << SIGHUP | 1 << SIGCONT); at++) usleep(10000);
    SAY(heard == (1 << SIGHUP | 1 << SIGCONT));
    _exit(0);
  }
  char byte;
  read(told[0], &byte, 1);
  signal(SIGHUP, SIG_IGN);
  int answer = ioctl(slave, TIOCNOTTY);
  wait(NULL);
  SAY(answer);
}

/** A terminal that has a session goes to another one only if somebody insists who may. */
static void stolen(void) {
  int ready[2];
  pipe(ready);
  setsid();
  ioctl(slave, TIOCSCTTY, 0);
  if (fork() == 0) {
    setsid();
    SAY(ioctl(slave, TIOCSCTTY, 0));
    SAY(ioctl(slave, TIOCSCTTY, 1));
    SAY(open("/dev/tty", O_RDWR) >= 0);
    _exit(0);
  }
  wait(NULL);
  SAY(open("/dev/tty", O_RDWR));
}

static void unread(void) {
  setsid();
  int writing = open(ptsname(master), O_WRONLY | O_NOCTTY);
  setresuid(1000, 1000, 1000);
  SAY(ioctl(writing, TIOCSCTTY, 0));
  SAY(ioctl(slave, TIOCSCTTY, 1));
}

static void alone(void) {
  int is = -1;
  SAY(ioctl(slave, TIOCGEXCL, &is));
  SAY(is);
  SAY(ioctl(slave, TIOCEXCL));
  SAY(ioctl(slave, TIOCGEXCL, &is));
  SAY(is);
  SAY(open(ptsname(master), O_RDWR | O_NOCTTY) >= 0);
  fchmod(slave, 0666);
  if (fork() == 0) {
    setresuid(1000, 1000, 1000);
    SAY(open(ptsname(master), O_RDWR | O_NOCTTY));
    SAY(ioctl(slave, TIOCNXCL));
    SAY(open(ptsname(master), O_RDWR | O_NOCTTY) >= 0);
    _exit(0);
  }
  wait(NULL);
  SAY(ioctl(slave, TIOCGEXCL, &is));
  SAY(is);
  SAY(ioctl(slave, TIOCGEXCL, (void *)8));
}

static void typed(void) {
  char bytes[16];
  for (const char *key = "hi\n"; *key; key++) SAY(ioctl(slave, TIOCSTI, key));
  SAY(read(slave, bytes, sizeof bytes));
  SAY(ioctl(slave, TIOCSTI, (void *)8));
  setresuid(1000, 1000, 1000);
  SAY(ioctl(slave, TIOCSTI, "x"));
}

/** How much fits between the two sides. */
static void full(void) {
  char bytes[65536];
  memset(bytes, 'x', sizeof bytes);
  fcntl(master, F_SETFL, O_RDWR | O_NONBLOCK);
  fcntl(slave, F_SETFL, O_RDWR | O_NONBLOCK);
  struct termios settings;
  tcgetattr(slave, &settings);
  cfmakeraw(&settings);
  tcsetattr(slave, TCSANOW, &settings);
  long put = 0, got = 0;
  ssize_t count = 0;
  for (int at = 0; at < 100 && (count = write(slave, bytes, 1000)) > 0; at++) put += count;
  struct pollfd ready = {slave, POLLOUT, 0};
  printf("a screen takes some, then %zd %s\n", count, strerrorname_np(errno));
  usleep(20000);
  for (int at = 0; at < 100 && got < put; at++) {
    if ((count = read(master, bytes, sizeof bytes)) > 0) got += count;
    else usleep(5000);
  }
  printf("all of it is seen: %d, ready %x\n", put == got, poll(&ready, 1, 0) ? ready.revents : 0);
  put = got = 0;
  for (int at = 0; at < 200; at++) {
    if ((count = write(master, bytes, 1000)) <= 0) break;
    put += count;
  }
  printf("keys are taken, then %zd %s\n", count, strerrorname_np(errno));
  usleep(20000);
  for (int at = 0; at < 100 && got < put; at++) {
    if ((count = read(slave, bytes, sizeof bytes)) > 0) got += count;
    else usleep(5000);
  }
  printf("all of them are read: %d\n", put == got);
}

int main(void) {
  setbuf(stdout, NULL);
  master = -1;
  if (getpid() != getsid(0)) setsid();
  void (*deeds[])(void) = {none, own, given_up, stolen, unread, alone, typed, full};
  const char *names[] = {"none", "own", "given up", "stolen", "unread", "alone", "typed", "full"};
  for (int at = 0; at < 8; at++) {
    slave = pair(&master);
    in_child(names[at], deeds[at]);
    close(slave);
    close(master);
  }
  return 0;
}
