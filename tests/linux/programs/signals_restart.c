// What a signal does to a call that waits: ends it, or has it go on. The alarm goes off again and again, so
// that one comes while the call waits, however late it begins to.
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
static volatile int count;
static void handler(int s) { count++; }
static void set(int flags) { struct sigaction a = {0}; a.sa_handler = handler; a.sa_flags = flags; sigaction(SIGALRM, &a, NULL); }
static void arm(void) { struct itimerval t = {{0, 20000}, {0, 20000}}; count = 0; setitimer(ITIMER_REAL, &t, NULL); }
static int alarms(void) { struct itimerval t = {{0, 0}, {0, 0}}; setitimer(ITIMER_REAL, &t, NULL); return count > 0; }
int main(void) {
  int p[2]; char c; pipe(p);
  set(0); arm();
  ssize_t n = read(p[0], &c, 1);
  printf("%zd %d %d\n", n, errno == EINTR, alarms());
  set(SA_RESTART); arm();
  if (fork() == 0) { usleep(90000); write(p[1], "x", 1); _exit(0); }
  n = read(p[0], &c, 1);
  printf("%zd %c %d\n", n, c, alarms());
  wait(NULL);
  set(SA_RESTART); arm();
  struct timespec want = {5000, 0}, left;
  int r = nanosleep(&want, &left);
  printf("%d %d %d %d\n", r, errno == EINTR, left.tv_sec > 1000, alarms());
  set(SA_RESTART); arm();
  r = pause();
  printf("%d %d %d\n", r, errno == EINTR, alarms());
  set(SA_RESTART); arm();
  int status; pid_t child = fork();
  if (child == 0) { usleep(90000); _exit(4); }
  r = waitpid(child, &status, 0);
  printf("%d %d %d\n", r == child, WEXITSTATUS(status), alarms());
  sigset_t mask; sigemptyset(&mask);
  sigset_t block; sigemptyset(&block); sigaddset(&block, SIGALRM);
  sigprocmask(SIG_BLOCK, &block, NULL);
  arm();
  r = sigsuspend(&mask);
  printf("%d %d %d\n", r, errno == EINTR, count);
  return 0;
}
