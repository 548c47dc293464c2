// Pipes whose writes are packets: each is read by itself, and what of it is not wanted is lost.
// Recorded from Linux: the emulator does not know such pipes.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define SAY(call) say(#call, (long)(call))

static int ends[2];
static char bytes[5000];

static void say(const char *call, long answer) {
  printf("%s: %ld%s%s\n", call, answer, answer < 0 ? " " : "", answer < 0 ? strerrorname_np(errno) : "");
}

static int fill(const char *what, int length) {
  int times = 0;
  while (write(ends[1], what, length) == length) times++;
  return times;
}

static void packets(void) {
  int waiting;
  pipe2(ends, O_DIRECT | O_NONBLOCK);
  write(ends[1], "abc", 3);
  write(ends[1], "defg", 4);
  SAY(read(ends[0], bytes, 2));
  SAY(read(ends[0], bytes, 50));
  SAY(read(ends[0], bytes, 5));
  SAY(write(ends[1], bytes, 5000));
  ioctl(ends[0], FIONREAD, &waiting);
  printf("there are %d, in pages\n", waiting);
  SAY(read(ends[0], bytes, 5000));
  SAY(read(ends[0], bytes, 5000));
  printf("so many small ones fit: %d\n", fill("x", 1));
}

static void mixed(void) {
  struct pollfd room = {ends[1], POLLOUT};
  fcntl(ends[1], F_SETFL, O_NONBLOCK);
  read(ends[0], bytes, 3);
  SAY(write(ends[1], "abc", 3));
  SAY(write(ends[1], "abc", 3));
  SAY(poll(&room, 1, 0));
  for (int i = 0; i < 14; i++) read(ends[0], bytes, 3);
  SAY(read(ends[0], bytes, 100));
  SAY(read(ends[0], bytes, 100));
  SAY(read(ends[0], bytes, 100));
}

static void bytewise(void) {
  pipe2(ends, O_NONBLOCK);
  printf("so many single bytes fit: %d\n", fill("abcde", 1));
  long rest = 0, count;
  while ((count = read(ends[0], bytes, sizeof bytes)) > 0) rest += count;
  printf("and all of them come out: %ld\n", rest);
}

int main(void) {
  packets();
  mixed();
  bytewise();
  return 0;
}
