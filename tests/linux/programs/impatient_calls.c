// Calls that are not to wait, from and to files whose others would.
// Recorded from Linux: the emulator refuses flags of pwritev2.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static char bytes[65536];

static void say(const char *what, long answer) {
  printf("%s: %ld%s%s\n", what, answer, answer < 0 ? " " : "", answer < 0 ? strerrorname_np(errno) : "");
}

static long get(int file, int length) {
  struct iovec part = {bytes, length};
  return preadv2(file, &part, 1, -1, RWF_NOWAIT);
}

static long put(int file, int length) {
  struct iovec part = {bytes, length};
  return pwritev2(file, &part, 1, -1, RWF_NOWAIT);
}

static void both(const char *kind, int from, int to, int length) {
  long count, all = 0;
  puts(kind);
  say("from what is empty", get(from, length));
  while ((count = put(to, length)) == length) all++;
  say("to what is full", count);
  printf("something was put: %d\n", all > 0);
  say("and is got", get(from, length));
}

int main(void) {
  int ends[2];
  pipe(ends);
  both("a pipe", ends[0], ends[1], 4096);
  socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
  say("from an empty stream", get(ends[0], 10));
  say("to one", put(ends[1], 10));
  say("from one", get(ends[0], 100));
  socketpair(AF_UNIX, SOCK_DGRAM, 0, ends);
  both("datagrams", ends[0], ends[1], 1000);
  int count = eventfd(0, 0);
  say("from a count of nothing", get(count, 8));
  memset(bytes, 0xff, 8);
  bytes[0] = (char)0xfe;
  say("to it", put(count, 8));
  say("and beyond what it can be", put(count, 8));
  say("from it", get(count, 8));
  return 0;
}
