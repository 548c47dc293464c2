#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
int main(void) {
  char *a = mmap(NULL, 16384, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  memset(a, 1, 16384);
  printf("%d\n", munmap(a + 4096, 4096));
  printf("%d %d\n", a[0], a[8192]);
  char *b = mmap(a + 4096, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  printf("%d %d\n", b == a + 4096, b[0]);
  int fd = open("mapped", O_RDWR | O_CREAT | O_TRUNC, 0600);
  char page[5000]; memset(page, 'f', sizeof page); write(fd, page, sizeof page);
  char *priv = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
  char *shared = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  priv[0] = 'p'; shared[1] = 's'; shared[4999] = 'e'; shared[5001] = 'z';
  char c[2]; pread(fd, c, 2, 0);
  printf("%c%c %c%c %d %d\n", c[0], c[1], priv[0], priv[1], priv[4999], shared[5001]);
  msync(shared, 8192, MS_SYNC);
  printf("%ld\n", (long)lseek(fd, 0, SEEK_END));
  pwrite(fd, "W", 1, 2);
  printf("%c %c\n", shared[2], priv[2]);
  printf("%d %d\n", mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED, errno);
  printf("%d %d\n", mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, 99, 0) == MAP_FAILED, errno);
  printf("%d %d\n", munmap((void *)1, 4096), errno);
  printf("%d\n", madvise(a, 4096, MADV_DONTNEED));
  printf("%d\n", a[0]);
  char *m = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  strcpy(m, "moves");
  m = mremap(m, 4096, 1 << 20, MREMAP_MAYMOVE);
  printf("%s %d\n", m, m[1000000]);
  m = mremap(m, 1 << 20, 4096, 0);
  printf("%s\n", m);
  int ro = open("mapped", O_RDONLY);
  printf("%d %d\n", mmap(NULL, 4096, PROT_WRITE, MAP_SHARED, ro, 0) == MAP_FAILED, errno);
  unlink("mapped");
  return 0;
}
