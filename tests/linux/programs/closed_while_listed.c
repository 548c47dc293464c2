// Descriptors that are closed while /proc/self/fd is read, a few names at a time.
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FIRST 100
#define COUNT 40

struct entry {
  unsigned long ino;
  long offset;
  unsigned short length;
  unsigned char type;
  char name[];
};

int main(void) {
  char buffer[128] __attribute__((aligned(8)));
  int found = 0, null = open("/dev/null", O_RDONLY);
  for (int i = 0; i < COUNT; i++)
    dup2(null, FIRST + i);
  int dir = open("/proc/self/fd", O_RDONLY | O_DIRECTORY);
  for (;;) {
    long length = syscall(SYS_getdents64, dir, buffer, sizeof buffer);
    if (length <= 0)
      break;
    for (long at = 0; at < length;) {
      struct entry *one = (struct entry *)(buffer + at);
      int fd = atoi(one->name);
      if (fd >= FIRST && fd < FIRST + COUNT) {
        printf("%d closed: %d\n", fd, close(fd));
        found++;
      }
      at += one->length;
    }
  }
  printf("%d of %d\n", found, COUNT);
  return 0;
}
