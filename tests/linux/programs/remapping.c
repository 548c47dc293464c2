// Mappings that grow, shrink, move and are advised about; pages that are there or not.
// Recorded from Linux: the emulator answers some of mremap with another error.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096
#define SAY(what) say(#what, (long)(what))
static void say(const char *what, long answer) {
  printf("%s: %ld %s\n", what, answer, answer < 0 ? strerror(errno) : "");
}
static char *map(size_t pages) { return mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); }

int main(void) {
  char *room = map(32), *a = room + 4 * PAGE;
  munmap(room, 32 * PAGE);
  mmap(a, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  for (int one = 0; one < 4; one++) a[one * PAGE] = 'a' + one;
  SAY(mremap(a, 4 * PAGE, 8 * PAGE, 0) == a);
  printf("%c %d\n", a[3 * PAGE], a[7 * PAGE]);
  mmap(a + 8 * PAGE, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  SAY(mremap(a, 8 * PAGE, 10 * PAGE, 0) == MAP_FAILED ? -1 : 0);
  char *b = mremap(a, 8 * PAGE, 10 * PAGE, MREMAP_MAYMOVE);
  printf("moved %d: %c %c\n", b != a, b[0], b[3 * PAGE]);
  SAY(mremap(b, 10 * PAGE, 2 * PAGE, 0) == b);
  char *c = room + 20 * PAGE;
  SAY(mremap(b, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, c) == c);
  printf("%c %c\n", c[0], c[PAGE]);
  SAY(mremap(c + 1, PAGE, PAGE, 0) == MAP_FAILED ? -1 : 0);
  SAY(mremap(c, PAGE, 0, 0) == MAP_FAILED ? -1 : 0);
  SAY(mremap(room, PAGE, 2 * PAGE, 0) == MAP_FAILED ? -1 : 0);
  SAY(mremap(c, PAGE, PAGE, 8) == MAP_FAILED ? -1 : 0);
  unsigned char there[4];
  char *fresh = map(4);
  fresh[PAGE] = 1;
  SAY(mincore(fresh, 4 * PAGE, there));
  printf("%d %d %d\n", there[0] & 1, there[1] & 1, there[3] & 1);
  SAY(mincore(fresh + 1, PAGE, there));
  SAY(mlock(fresh, 3 * PAGE));
  mincore(fresh, 4 * PAGE, there);
  printf("%d %d\n", there[0] & 1, there[2] & 1);
  SAY(munlock(fresh, 3 * PAGE));
  SAY(madvise(fresh, 4 * PAGE, MADV_DONTNEED));
  printf("gone %d\n", fresh[PAGE]);
  SAY(madvise(fresh, 4 * PAGE, 9999));
  SAY(madvise(fresh + 1, PAGE, MADV_DONTNEED));
  munmap(fresh + PAGE, PAGE);
  SAY(madvise(fresh, 4 * PAGE, MADV_DONTNEED));
  SAY(mlock(fresh, 4 * PAGE));
  SAY(mprotect(fresh, 4 * PAGE, PROT_READ));
  SAY(msync(fresh, PAGE, MS_SYNC | MS_ASYNC));
  SAY(msync(fresh + 1, PAGE, MS_SYNC));
  SAY(msync(fresh, 4 * PAGE, MS_SYNC));
  char *secret = map(1);
  *secret = 's';
  madvise(secret, PAGE, MADV_WIPEONFORK);
  char *kept = map(1);
  *kept = 'k';
  madvise(kept, PAGE, MADV_DONTFORK);
  fflush(stdout);
  if (fork() == 0) _exit(*secret == 0 ? 1 : 2);
  int status;
  wait(&status);
  printf("wiped %d\n", WEXITSTATUS(status));
  if (fork() == 0) _exit(*kept);
  wait(&status);
  printf("absent %d\n", WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
  int fd = open("remapped", O_RDWR | O_CREAT, 0600);
  ftruncate(fd, 3 * PAGE);
  char *file = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, PAGE);
  strcpy(file, "in the middle");
  file = mremap(file, PAGE, 2 * PAGE, MREMAP_MAYMOVE);
  strcpy(file + PAGE, "at the end");
  char bytes[16] = {0};
  pread(fd, bytes, 11, 2 * PAGE);
  printf("%s, %s\n", file, bytes);
  unlink("remapped");
  return 0;
}
