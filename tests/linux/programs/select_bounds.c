// A table of descriptors has 64 slots until it needs more; select looks no further than that.
// Recorded from Linux: the emulator has descriptors of its own in the way.
#include <errno.h>
#include <stdio.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>
static void look(int fd) {
  fd_set r; FD_ZERO(&r); FD_SET(fd, &r);
  struct timeval t = {0, 0};
  errno = 0;
  int n = select(fd + 1, &r, NULL, NULL, &t);
  printf("%d: %d %d %d\n", fd, n, errno, FD_ISSET(fd, &r) != 0);
}
static void lookAll(void) {
  look(63); look(64); look(127); look(128); look(255); look(256);
  fflush(stdout);
}
int main(void) {
  for (int fd = 3; fd < 1024; fd++) close(fd);
  // A child's table is as large as what is open needs, whatever its parent's has been.
  if (fork() != 0) { wait(NULL); return 0; }
  lookAll();
  dup2(1, 100); puts("100"); lookAll();
  dup2(1, 130); puts("130"); lookAll();
  close(130);
  if (fork() == 0) { puts("child"); lookAll(); _exit(0); }
  wait(NULL);
  return 0;
}
