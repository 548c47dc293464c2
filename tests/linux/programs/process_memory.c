// Another process's memory, read and written in pieces.
// Recorded from Linux: programs' addresses are not the host's under the emulator.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static char text[64] = "as it was before";

int main(void) {
  int ends[2], back[2];
  pipe(ends);
  pipe(back);
  pid_t child = fork();
  if (child == 0) {
    strcpy(text, "what the child says");
    write(back[1], "x", 1);
    char byte;
    read(ends[0], &byte, 1);
    puts(text);
    fflush(stdout);
    _exit(0);
  }
  char byte, first[5] = {0}, second[20] = {0};
  read(back[0], &byte, 1);
  struct iovec here[2] = {{first, 4}, {second, 15}}, there[2] = {{text, 9}, {text + 9, 10}};
  printf("%zd %s|%s\n", process_vm_readv(child, here, 2, there, 2, 0), first, second);
  struct iovec mine = {"the parent ", 11}, theirs = {text, 11};
  printf("%zd\n", process_vm_writev(child, &mine, 1, &theirs, 1, 0));
  struct iovec bad = {(void *)8, 4};
  printf("%zd", process_vm_readv(child, here, 1, &bad, 1, 0));
  printf(" %s\n", strerror(errno));
  printf("%zd", process_vm_readv(child, here, 1, there, 1, 1));
  printf(" %s\n", strerror(errno));
  printf("own text is %s\n", text);
  fflush(stdout);
  write(ends[1], "x", 1);
  waitpid(child, NULL, 0);
  printf("%zd", process_vm_readv(child, here, 1, there, 1, 0));
  printf(" %s\n", strerror(errno));
  return 0;
}
