// Memory that is locked: how much may be, what it does to calls about it, and what is told of it.
// Recorded from Linux: the emulator does not have programs keep to limits of memory.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096L
#define WRITTEN (PROT_READ | PROT_WRITE)
#define NEW (MAP_PRIVATE | MAP_ANONYMOUS)

static void limit(rlim_t value) {
  struct rlimit both = {value, value};
  if (setrlimit(RLIMIT_MEMLOCK, &both)) printf("setrlimit: %s\n", strerror(errno));
}
static void tell(const char *what, int fails) { printf("%s: %s\n", what, fails ? strerrorname_np(errno) : "done"); }
static char *map(const char *what, long length, int prot, int flags) {
  char *found = mmap(NULL, length, prot, flags, -1, 0);
  if (what) tell(what, found == MAP_FAILED);
  return found;
}
static long locked(void) {
  char line[200];
  long found = -1;
  FILE *file = fopen("/proc/self/status", "r");
  while (fgets(line, sizeof line, file)) sscanf(line, "VmLck: %ld", &found);
  fclose(file);
  return found / 4;
}
// What smaps says of the pages at an address: how many are locked, and whether the flag is there.
static void details(const char *what, char *at) {
  char line[300];
  int isMeant = 0;
  long count = -1;
  unsigned long start, end;
  FILE *file = fopen("/proc/self/smaps", "r");
  while (fgets(line, sizeof line, file)) {
    if (sscanf(line, "%lx-%lx ", &start, &end) == 2) isMeant = (unsigned long)at >= start && (unsigned long)at < end;
    if (isMeant) sscanf(line, "Locked: %ld", &count);
    if (isMeant && strncmp(line, "VmFlags:", 8) == 0) printf("%s: %ld, %d\n", what, count / 4, strstr(line, " lo") != NULL);
  }
  fclose(file);
}
static int there(char *at, int pages) {
  unsigned char found[16];
  int count = 0;
  if (mincore(at, pages * PAGE, found)) return -1;
  for (int one = 0; one < pages; one++) count += found[one] & 1;
  return count;
}
static void in_child(const char *what, void (*deed)(void)) {
  printf("-- %s\n", what);
  fflush(stdout);
  if (fork() == 0) {
    deed();
    fflush(stdout);
    _exit(0);
  }
  wait(NULL);
}

static void some(void) {
  char *a = map(NULL, 16 * PAGE, WRITTEN, NEW);
  limit(4 * PAGE);
  tell("five pages, for who may", mlock(a, 5 * PAGE));
  printf("%ld, there %d\n", locked(), there(a, 16));
  setresuid(1000, 1000, 1000);
  tell("the same ones again", mlock(a, 5 * PAGE));
  tell("four of them again", mlock(a + PAGE, 4 * PAGE));
  tell("no longer", munlock(a, 3 * PAGE));
  printf("%ld\n", locked());
  tell("a part of a page", mlock(a + 8 * PAGE + 100, 10));
  tell("a page more", mlock(a + 9 * PAGE, PAGE));
  tell("two more", mlock(a + 10 * PAGE, 2 * PAGE));
  map("one that begins locked", PAGE, WRITTEN, NEW | MAP_LOCKED);
  tell("grown", mremap(a + 8 * PAGE, PAGE, 2 * PAGE, MREMAP_MAYMOVE) == MAP_FAILED);
  tell("grown, and not locked", mremap(a + 10 * PAGE, PAGE, 2 * PAGE, MREMAP_MAYMOVE) == MAP_FAILED);
  tell("all", mlockall(MCL_CURRENT));
  tell("all that comes", mlockall(MCL_FUTURE));
  map("what comes", PAGE, WRITTEN, NEW);
  long end = syscall(SYS_brk, 0);
  printf("no heap: %d\n", syscall(SYS_brk, end + 16 * PAGE) == end);
  tell("nothing any more", munlockall());
  printf("%ld\n", locked());
  map("what begins locked now", PAGE, WRITTEN, NEW | MAP_LOCKED);
  printf("%ld\n", locked());
}
static void none(void) {
  char *a = map(NULL, PAGE, WRITTEN, NEW);
  limit(0);
  tell("for who may", mlock(a, PAGE));
  setresuid(1000, 1000, 1000);
  tell("a page", mlock(a, PAGE));
  tell("no page", mlock(a, 0));
  tell("when it is touched", mlock2(a, PAGE, MLOCK_ONFAULT));
  map("one that begins locked", PAGE, WRITTEN, NEW | MAP_LOCKED);
  tell("all that comes", mlockall(MCL_FUTURE));
  tell("no longer", munlock(a, PAGE));
}
static void deeds(void) {
  char *a = map(NULL, 8 * PAGE, WRITTEN, NEW);
  tell("when they are touched", mlock2(a, 4 * PAGE, MLOCK_ONFAULT));
  printf("there %d\n", there(a, 8));
  a[0] = a[PAGE] = a[5 * PAGE] = 1;
  details("two of four", a);
  details("others", a + 4 * PAGE);
  tell("not needed", madvise(a, PAGE, MADV_DONTNEED));
  tell("free", madvise(a, PAGE, MADV_FREE));
  tell("cold", madvise(a, PAGE, MADV_COLD));
  tell("locked, and yet not needed", madvise(a, PAGE, 24));
  printf("%d %d\n", a[0], a[PAGE]);
  tell("synchronised", msync(a, PAGE, MS_SYNC));
  tell("looked at anew", msync(a, PAGE, MS_SYNC | MS_INVALIDATE));
  munmap(a + PAGE, PAGE);
  printf("fewer %ld\n", locked());
  tell("across a gap", mlock(a, 8 * PAGE));
  tell("across a gap, no longer", munlock(a, 8 * PAGE));
  printf("only behind it %ld\n", locked());
  a = mremap(a + 2 * PAGE, 2 * PAGE, 6 * PAGE, MREMAP_MAYMOVE);
  printf("grown %ld, there %d\n", locked(), there(a, 6));
  fflush(stdout);
  if (fork() == 0) {
    printf("a child's %ld\n", locked());
    fflush(stdout);
    _exit(0);
  }
  wait(NULL);
  char *never = map(NULL, PAGE, PROT_NONE, NEW);
  tell("what cannot be read", mlock(never, PAGE));
  tell("in no way", mlockall(0));
  tell("in an unknown way", mlockall(8));
  tell("how, and not what", mlockall(MCL_ONFAULT));
  munlockall();
  tell("what comes, when touched", mlockall(MCL_FUTURE | MCL_ONFAULT));
  a = map(NULL, 4 * PAGE, WRITTEN, NEW);
  printf("%ld, there %d\n", locked(), there(a, 4));
  tell("what comes", mlockall(MCL_FUTURE));
  a = map(NULL, 4 * PAGE, WRITTEN, NEW);
  printf("%ld, there %d\n", locked(), there(a, 4));
  tell("what is", mlockall(MCL_CURRENT));
  printf("much %d\n", locked() > 8);
  a = map(NULL, 4 * PAGE, WRITTEN, NEW);
  details("what came then", a);
}

static void moved(void) {
  char *a = map(NULL, 2 * PAGE, WRITTEN, NEW);
  mlock(a, 2 * PAGE);
  char *b = mremap(a, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_DONTUNMAP, NULL);
  details("what stayed", a);
  details("what went", b);
}

int main(void) {
  in_child("four pages", some);
  in_child("none", none);
  in_child("deeds", deeds);
  in_child("moved", moved);
  return 0;
}
