// Mappings that are moved and yet stay, that are shown twice, and that are advised about.
// Recorded from Linux: the emulator answers some of mremap with another error.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096L
#define MAYMOVE 1
#define FIXED 2
#define DONTUNMAP 4

static char *fresh(int pages) {
  return mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static char *remap(void *from, long old, long wanted, int flags, void *to) {
  return (char *)syscall(SYS_mremap, from, old, wanted, flags, to);
}

static void tell(const char *what, char *answer) {
  printf("%s: %s\n", what, answer == MAP_FAILED ? strerrorname_np(errno) : "done");
}

// What a child sees of the first and the last of some pages that were advised about before they became more.
static void grown(const char *what, int advice, int more) {
  char *room = fresh(4), *a = (munmap(room + PAGE, 3 * PAGE), room);
  madvise(a, PAGE, advice);
  madvise(a, PAGE, more);
  a = remap(a, PAGE, 4 * PAGE, MAYMOVE, NULL);
  a[0] = a[3 * PAGE] = 's';
  fflush(stdout);
  if (fork() == 0) {
    unsigned char there;
    int first = mincore(a, PAGE, &there), last = mincore(a + 3 * PAGE, PAGE, &there);
    printf("%s: %d %d", what, first, last);
    if (last == 0) printf(", %d %d", a[0], a[3 * PAGE]);
    printf("\n");
    fflush(stdout);
    _exit(0);
  }
  wait(NULL);
}

// A copy of a file's page is the file's still: who cuts the page off takes the copy away.
static void cut_off(void) {
  int fd = memfd_create("cut", 0);
  ftruncate(fd, 2 * PAGE);
  char *copies = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
  copies[1] = copies[200] = copies[PAGE] = 'c';
  ftruncate(fd, 100);
  ftruncate(fd, 2 * PAGE);
  printf("copies, cut off: %d %d %d\n", copies[1], copies[200], copies[PAGE]);
  copies[PAGE] = 'd';
  fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, PAGE, PAGE);
  printf("a copy of what became a hole: %d\n", copies[PAGE]);
}

static void advise(const char *what, char *at, long length, int advice) {
  printf("%s: %s\n", what, madvise(at, length, advice) == 0 ? "done" : strerrorname_np(errno));
}

int main(void) {
  char *a = fresh(4);
  a[0] = 1, a[PAGE] = 2;
  char *b = remap(a, 2 * PAGE, 2 * PAGE, MAYMOVE | DONTUNMAP, NULL);
  tell("moved, and still there", b);
  printf("%d %d, and zeros where it was: %d\n", b[0], b[PAGE], a[0]);
  a[0] = 7;
  printf("they have nothing in common: %d\n", b[0]);
  tell("of another length", remap(a, 2 * PAGE, PAGE, MAYMOVE | DONTUNMAP, NULL));
  tell("that may not move", remap(a, 2 * PAGE, 2 * PAGE, DONTUNMAP, NULL));
  char *room = fresh(8);
  char *c = remap(b, 2 * PAGE, 2 * PAGE, MAYMOVE | FIXED | DONTUNMAP, room + PAGE);
  printf("to where it was told: %d %d %d\n", c == room + PAGE, c[0], b[0]);
  tell("onto itself", remap(c, 2 * PAGE, 2 * PAGE, MAYMOVE | FIXED | DONTUNMAP, c + PAGE));
  tell("nothing at all", remap(a, 0, PAGE, MAYMOVE, NULL));

  int fd = memfd_create("shown", 0);
  ftruncate(fd, 4 * PAGE);
  char *shared = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, PAGE);
  shared[PAGE] = 's';
  char *twice = remap(shared + PAGE, 0, PAGE, MAYMOVE, NULL);
  tell("a file's pages twice", twice);
  twice[0] = 't';
  printf("one file: %c\n", shared[PAGE]);
  tell("that may not move", remap(shared, 0, PAGE, 0, NULL));
  tell("a file's pages, that stay", remap(shared, 2 * PAGE, 2 * PAGE, MAYMOVE | DONTUNMAP, NULL));
  printf("one file: %c\n", shared[PAGE]);

  advise("free a file's", shared, PAGE, MADV_FREE);
  advise("take a part away", shared + PAGE, PAGE, MADV_REMOVE);
  char byte = 9;
  pread(fd, &byte, 1, 2 * PAGE);
  printf("it is zeros everywhere: %d %d %d\n", shared[PAGE], twice[0], byte);
  advise("of what is no file", a, PAGE, MADV_REMOVE);
  char *readable = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
  advise("of what is only read", readable, PAGE, MADV_REMOVE);
  char *none = fresh(2);
  unsigned char there[2];
  advise("bring them", none, 2 * PAGE, MADV_POPULATE_WRITE);
  mincore(none, 2 * PAGE, there);
  printf("both are there: %d %d\n", there[0] & 1, there[1] & 1);
  advise("bring what cannot be written", readable, PAGE, MADV_POPULATE_WRITE);
  advise("bring what can be read", readable, PAGE, MADV_POPULATE_READ);
  printf("lock in an unknown way: %d\n", mlock2(none, PAGE, 8) == -1 && errno == EINVAL);
  grown("wiped in a child", MADV_WIPEONFORK, MADV_NORMAL);
  grown("wiped, and in a child", MADV_WIPEONFORK, MADV_DOFORK);
  grown("not in a child", MADV_DONTFORK, MADV_NORMAL);
  grown("not in a child, and kept", MADV_DONTFORK, MADV_KEEPONFORK);
  cut_off();
  return 0;
}
