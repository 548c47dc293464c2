// What a terminal throws away, holds back and says of itself, to programs of all ages.
// Recorded from Linux: the emulator answers with the host's terminals.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <asm/termbits.h>
#include <unistd.h>

/* What is older than `struct termios`. */
struct old {
  unsigned short in, out, control, local;
  unsigned char line, letters[8];
};

#define SAY(what) say(#what, (long)(what))
static void say(const char *what, long answer) {
  printf("%s: %ld%s%s\n", what, answer, answer < 0 ? " " : "", answer < 0 ? strerrorname_np(errno) : "");
  fflush(stdout);
}

static void show(int fd, const char *who) {
  char bytes[256];
  struct pollfd one = {fd, POLLIN};
  usleep(1000);
  poll(&one, 1, 0);
  ssize_t size = read(fd, bytes, sizeof bytes);
  printf("%s %zd:", who, size);
  for (ssize_t at = 0; at < size; at++) printf(bytes[at] < 32 ? " ^%c" : " %c", bytes[at] < 32 ? bytes[at] + 64 : bytes[at]);
  printf(size < 0 ? " %s\n" : "\n", size < 0 ? strerrorname_np(errno) : "");
  fflush(stdout);
}

static int waiting(int fd) {
  int count = -1;
  usleep(1000);
  ioctl(fd, FIONREAD, &count);
  return count;
}

static void thrown_away(int master, int slave) {
  int count = -1;
  struct termios settings;
  ioctl(slave, TCGETS, &settings);
  write(master, "one\ntwo", 7);
  SAY(waiting(slave));
  SAY(ioctl(slave, TCFLSH, 1));
  SAY(waiting(slave));
  SAY(ioctl(slave, TCFLSH, 0));
  SAY(waiting(slave));
  show(slave, "program");
  write(master, "ree\n", 4);
  show(slave, "program");
  write(master, "four\n", 5);
  SAY(ioctl(slave, TCSETSW, &settings));
  show(slave, "program");
  write(master, "five\nsix", 8);
  usleep(1000);
  SAY(ioctl(slave, TCSETSF, &settings));
  write(master, "\n", 1);
  show(slave, "program");
  write(master, "seven\n", 6);
  usleep(1000);
  SAY(ioctl(slave, TCFLSH, 2));
  show(slave, "program");
  SAY(ioctl(slave, TCFLSH, 3));
  SAY(ioctl(slave, TCSBRK, 0));
  SAY(ioctl(slave, TCSBRK, 1));
  SAY(ioctl(slave, TCSBRKP, 3));
  SAY(ioctl(slave, TIOCOUTQ, &count));
  SAY(count);
  SAY(ioctl(slave, TIOCOUTQ, NULL));
}

static void other_side(int master, int slave) {
  char byte;
  while (read(master, &byte, 1) == 1);
  SAY(write(slave, "shown", 5));
  usleep(1000);
  SAY(ioctl(slave, TCFLSH, 1));
  show(master, "screen");
  SAY(write(slave, "again", 5));
  usleep(1000);
  SAY(ioctl(master, TCFLSH, 0));
  show(master, "screen");
  SAY(write(master, "typed\n", 6));
  usleep(1000);
  SAY(ioctl(master, TCFLSH, 1));
  show(slave, "program");
  while (read(master, &byte, 1) == 1);
}

static void held_back(int master, int slave) {
  char byte;
  while (read(master, &byte, 1) == 1);
  SAY(ioctl(slave, TCXONC, 0));
  SAY(ioctl(slave, TCXONC, 0));
  fcntl(slave, F_SETFL, O_RDWR | O_NONBLOCK);
  SAY(write(slave, "held", 4));
  struct pollfd one = {slave, POLLOUT};
  SAY(poll(&one, 1, 0));
  show(master, "screen");
  fcntl(slave, F_SETFL, O_RDWR);
  pid_t child = fork();
  if (child == 0) _exit(write(slave, "back", 4) == 4 ? 0 : 1);
  usleep(10000);
  show(master, "screen");
  SAY(ioctl(slave, TCXONC, 1));
  int status;
  waitpid(child, &status, 0);
  SAY(status);
  show(master, "screen");
  SAY(ioctl(slave, TCXONC, 2));
  show(master, "screen");
  SAY(ioctl(slave, TCXONC, 3));
  show(master, "screen");
  SAY(ioctl(slave, TCXONC, 4));
  fcntl(slave, F_SETFL, O_RDWR | O_NONBLOCK);
}

static void old_settings(int master, int slave) {
  struct old old;
  struct termios settings, locks;
  memset(&old, 0xee, sizeof old);
  SAY(ioctl(slave, TCGETA, &old));
  printf("%o %o %o %o %d", old.in, old.out, old.control, old.local, old.line);
  for (int one = 0; one < 8; one++) printf(" %d", old.letters[one]);
  printf("\n");
  old.local &= ~8, old.letters[2] = '#', old.out |= 0x8000;
  write(master, "eight\n", 6);
  usleep(1000);
  SAY(ioctl(slave, TCSETA, &old));
  SAY(waiting(slave));
  SAY(ioctl(slave, TCSETAW, &old));
  SAY(waiting(slave));
  SAY(ioctl(slave, TCSETAF, &old));
  SAY(waiting(slave));
  SAY(ioctl(slave, TCGETS, &settings));
  printf("%o %o %o %o %c %d\n", settings.c_iflag, settings.c_oflag, settings.c_cflag, settings.c_lflag, settings.c_cc[2], settings.c_cc[10]);
  SAY(ioctl(slave, TCSETA, NULL));
  memset(&locks, 0xee, sizeof locks);
  SAY(ioctl(slave, TIOCGLCKTRMIOS, &locks));
  printf("%o %o %d\n", locks.c_iflag, locks.c_lflag, locks.c_cc[3]);
}

int main(void) {
  int master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
  unlockpt(master);
  int slave = open(ptsname(master), O_RDWR | O_NOCTTY | O_NONBLOCK);
  thrown_away(master, slave);
  other_side(master, slave);
  held_back(master, slave);
  old_settings(master, slave);
  return 0;
}
