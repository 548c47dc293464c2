// Limits of data and of addresses: of what may be written and is nobody else's, and of all that is mapped.
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
#define MANY (1L << 20)
static char zeros[MANY];

static void limit(int resource, rlim_t soft, rlim_t hard) {
  struct rlimit both = {soft, hard};
  if (setrlimit(resource, &both)) printf("setrlimit: %s\n", strerror(errno));
}
static long sized(const char *name) {
  char line[200];
  long found = -1;
  FILE *file = fopen("/proc/self/status", "r");
  while (fgets(line, sizeof line, file)) {
    if (strncmp(line, name, strlen(name)) == 0) sscanf(line + strlen(name), ": %ld", &found);
  }
  fclose(file);
  return found * 1024;
}
static void tell(const char *what, int fails) { printf("%s: %s\n", what, fails ? strerrorname_np(errno) : "done"); }
static void *map(const char *what, void *at, long length, int prot, int flags) {
  void *found = mmap(at, length, prot, flags | MAP_ANONYMOUS, -1, 0);
  tell(what, found == MAP_FAILED);
  return found;
}
static void in_child(const char *what, void (*deed)(void)) {
  printf("-- %s\n", what);
  fflush(stdout);
  if (fork() == 0) {
    deed();
    fflush(stdout);
    _exit(0);
  }
  int status;
  wait(&status);
  if (status != 0) printf("ended with %x\n", status);
}

static void data(void) {
  int written = PROT_READ | PROT_WRITE;
  long before = sized("VmData");
  char *room = mmap(NULL, 2 * MANY, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  printf("what is not to be written is none: %d\n", sized("VmData") == before);
  limit(RLIMIT_DATA, before + MANY, RLIM_INFINITY);
  map("as much as there may be", room, MANY, written, MAP_PRIVATE | MAP_FIXED);
  map("a page more", NULL, PAGE, written, MAP_PRIVATE);
  map("that is read", NULL, PAGE, PROT_READ, MAP_PRIVATE);
  map("that is shared", NULL, PAGE, written, MAP_SHARED);
  map("that is a stack", NULL, PAGE, written, MAP_PRIVATE | MAP_GROWSDOWN);
  map("the same ones again", room, MANY, written, MAP_PRIVATE | MAP_FIXED);
  tell("written after all", mprotect(room + MANY, PAGE, written));
  tell("written still", mprotect(room, MANY, written | PROT_EXEC));
  tell("grown", mremap(room, MANY, MANY + PAGE, MREMAP_MAYMOVE) == MAP_FAILED);
  tell("no longer written", mprotect(room, PAGE, PROT_READ));
  tell("another one", mprotect(room + MANY, PAGE, written));
  long end = syscall(SYS_brk, 0);
  printf("no heap: %d\n", syscall(SYS_brk, end + MANY) < end + MANY);
}
static void nothing(void) {
  limit(RLIMIT_DATA, 0, RLIM_INFINITY);
  map("a limit of nothing that could be raised", NULL, MANY, PROT_READ | PROT_WRITE, MAP_PRIVATE);
  long end = syscall(SYS_brk, 0);
  printf("no heap: %d\n", syscall(SYS_brk, end + MANY) < end + MANY);
  limit(RLIMIT_DATA, 0, 0);
  map("one that cannot", NULL, MANY, PROT_READ | PROT_WRITE, MAP_PRIVATE);
}
static void addresses(void) {
  char *room = mmap(NULL, 4 * MANY, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  munmap(room + MANY, 3 * MANY);
  limit(RLIMIT_AS, sized("VmSize") + PAGE, RLIM_INFINITY);
  map("two pages", NULL, 2 * PAGE, PROT_NONE, MAP_PRIVATE);
  map("in place of others", room, MANY, PROT_READ, MAP_PRIVATE | MAP_FIXED);
  tell("grown by two", mremap(room, MANY, MANY + 2 * PAGE, 0) == MAP_FAILED);
  tell("moved and grown", mremap(room, MANY, 2 * MANY, MREMAP_MAYMOVE | MREMAP_FIXED, room + 2 * MANY) == MAP_FAILED);
  unsigned char there;
  printf("it is where it was: %d\n", mincore(room, PAGE, &there) == 0);
  tell("grown by one", mremap(room, MANY, MANY + PAGE, 0) == MAP_FAILED);
}
static void program(void) {
  limit(RLIMIT_DATA, 0, 0);
  execl("/proc/self/exe", "self", "again", NULL);
  printf("the old program goes on: %s\n", strerror(errno));
}
static void program_enough(void) {
  limit(RLIMIT_DATA, 64 * MANY, 64 * MANY);
  execl("/proc/self/exe", "self", "again", NULL);
}

static void lent(void) {
  if (vfork() == 0) {
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_DATA, &none);
    _exit(0);
  }
  wait(NULL);
  map("of who lent it to a child with a limit", NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE);
}

int main(int count, char **arguments) {
  if (count > 1) {
    zeros[MANY - 1] = 1;
    printf("%s runs\n", arguments[1]);
    return 0;
  }
  limit(RLIMIT_CORE, 0, 0);
  in_child("data", data);
  in_child("nothing", nothing);
  in_child("addresses", addresses);
  in_child("a program", program);
  in_child("a program with enough", program_enough);
  in_child("lent memory", lent);
  return 0;
}
