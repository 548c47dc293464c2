// A terminal made by a program: lines, echoes, erasing, signals, raw keys, sizes, and its end.
// Recorded from Linux: the emulator answers with the host's terminals.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define SAY(what) say(#what, (long)(what))
static void say(const char *what, long answer) {
  printf("%s: %ld %s\n", what, answer, answer < 0 ? strerror(errno) : "");
  fflush(stdout);
}
static void show(int fd, const char *who) {
  char bytes[256];
  ssize_t size = read(fd, bytes, sizeof bytes);
  printf("%s %zd:", who, size);
  for (ssize_t one = 0; one < size; one++) printf(bytes[one] < 32 ? " ^%c" : " %c", bytes[one] < 32 ? bytes[one] + 64 : bytes[one]);
  printf(size < 0 ? " %s\n" : "\n", strerror(errno));
  fflush(stdout);
}
static volatile sig_atomic_t hung_up;
static void note(int signal) { hung_up = signal; }

int main(void) {
  int master = posix_openpt(O_RDWR | O_NOCTTY);
  char name[64];
  SAY(ptsname_r(master, name, sizeof name));
  printf("named %d\n", strncmp(name, "/dev/pts/", 9));
  SAY(open(name, O_RDWR | O_NOCTTY));
  SAY(grantpt(master));
  SAY(unlockpt(master));
  int slave = open(name, O_RDWR | O_NOCTTY);
  printf("terminal %d %d\n", isatty(slave), isatty(master));
  struct termios settings;
  SAY(tcgetattr(slave, &settings));
  printf("%o %o %o\n", settings.c_iflag, settings.c_oflag, settings.c_lflag);
  write(master, "hallo\177\177p!\n", 10);
  show(slave, "program");
  show(master, "screen");
  write(slave, "answer\n", 7);
  show(master, "screen");
  write(master, "no end", 6);
  write(master, "\004", 1);
  show(slave, "program");
  write(master, "gone\025kept\r", 10);
  show(slave, "program");
  struct winsize size = {30, 100, 0, 0}, there;
  SAY(ioctl(master, TIOCSWINSZ, &size));
  SAY(ioctl(slave, TIOCGWINSZ, &there));
  printf("%d by %d\n", there.ws_row, there.ws_col);
  settings.c_lflag &= ~(ICANON | ECHO);
  SAY(tcsetattr(slave, TCSAFLUSH, &settings));
  write(master, "x\004", 2);
  usleep(1000);
  show(slave, "program");
  if (fork() == 0) {
    close(master);
    signal(SIGHUP, note);
    setsid();
    SAY(ioctl(slave, TIOCSCTTY, 0));
    printf("foreground %d\n", tcgetpgrp(slave) == getpgrp());
    int tty = open("/dev/tty", O_RDWR);
    printf("own terminal %d\n", tty >= 0 && isatty(tty));
    fflush(stdout);
    close(tty);
    write(slave, "ready", 5);
    while (!hung_up) usleep(500);
    show(slave, "program");
    printf("hung up %d\n", hung_up == SIGHUP);
    fflush(stdout);
    _exit(0);
  }
  close(slave);
  int flags = fcntl(master, F_GETFL);
  char first;
  while (read(master, &first, 1) == 1 && first != 'y');
  close(master);
  wait(NULL);
  return 0;
}
