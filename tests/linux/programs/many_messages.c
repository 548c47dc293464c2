// Many messages in one call: all that are wanted are waited for, or the first one, or until a time.
// Recorded from Linux: the emulator waits for no more than one.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int ends[2];
static struct mmsghdr heads[4];
static struct iovec parts[4];
static char bytes[4][8];

static void hear(const char *what, int count, int flags, struct timespec *until) {
  for (int at = 0; at < 4; at++) {
    memset(bytes[at], 0, 8);
    parts[at] = (struct iovec){bytes[at], 7};
    heads[at] = (struct mmsghdr){{.msg_iov = &parts[at], .msg_iovlen = 1}};
  }
  int got = recvmmsg(ends[1], heads, count, flags, until);
  printf("%s: %d%s%s", what, got, got < 0 ? " " : "", got < 0 ? strerrorname_np(errno) : "");
  for (int at = 0; at < got; at++) printf(" \"%s\" of %d%s", bytes[at], heads[at].msg_len, heads[at].msg_hdr.msg_flags & MSG_TRUNC ? " cut" : "");
  printf("\n");
}

static void later(int count) {
  if (fork() == 0) {
    for (int at = 0; at < count; at++) usleep(20000), write(ends[0], "later", 5);
    _exit(0);
  }
}

int main(void) {
  setvbuf(stdout, NULL, _IONBF, 0);
  socketpair(AF_UNIX, SOCK_DGRAM, 0, ends);
  write(ends[0], "one", 3);
  write(ends[0], "two and more", 12);
  write(ends[0], "three", 5);
  hear("as many as there is room for", 2, 0, NULL);
  hear("those that wait", 4, MSG_DONTWAIT, NULL);
  hear("none waits", 4, MSG_DONTWAIT, NULL);
  later(3);
  hear("all of them", 3, 0, NULL);
  wait(NULL);
  later(2);
  hear("the first", 4, MSG_WAITFORONE, NULL);
  wait(NULL);
  hear("the other", 4, MSG_WAITFORONE, NULL);
  struct timespec short_time = {0, 10000000};
  later(2);
  hear("until a time", 4, 0, &short_time);
  wait(NULL);
  hear("what is left", 4, MSG_DONTWAIT, NULL);
  struct timeval patience = {0, 50000};
  setsockopt(ends[1], SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  write(ends[0], "alone", 5);
  hear("no more came", 3, 0, NULL);
  hear("nothing came", 3, 0, NULL);
  hear("no room", 0, 0, NULL);
  struct timespec bad = {0, 1000000000};
  hear("a time that is none", 1, 0, &bad);
  return 0;
}
