#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void) {
  printf("%d\n", mkfifo("fifo", 0600));
  printf("%d %d\n", open("fifo", O_WRONLY | O_NONBLOCK), errno);
  if (fork() == 0) { int w = open("fifo", O_WRONLY); write(w, "through", 7); _exit(0); }
  int r = open("fifo", O_RDONLY);
  char b[20] = {0};
  printf("%zd %s\n", read(r, b, 20), b);
  printf("%zd\n", read(r, b, 20));
  wait(NULL);
  unlink("fifo");
  return 0;
}
