// Bytes from file to file: sendfile, copy_file_range, splice, tee, vmsplice.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/uio.h>
#include <unistd.h>

#define SAY(what) say(#what, (long)(what))
static void say(const char *what, long answer) {
  printf("%s: %ld %s\n", what, answer, answer < 0 ? strerror(errno) : "");
}
static void show(int fd) {
  char bytes[64] = {0};
  ssize_t size = pread(fd, bytes, 63, 0);
  printf("holds %zd: %s\n", size, bytes);
}

int main(void) {
  int from = open("copying.from", O_RDWR | O_CREAT | O_TRUNC, 0600);
  int to = open("copying.to", O_RDWR | O_CREAT | O_TRUNC, 0600);
  write(from, "the quick brown fox jumps", 25);
  loff_t at = 4, into = 2;
  SAY(copy_file_range(from, &at, to, &into, 5, 0));
  printf("%ld %ld\n", (long)at, (long)into);
  show(to);
  SAY(copy_file_range(from, &at, to, NULL, 100, 0));
  SAY(copy_file_range(from, &at, to, NULL, 100, 0));
  SAY(copy_file_range(from, &at, to, NULL, 1, 1));
  SAY(lseek(to, 0, SEEK_CUR));
  off_t offset = 10;
  SAY(sendfile(to, from, &offset, 5));
  printf("%ld\n", (long)offset);
  lseek(from, 0, SEEK_SET);
  SAY(sendfile(to, from, NULL, 3));
  SAY(lseek(from, 0, SEEK_CUR));
  show(to);
  int one[2], two[2];
  pipe(one);
  pipe(two);
  SAY(sendfile(to, one[0], NULL, 3));
  at = 16;
  SAY(splice(from, &at, one[1], NULL, 9, 0));
  SAY(tee(one[0], two[1], 4, 0));
  SAY(splice(one[0], NULL, two[1], NULL, 100, 0));
  close(two[1]);
  into = 0;
  SAY(splice(two[0], NULL, to, &into, 100, 0));
  SAY(splice(two[0], NULL, to, &into, 100, 0));
  show(to);
  SAY(splice(one[0], NULL, to, NULL, 10, SPLICE_F_NONBLOCK));
  SAY(splice(from, NULL, to, NULL, 10, 0));
  SAY(splice(one[0], &at, to, NULL, 10, 0));
  SAY(tee(from, one[1], 1, 0));
  struct iovec pieces[2] = {{"abc", 3}, {"defg", 4}};
  SAY(vmsplice(one[1], pieces, 2, 0));
  char bytes[8] = {0};
  SAY(read(one[0], bytes, 8));
  puts(bytes);
  SAY(vmsplice(from, pieces, 2, 0));
  unlink("copying.from");
  unlink("copying.to");
  return 0;
}
