// A program that executes itself, and what execve answers where it cannot.
// Recorded from Linux: the emulator has the host execute, which cannot execute programs of RISC-V.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
int main(int argc, char **argv, char **envp) {
  if (argc > 1 && strcmp(argv[1], "child") == 0) {
    printf("child %d %s %s\n", argc, argv[2], getenv("NAME") ? getenv("NAME") : "-");
    printf("%d %d\n", fcntl(10, F_GETFD), fcntl(11, F_GETFD));
    fflush(stdout);
    return 5;
  }
  dup2(1, 10);
  dup3(1, 11, O_CLOEXEC);
  int status, answer;
  if (fork() == 0) {
    char *args[] = {"whatever", "child", "two words", NULL};
    char *env[] = {"NAME=value", NULL};
    execve("/proc/self/exe", args, env);
    _exit(99);
  }
  wait(&status);
  printf("%d\n", WEXITSTATUS(status));
  char *args[] = {"x", NULL};
  answer = execve("/does/not/exist", args, envp); printf("%d %d\n", answer, errno);
  answer = execve("/tmp", args, envp); printf("%d %d\n", answer, errno);
  answer = execve("", args, envp); printf("%d %d\n", answer, errno);
  int fd = open("noexec", O_CREAT | O_WRONLY, 0644); close(fd);
  answer = execve("noexec", args, envp); printf("%d %d\n", answer, errno);
  chmod("noexec", 0755);
  answer = execve("noexec", args, envp); printf("%d %d\n", answer, errno);
  unlink("noexec");
  return 0;
}
