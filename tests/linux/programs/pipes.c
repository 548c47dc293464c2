#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void) {
  int p[2];
  char b[100] = {0};
  pipe(p);
  if (fork() == 0) { close(p[0]); write(p[1], "from child", 10); _exit(0); }
  close(p[1]);
  printf("%zd %s\n", read(p[0], b, 100), b);
  printf("%zd\n", read(p[0], b, 100));
  wait(NULL);
  close(p[0]);
  pipe2(p, O_NONBLOCK);
  printf("%zd %d\n", read(p[0], b, 1), errno);
  static char big[70000];
  printf("%zd\n", write(p[1], big, sizeof big));
  printf("%zd %d\n", write(p[1], big, 1), errno);
  close(p[0]);
  signal(SIGPIPE, SIG_IGN);
  printf("%zd %d\n", write(p[1], b, 1), errno);
  close(p[1]);
  pipe(p);
  if (fork() == 0) {
    close(p[0]);
    for (int i = 0; i < 200; i++) write(p[1], big, 1000);
    _exit(0);
  }
  close(p[1]);
  long total = 0; ssize_t n;
  while ((n = read(p[0], big, 4096)) > 0) total += n;
  printf("%ld\n", total);
  wait(NULL);
  printf("%ld %d\n", (long)lseek(p[0], 0, SEEK_SET), errno);
  return 0;
}
