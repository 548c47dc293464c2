#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
int main(void) {
  uint64_t v = 5;
  int e = eventfd(3, EFD_NONBLOCK);
  printf("%zd\n", write(e, &v, 8)); read(e, &v, 8); printf("%d\n", (int)v);
  printf("%zd %d\n", read(e, &v, 8), errno);
  int s = eventfd(2, EFD_SEMAPHORE); read(s, &v, 8); printf("%d\n", (int)v);
  int t = timerfd_create(CLOCK_MONOTONIC, 0);
  struct itimerspec it = {{0, 5000000}, {0, 10000000}}, now;
  timerfd_settime(t, 0, &it, NULL);
  timerfd_gettime(t, &now); printf("%d %ld\n", now.it_value.tv_nsec > 0, now.it_interval.tv_nsec);
  read(t, &v, 8); printf("%d\n", (int)v >= 1);
  usleep(30000); read(t, &v, 8); printf("%d\n", (int)v >= 3);
  int p = epoll_create1(0), q[2]; pipe(q);
  struct epoll_event ev = {EPOLLIN, {.u32 = 7}}, out[4];
  printf("%d\n", epoll_ctl(p, EPOLL_CTL_ADD, q[0], &ev));
  printf("%d %d\n", epoll_ctl(p, EPOLL_CTL_ADD, q[0], &ev), errno);
  printf("%d\n", epoll_wait(p, out, 4, 10));
  write(q[1], "x", 1);
  printf("%d", epoll_wait(p, out, 4, -1)); printf(" %d %d\n", out[0].events, out[0].data.u32);
  printf("%d\n", epoll_wait(p, out, 4, 0));
  ev.events = EPOLLIN | EPOLLET; epoll_ctl(p, EPOLL_CTL_MOD, q[0], &ev);
  printf("%d\n", epoll_wait(p, out, 4, 0)); printf("%d\n", epoll_wait(p, out, 4, 0));
  write(q[1], "y", 1); printf("%d\n", epoll_wait(p, out, 4, 0));
  close(q[1]); printf("%d", epoll_wait(p, out, 4, -1)); printf(" %x\n", out[0].events);
  printf("%d %d\n", epoll_ctl(p, EPOLL_CTL_DEL, q[0], NULL), epoll_ctl(p, EPOLL_CTL_DEL, q[0], NULL));
  sigset_t m; sigemptyset(&m); sigaddset(&m, SIGUSR1); sigprocmask(SIG_BLOCK, &m, NULL);
  int g = signalfd(-1, &m, 0); raise(SIGUSR1);
  struct signalfd_siginfo si; printf("%zd %d %d\n", read(g, &si, sizeof si), si.ssi_signo == SIGUSR1, si.ssi_pid == getpid());
  ev.events = EPOLLIN; ev.data.u32 = 9; epoll_ctl(p, EPOLL_CTL_ADD, e, &ev);
  if (fork() == 0) { usleep(5000); v = 1; write(e, &v, 8); _exit(0); }
  printf("%d %d\n", epoll_wait(p, out, 4, -1), out[0].data.u32);
  wait(NULL);
  return 0;
}
