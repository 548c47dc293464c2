// Memory that is sealed, and what calls about memory refuse.
// Recorded from Linux: the emulator answers some of these calls with other errors.
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
#define WRITTEN (PROT_READ | PROT_WRITE)
#define NEW (MAP_PRIVATE | MAP_ANONYMOUS)
#define MSEAL 462

static void tell(const char *what, int fails) { printf("%s: %s\n", what, fails ? strerrorname_np(errno) : "done"); }
static char *fresh(int pages) { return mmap(NULL, pages * PAGE, WRITTEN, NEW, -1, 0); }
static void map(const char *what, void *at, int prot, int flags, int fd) {
  char *found = mmap(at, PAGE, prot, flags, fd, 0);
  tell(what, found == MAP_FAILED);
  if (found != MAP_FAILED && !at) munmap(found, PAGE);
}
static void remap(const char *what, void *from, long old, long wanted, int flags, void *to) {
  tell(what, syscall(SYS_mremap, from, old, wanted, flags, to) == -1);
}
static int is_mapped(char *at) {
  unsigned char there;
  return mincore(at, PAGE, &there) == 0;
}

static void sealed(void) {
  char *a = fresh(4);
  a[0] = a[PAGE] = a[2 * PAGE] = 's';
  tell("with a flag", syscall(MSEAL, a, PAGE, 1));
  tell("within a page", syscall(MSEAL, a + 1, PAGE, 0));
  tell("nothing", syscall(MSEAL, a, 0, 0));
  tell("all there is", syscall(MSEAL, a, -1L, 0));
  tell("nothing there", syscall(MSEAL, 0x2000000000, PAGE, 0));
  tell("two pages", syscall(MSEAL, a + PAGE, 2 * PAGE, 0));
  tell("again", syscall(MSEAL, a + PAGE, 2 * PAGE, 0));
  tell("unmapped", munmap(a, 4 * PAGE));
  printf("nothing went %d\n", is_mapped(a) && is_mapped(a + 3 * PAGE));
  tell("protected", mprotect(a + 2 * PAGE, PAGE, PROT_READ));
  tell("protected as it is", mprotect(a + 2 * PAGE, PAGE, WRITTEN));
  map("in its place", a + PAGE, PROT_READ, NEW | MAP_FIXED, -1);
  remap("as long as it is", a + PAGE, PAGE, PAGE, 0, NULL);
  remap("longer", a + PAGE, 2 * PAGE, 3 * PAGE, MREMAP_MAYMOVE, NULL);
  remap("shorter", a, 4 * PAGE, PAGE, 0, NULL);
  remap("another in its place", a + 3 * PAGE, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, a + PAGE);
  tell("locked", mlock(a + PAGE, PAGE));
  munlock(a + PAGE, PAGE);
  tell("what is written is not needed", madvise(a + PAGE, PAGE, MADV_DONTNEED));
  tell("not in a child", madvise(a + PAGE, PAGE, MADV_DONTFORK));
  madvise(a + PAGE, PAGE, MADV_DOFORK);
  printf("%d %c\n", a[PAGE], a[2 * PAGE]);
  char *read = fresh(1);
  read[0] = 'r';
  mprotect(read, PAGE, PROT_READ);
  syscall(MSEAL, read, PAGE, 0);
  tell("what is read is not needed", madvise(read, PAGE, MADV_DONTNEED));
  tell("free", madvise(read, PAGE, MADV_FREE));
  tell("wiped in a child", madvise(read, PAGE, MADV_WIPEONFORK));
  tell("needed soon", madvise(read, PAGE, MADV_WILLNEED));
  fflush(stdout);
  if (fork() == 0) {
    tell("a child's", munmap(read, PAGE));
    fflush(stdout);
    _exit(0);
  }
  wait(NULL);
  char *end = sbrk(0);
  end += -(unsigned long)end % PAGE;
  brk(end + 2 * PAGE);
  syscall(MSEAL, end + PAGE, PAGE, 0);
  printf("the heap's end stays %d\n", syscall(SYS_brk, end) == (long)end + 2 * PAGE);
}
static void mapped(int fd) {
  map("checked, and no file", NULL, WRITTEN, MAP_SHARED_VALIDATE | MAP_ANONYMOUS, -1);
  map("checked", NULL, WRITTEN, MAP_SHARED_VALIDATE, fd);
  map("checked, at once on the disk", NULL, WRITTEN, MAP_SHARED_VALIDATE | MAP_SYNC, fd);
  map("checked, where nothing is", fresh(1), WRITTEN, MAP_SHARED_VALIDATE | MAP_FIXED_NOREPLACE, fd);
  map("of no kind", NULL, WRITTEN, MAP_ANONYMOUS, -1);
  map("a stack that is shared", NULL, WRITTEN, MAP_SHARED | MAP_ANONYMOUS | MAP_GROWSDOWN, -1);
  map("a stack of a file", NULL, WRITTEN, MAP_PRIVATE | MAP_GROWSDOWN, fd);
  map("a file's stack that is shared", NULL, WRITTEN, MAP_SHARED | MAP_GROWSDOWN, fd);
  tell("executed or not", syscall(SYS_memfd_create, "either", 8 | 16) < 0);
}
static void changed(void) {
  char *a = fresh(4), *stack = mmap(NULL, 4 * PAGE, WRITTEN, NEW | MAP_GROWSDOWN, -1, 0);
  tell("as a stack", mprotect(a, PAGE, PROT_READ | PROT_GROWSDOWN));
  tell("as a stack upwards", mprotect(a, PAGE, PROT_READ | PROT_GROWSUP));
  tell("as both", mprotect(a, PAGE, PROT_READ | PROT_GROWSDOWN | PROT_GROWSUP));
  tell("a stack", mprotect(stack + 3 * PAGE, PAGE, PROT_NONE | PROT_GROWSDOWN));
  tell("to its end", madvise(stack, PAGE, MADV_POPULATE_READ));
  tell("in an unknown way", mprotect(a, PAGE, 0x40));
  tell("nothing, in an unknown way", mprotect(a, 0, 0x40));
  tell("advice for all", madvise(a, -1L, MADV_WILLNEED));
  tell("advice to the end", madvise(a, -PAGE - (long)a, 99));
  munmap(a + PAGE, PAGE);
  remap("as long as it is", a, 3 * PAGE, 3 * PAGE, 0, NULL);
  printf("%d %d %d %d\n", is_mapped(a), is_mapped(a + PAGE), is_mapped(a + 2 * PAGE), is_mapped(a + 3 * PAGE));
  remap("longer across a gap", a, 3 * PAGE, 9 * PAGE, MREMAP_MAYMOVE, NULL);
  remap("shorter across a gap", a, 3 * PAGE, 2 * PAGE, 0, NULL);
  printf("%d %d %d %d\n", is_mapped(a), is_mapped(a + PAGE), is_mapped(a + 2 * PAGE), is_mapped(a + 3 * PAGE));
}

int main(void) {
  sealed();
  int fd = open("mapped", O_RDWR | O_CREAT, 0600);
  ftruncate(fd, PAGE);
  mapped(fd);
  unlink("mapped");
  changed();
  return 0;
}
