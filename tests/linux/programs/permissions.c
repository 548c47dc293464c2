#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>
int main(void) {
  umask(022);
  int fd = open("perm", O_CREAT | O_RDWR, 0666);
  struct stat s;
  fstat(fd, &s);
  printf("%o\n", s.st_mode);
  fchmod(fd, 0400); fstat(fd, &s); printf("%o\n", s.st_mode);
  chmod("perm", 04755); stat("perm", &s); printf("%o\n", s.st_mode);
  printf("%o\n", umask(077));
  mkdir("permd", 0777); stat("permd", &s); printf("%o\n", s.st_mode);
  rmdir("permd");
  printf("%d %d\n", access("perm", X_OK), access("perm", F_OK));
  printf("%d %d\n", access("nope", F_OK), errno);
  struct timespec t[2] = {{1000, 5}, {2000, 7}};
  utimensat(AT_FDCWD, "perm", t, 0);
  stat("perm", &s);
  printf("%ld %ld %ld %ld\n", s.st_atim.tv_sec, s.st_atim.tv_nsec, s.st_mtim.tv_sec, s.st_mtim.tv_nsec);
  printf("%d %ld\n", (int)s.st_nlink, (long)s.st_size);
  unlink("perm");
  fstat(fd, &s); printf("%d\n", (int)s.st_nlink);
  return 0;
}
