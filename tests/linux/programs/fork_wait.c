#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
int global = 1;
int main(void) {
  int local = 2, status;
  pid_t p = fork();
  if (p == 0) { global = 10; local = 20; _exit(global + local); }
  printf("%d\n", waitpid(p, &status, 0) == p);
  printf("%d %d %d %d\n", WIFEXITED(status), WEXITSTATUS(status), global, local);
  p = fork();
  if (p == 0) { raise(SIGKILL); }
  wait(&status);
  printf("%d %d\n", WIFSIGNALED(status), WTERMSIG(status));
  p = fork();
  if (p == 0) { abort(); }
  wait(&status);
  printf("%d %d\n", WIFSIGNALED(status), WTERMSIG(status));
  printf("%d %d\n", wait(&status), errno);
  p = fork();
  if (p == 0) { pause(); _exit(1); }
  printf("%d\n", waitpid(p, &status, WNOHANG));
  kill(p, SIGTERM);
  printf("%d\n", waitpid(p, &status, 0) == p);
  printf("%d\n", WTERMSIG(status));
  int sum = 0;
  for (int i = 0; i < 20; i++) if (fork() == 0) _exit(i);
  while (wait(&status) > 0) sum += WEXITSTATUS(status);
  printf("%d\n", sum);
  printf("%d\n", getppid() > 0);
  siginfo_t info;
  p = fork();
  if (p == 0) _exit(9);
  printf("%d\n", waitid(P_PID, p, &info, WEXITED | WNOWAIT));
  printf("%d %d %d\n", info.si_code == CLD_EXITED, info.si_status, info.si_pid == p);
  printf("%d\n", waitid(P_PID, p, &info, WEXITED));
  printf("%d %d\n", waitid(P_PID, p, &info, WEXITED), errno);
  return 0;
}
