#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>
int main(void) {
  int fd = open("positions", O_RDWR | O_CREAT | O_EXCL, 0644);
  printf("%zd\n", write(fd, "0123456789", 10));
  printf("%ld %ld %ld\n", lseek(fd, 4, SEEK_SET), lseek(fd, 2, SEEK_CUR), lseek(fd, -1, SEEK_END));
  printf("%ld %d\n", lseek(fd, -100, SEEK_CUR), errno);
  char b[16] = {0};
  printf("%zd %s\n", pread(fd, b, 3, 5), b);
  printf("%zd\n", pwrite(fd, "ab", 2, 20));
  printf("%ld\n", lseek(fd, 0, SEEK_END));
  memset(b, 'x', sizeof b);
  printf("%zd %d %d\n", pread(fd, b, 4, 12), b[0], b[3]);
  struct iovec v[2] = {{"one", 3}, {"two", 3}};
  printf("%zd\n", writev(fd, v, 2));
  lseek(fd, 22, SEEK_SET);
  char c[4] = {0}, d[4] = {0};
  struct iovec r[2] = {{c, 3}, {d, 3}};
  printf("%zd %s %s\n", readv(fd, r, 2), c, d);
  printf("%d\n", ftruncate(fd, 5));
  printf("%ld\n", lseek(fd, 0, SEEK_END));
  printf("%zd %d\n", read(99, b, 1), errno);
  int again = open("positions", O_RDWR | O_CREAT | O_EXCL, 0644);
  printf("%d %d\n", again, errno);
  printf("%ld\n", lseek(fd, 1L << 33, SEEK_SET));
  printf("%zd\n", write(fd, "z", 1));
  printf("%ld\n", lseek(fd, 0, SEEK_END));
  close(fd);
  unlink("positions");
  return 0;
}
