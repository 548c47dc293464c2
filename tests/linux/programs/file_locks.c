#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void) {
  int fd = open("locked", O_RDWR | O_CREAT, 0600);
  struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 10, .l_len = 10};
  printf("%d\n", fcntl(fd, F_SETLK, &l));
  pid_t parent = getpid();
  if (fork() == 0) {
    struct flock k = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 15};
    printf("%d %d\n", fcntl(fd, F_SETLK, &k), errno == EAGAIN || errno == EACCES);
    fcntl(fd, F_GETLK, &k);
    printf("%d %ld %ld %d\n", k.l_type == F_WRLCK, (long)k.l_start, (long)k.l_len, k.l_pid == parent);
    k.l_type = F_WRLCK; k.l_start = 20; k.l_len = 0;
    printf("%d\n", fcntl(fd, F_SETLK, &k));
    fflush(stdout);
    _exit(0);
  }
  wait(NULL);
  l.l_type = F_UNLCK; fcntl(fd, F_SETLK, &l);
  int other = open("locked", O_RDWR);
  printf("%d\n", flock(fd, LOCK_EX));
  printf("%d %d\n", flock(other, LOCK_EX | LOCK_NB), errno == EWOULDBLOCK);
  flock(fd, LOCK_UN);
  printf("%d\n", flock(other, LOCK_SH | LOCK_NB));
  unlink("locked");
  return 0;
}
