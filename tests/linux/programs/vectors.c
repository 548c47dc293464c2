// Reads and writes of many pieces at offsets, with and without flags.
// Recorded from Linux: the emulator refuses flags of pwritev2.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#define SAY(what) say(#what, (long)(what))
static void say(const char *what, long answer) {
  printf("%s: %ld %s\n", what, answer, answer < 0 ? strerror(errno) : "");
}

int main(void) {
  int fd = open("vectors", O_RDWR | O_CREAT | O_TRUNC, 0600), ends[2];
  pipe(ends);
  struct iovec out[3] = {{"one ", 4}, {"", 0}, {"two ", 4}};
  SAY(writev(fd, out, 3));
  SAY(pwritev(fd, out, 3, 20));
  SAY(pwritev2(fd, out, 1, -1, 0));
  SAY(pwritev2(fd, out, 1, 0, RWF_APPEND));
  SAY(pwritev2(fd, out, 1, 0, RWF_SYNC | RWF_DSYNC));
  SAY(lseek(fd, 0, SEEK_CUR));
  char a[6] = {0}, b[40] = {0};
  struct iovec in[2] = {{a, 5}, {b, 39}};
  SAY(preadv(fd, in, 2, 2));
  printf("%s|%s\n", a, b);
  SAY(preadv2(fd, in, 2, 0, RWF_HIPRI));
  SAY(preadv2(fd, in, 2, -1, 0));
  SAY(preadv2(fd, in, 2, 0, 0x4000));
  SAY(preadv(ends[0], in, 2, 0));
  SAY(preadv(fd, in, 2, -5));
  SAY(readv(fd, in, -1));
  SAY(readv(fd, in, 2000));
  struct iovec bad[2] = {{a, 5}, {(void *)16, 5}};
  SAY(preadv(fd, bad, 2, 0));
  SAY(preadv(fd, bad + 1, 1, 0));
  unlink("vectors");
  return 0;
}
