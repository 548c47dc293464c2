#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
static volatile int count;
static void handler(int s) { count++; }
static void set(int flags) { struct sigaction a = {0}; a.sa_handler = handler; a.sa_flags = flags; sigaction(SIGALRM, &a, NULL); }
static void arm(void) { struct itimerval t = {{0, 0}, {0, 20000}}; setitimer(ITIMER_REAL, &t, NULL); }
int main(void) {
  int p[2]; char c; pipe(p);
  set(0); arm();
  printf("%zd %d %d\n", read(p[0], &c, 1), errno == EINTR, count);
  set(SA_RESTART); arm();
  if (fork() == 0) { usleep(60000); write(p[1], "x", 1); _exit(0); }
  printf("%zd %c %d\n", read(p[0], &c, 1), c, count);
  wait(NULL);
  set(SA_RESTART); arm();
  struct timespec want = {0, 500000000}, left;
  int r = nanosleep(&want, &left);
  printf("%d %d %d\n", r, errno == EINTR, left.tv_nsec > 100000000);
  set(SA_RESTART); arm();
  r = pause();
  printf("%d %d %d\n", r, errno == EINTR, count);
  set(SA_RESTART); arm();
  int status; pid_t child = fork();
  if (child == 0) { usleep(60000); _exit(4); }
  printf("%d %d\n", waitpid(child, &status, 0) == child, WEXITSTATUS(status));
  sigset_t mask; sigemptyset(&mask);
  sigset_t block; sigemptyset(&block); sigaddset(&block, SIGALRM);
  sigprocmask(SIG_BLOCK, &block, NULL);
  int before = count; arm();
  r = sigsuspend(&mask);
  printf("%d %d %d\n", r, errno == EINTR, count - before);
  return 0;
}
