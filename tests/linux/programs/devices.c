#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
int main(void) {
  char b[16]; int fd = open("/dev/zero", O_RDWR); memset(b, 1, 16);
  printf("%zd %d %zd\n", read(fd, b, 16), b[15], write(fd, b, 16));
  fd = open("/dev/full", O_RDWR); printf("%zd %d\n", write(fd, b, 1), errno);
  fd = open("/dev/null", O_RDWR); printf("%zd %zd\n", read(fd, b, 16), write(fd, b, 16));
  struct stat s; fstat(fd, &s); printf("%d %u %u\n", S_ISCHR(s.st_mode), major(s.st_rdev), minor(s.st_rdev));
  fd = open("/dev/urandom", O_RDONLY); char c[16]; read(fd, b, 16); read(fd, c, 16); printf("%d\n", memcmp(b, c, 16) != 0);
  printf("%zd %zd\n", getrandom(b, 16, 0), getrandom(b, 16, GRND_NONBLOCK));
  printf("%zd %d\n", getrandom(b, 16, 0x80), errno);
  return 0;
}
