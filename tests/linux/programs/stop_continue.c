#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void) {
  int status; pid_t p = fork();
  if (p == 0) { for (;;) pause(); }
  kill(p, SIGSTOP);
  printf("%d\n", waitpid(p, &status, WUNTRACED) == p);
  printf("%d %d\n", WIFSTOPPED(status), WSTOPSIG(status));
  kill(p, SIGCONT);
  printf("%d\n", waitpid(p, &status, WCONTINUED) == p);
  printf("%d\n", WIFCONTINUED(status));
  kill(p, SIGKILL);
  waitpid(p, &status, 0);
  printf("%d\n", WTERMSIG(status));
  return 0;
}
