#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>
int main(void) {
  int a = open("/dev/null", O_RDWR);
  int b = dup(a);
  printf("%d %d\n", b - a, dup2(a, 20));
  printf("%d\n", fcntl(20, F_DUPFD, 25));
  printf("%d\n", fcntl(a, F_GETFD));
  fcntl(a, F_SETFD, FD_CLOEXEC);
  printf("%d\n", fcntl(a, F_GETFD));
  printf("%d\n", fcntl(dup3(a, 30, O_CLOEXEC), F_GETFD));
  printf("%o\n", fcntl(a, F_GETFL) & 0777 & ~0400);
  fcntl(a, F_SETFL, O_NONBLOCK | O_APPEND);
  printf("%o %o\n", fcntl(b, F_GETFL) & O_NONBLOCK, fcntl(b, F_GETFL) & O_APPEND);
  printf("%d %d\n", dup2(99, 3), errno);
  printf("%d\n", dup2(a, a) == a);
  printf("%d %d\n", close(77), errno);
  struct rlimit l = {40, 40};
  setrlimit(RLIMIT_NOFILE, &l);
  int last = 0, n;
  while ((n = dup(a)) >= 0) last = n;
  printf("%d %d\n", last, errno);
  char c[4];
  printf("%zd\n", read(a, c, 4));
  int z = open("/dev/zero", O_RDONLY);
  printf("%d %d\n", z, errno);
  return 0;
}
