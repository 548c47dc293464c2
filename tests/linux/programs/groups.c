#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void) {
  int p[2]; char c; pipe(p);
  pid_t child = fork();
  if (child == 0) {
    setpgid(0, 0);
    for (int i = 0; i < 3; i++) if (fork() == 0) { write(p[1], "r", 1); for (;;) pause(); }
    write(p[1], "r", 1);
    for (;;) pause();
  }
  for (int i = 0; i < 4; i++) read(p[0], &c, 1);
  printf("%d\n", getpgid(child) == child);
  printf("%d\n", getsid(child) == getsid(0));
  printf("%d\n", kill(-child, SIGTERM));
  int status; waitpid(child, &status, 0);
  printf("%d\n", WTERMSIG(status));
  close(p[1]);
  printf("%zd\n", read(p[0], &c, 1));
  if (fork() == 0) {
    pid_t s = setsid();
    printf("%d %d %d\n", s == getpid(), getpgrp() == s, getsid(0) == s);
    printf("%d %d\n", setsid(), errno);
    printf("%d %d\n", setpgid(0, 0), errno);
    fflush(stdout); _exit(0);
  }
  wait(NULL);
  printf("%d %d\n", kill(-(1 << 30), 0), errno);
  return 0;
}
