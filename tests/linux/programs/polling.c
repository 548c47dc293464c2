#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/select.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void) {
  int p[2], q[2]; pipe(p); pipe(q);
  struct pollfd f[3] = {{p[0], POLLIN}, {p[1], POLLOUT}, {99, POLLIN}};
  printf("%d", poll(f, 3, 0)); printf(" %d %d %d\n", f[0].revents, f[1].revents, f[2].revents);
  write(p[1], "x", 1);
  printf("%d", poll(f, 1, -1)); printf(" %d\n", f[0].revents);
  close(p[1]);
  char c; read(p[0], &c, 1);
  printf("%d", poll(f, 1, -1)); printf(" %d\n", f[0].revents);
  f[0].fd = q[0];
  printf("%d\n", poll(f, 1, 20));
  if (fork() == 0) { usleep(20000); write(q[1], "y", 1); _exit(0); }
  printf("%d %d\n", poll(f, 1, -1), f[0].revents);
  wait(NULL);
  fd_set r, w; FD_ZERO(&r); FD_ZERO(&w); FD_SET(q[0], &r); FD_SET(q[1], &w);
  printf("%d", select(q[1] + 1, &r, &w, NULL, NULL)); printf(" %d %d\n", FD_ISSET(q[0], &r) != 0, FD_ISSET(q[1], &w) != 0);
  read(q[0], &c, 1);
  FD_ZERO(&r); FD_SET(q[0], &r);
  struct timeval t = {0, 10000};
  printf("%d %d\n", select(q[0] + 1, &r, NULL, NULL, &t), FD_ISSET(q[0], &r) != 0);
  FD_SET(50, &r); t.tv_usec = 0;
  printf("%d %d\n", select(51, &r, NULL, NULL, &t), errno);
  return 0;
}
