// What a terminal's other side is told of besides bytes: in packets, each with a byte that says what
// happened before what was written; and how it waits for that.
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
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define SAY(what) say(#what, (long)(what))

static int master, slave;

static void say(const char *what, long answer) {
  printf("%s: %ld%s%s\n", what, answer, answer < 0 ? " " : "", answer < 0 ? strerrorname_np(errno) : "");
  fflush(stdout);
}

/** What the other side is ready for, and what it reads. */
static void look(const char *when, int size) {
  char bytes[256];
  struct pollfd one = {master, POLLIN | POLLPRI | POLLRDNORM, 0};
  // What is on its way comes soon, and not all at once.
  if (poll(&one, 1, 100) > 0) usleep(30000);
  poll(&one, 1, 0);
  ssize_t got = read(master, bytes, size);
  printf("%s: ready for %x, %zd:", when, one.revents, got);
  for (ssize_t at = 0; at < got; at++) printf(bytes[at] > 32 ? " %c" : " %d", bytes[at]);
  printf(got < 0 ? " %s\n" : "\n", got < 0 ? strerrorname_np(errno) : "");
  fflush(stdout);
}

#define LOOK(what) (SAY(what), look("then", 256))

static int set(int input_off, int input_on, int local_off, int local_on) {
  struct termios settings;
  tcgetattr(slave, &settings);
  settings.c_iflag = settings.c_iflag & ~input_off | input_on;
  settings.c_lflag = settings.c_lflag & ~local_off | local_on;
  return tcsetattr(slave, TCSANOW, &settings);
}

static int rename_letter(int which, int letter) {
  struct termios settings;
  tcgetattr(slave, &settings);
  settings.c_cc[which] = letter;
  return tcsetattr(slave, TCSANOW, &settings);
}

static void locks(void) {
  int is = -1, on = 1, off = 0;
  SAY(ioctl(master, TIOCGPTLCK, &is));
  SAY(is);
  SAY(ioctl(master, TIOCSPTLCK, &off));
  SAY(ioctl(master, TIOCGPTLCK, &is));
  SAY(is);
  slave = open(ptsname(master), O_RDWR | O_NOCTTY);
  SAY(ioctl(master, TIOCGPTLCK, NULL));
  SAY(ioctl(slave, TIOCGPTLCK, &is));
  SAY(ioctl(slave, TIOCPKT, &on));
  SAY(ioctl(slave, TIOCGPKT, &is));
  SAY(ioctl(master, TIOCPKT, NULL));
  SAY(ioctl(master, TIOCGPKT, NULL));
  SAY(ioctl(master, TIOCGPKT, &is));
  SAY(is);
  tcflush(slave, TCIOFLUSH);
  SAY(ioctl(master, TIOCPKT, &on));
  SAY(ioctl(master, TIOCGPKT, &is));
  SAY(is);
}

static void bytes(void) {
  look("at first", 256);
  LOOK(write(slave, "ab\n", 3));
  SAY(write(slave, "cd", 2));
  look("one byte", 1);
  look("two bytes", 2);
  look("the rest", 256);
  LOOK(write(master, "typed\n", 6));
}

static void thrown_away(void) {
  LOOK(tcflush(slave, TCIFLUSH));
  LOOK(tcflush(slave, TCOFLUSH));
  LOOK(tcflush(slave, TCIOFLUSH));
  SAY(tcflush(slave, TCIFLUSH));
  SAY(write(slave, "ef", 2));
  look("what happened", 256);
  look("what was written", 256);
  LOOK(tcflush(master, TCIOFLUSH));
  struct termios settings;
  tcgetattr(slave, &settings);
  LOOK(tcsetattr(slave, TCSADRAIN, &settings));
  LOOK(tcsetattr(slave, TCSAFLUSH, &settings));
  LOOK(tcsetattr(master, TCSAFLUSH, &settings));
}

static void held(void) {
  LOOK(tcflow(slave, TCOOFF));
  LOOK(tcflow(slave, TCOOFF));
  LOOK(tcflow(slave, TCOON));
  LOOK(tcflow(slave, TCOON));
  SAY(tcflow(slave, TCOOFF));
  LOOK(tcflow(slave, TCOON));
  LOOK(write(master, "\23", 1));
  LOOK(write(master, "\23", 1));
  LOOK(write(master, "xy", 2));
  LOOK(tcflow(slave, TCOON));
  LOOK(write(master, "\21", 1));
  look("what was typed meanwhile", 256);
  SAY(write(master, "\23", 1));
  usleep(100000);
  SAY(tcflow(slave, TCOOFF));
  look("held twice", 256);
  LOOK(write(master, "\21", 1));
  LOOK(tcflow(slave, TCOON));
  SAY(fcntl(slave, F_SETFL, O_NONBLOCK));
  LOOK(write(master, "\23", 1));
  LOOK(write(slave, "held", 4));
  SAY(set(0, IXANY, 0, 0));
  LOOK(write(master, "z", 1));
  look("its echo", 256);
  LOOK(tcflow(slave, TCIOFF));
  LOOK(tcflow(slave, TCION));
}

static void letters(void) {
  LOOK(set(IXON, 0, 0, 0));
  LOOK(write(master, "\23", 1));
  LOOK(set(0, 0, 0, 0));
  LOOK(set(0, IXON, 0, 0));
  SAY(write(master, "\23", 1));
  look("held", 256);
  LOOK(set(IXON, 0, 0, 0));
  LOOK(set(0, IXON, 0, 0));
  LOOK(write(master, "a\1b\177\177\n", 6));
  SAY(tcflush(slave, TCIFLUSH));
  look("afresh", 256);
  LOOK(rename_letter(VSTOP, 1));
  LOOK(rename_letter(VSTART, 2));
  LOOK(rename_letter(VSTOP, 19));
  LOOK(rename_letter(VSTART, 17));
  SAY(set(IXON, 0, 0, 0));
  LOOK(set(0, IXON, 0, 0));
  LOOK(set(0, 0, 0, EXTPROC));
  LOOK(set(IXON, 0, 0, 0));
  LOOK(set(0, IXON, EXTPROC, 0));
  LOOK(set(0, 0, 0, 0));
}

static void signals(void) {
  tcflush(slave, TCIFLUSH);
  look("afresh", 256);
  SAY(write(master, "line\nhalf", 9));
  look("echoes", 256);
  SAY(write(master, "\3", 1));
  look("what happened", 256);
  look("its echo", 256);
  int count = -1;
  SAY(ioctl(slave, FIONREAD, &count));
  SAY(count);
  SAY(set(0, 0, 0, NOFLSH));
  SAY(write(master, "line\n", 5));
  look("echoes", 256);
  LOOK(write(master, "\34", 1));
  SAY(ioctl(slave, FIONREAD, &count));
  SAY(count);
}

static void over(void) {
  int on = 1, off = 0;
  SAY(tcflush(slave, TCIFLUSH));
  SAY(ioctl(master, TIOCPKT, &off));
  LOOK(write(slave, "plain", 5));
  SAY(ioctl(master, TIOCPKT, &on));
  look("back again", 256);
  SAY(tcflush(slave, TCIFLUSH));
  SAY(ioctl(master, TIOCPKT, &on));
  look("twice", 256);
  if (fork() == 0) {
    usleep(20000);
    tcflush(slave, TCIFLUSH);
    _exit(0);
  }
  struct pollfd one = {master, POLLPRI, 0};
  SAY(poll(&one, 1, -1));
  printf("woken for %x\n", one.revents);
  wait(NULL);
  SAY(write(slave, "last", 4));
  close(slave);
  look("what happened", 256);
  look("what was written", 256);
  look("nothing more", 256);
}

int main(void) {
  setvbuf(stdout, NULL, _IONBF, 0);
  master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_NONBLOCK);
  locks();
  bytes();
  thrown_away();
  held();
  letters();
  signals();
  over();
  return 0;
}
