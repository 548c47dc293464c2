// Limits that are reached: memory, the heap, descriptors, processes, file sizes, the stack.
// Recorded from Linux: the emulator does not have programs keep to limits of memory.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void limit(int resource, rlim_t value) {
  struct rlimit both;
  getrlimit(resource, &both);
  both.rlim_cur = value;
  if (setrlimit(resource, &both)) printf("setrlimit: %s\n", strerror(errno));
}
#define SAY(what) say(#what, (long)(what))
static void say(const char *what, long answer) {
  printf("%s: %ld %s\n", what, answer, answer < 0 ? strerror(errno) : "");
}
static void in_child(void (*what)(void)) {
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    what();
    fflush(stdout);
    _exit(0);
  }
  int status;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) printf("ended by signal %d\n", WTERMSIG(status));
}
static void memory(void) {
  limit(RLIMIT_AS, 200 << 20);
  int count = 0;
  while (count < 1000 && malloc(1 << 20)) count++;
  printf("malloc ends %d: %s\n", count > 50 && count < 200, strerror(errno));
  SAY(mmap(NULL, 300 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0);
}
static void heap(void) {
  limit(RLIMIT_DATA, 8 << 20);
  void *before = sbrk(0);
  int isRefused = sbrk(64 << 20) == (void *)-1, why = errno, isSame = sbrk(0) == before;
  printf("refused %d: %s, unchanged %d\n", isRefused, strerror(why), isSame);
}
static void descriptors(void) {
  limit(RLIMIT_NOFILE, 20);
  int last = 0, fd;
  while ((fd = dup(0)) >= 0) last = fd;
  printf("last %d: %s\n", last, strerror(errno));
  SAY(open("/dev/null", O_RDONLY));
  int ends[2];
  close(last);
  SAY(pipe(ends));
  SAY(fcntl(0, F_DUPFD, 20));
  SAY(dup2(0, 20));
}
static volatile sig_atomic_t caught;
static void note(int signal) { caught = signal; }
static void file_size(void) {
  signal(SIGXFSZ, note);
  limit(RLIMIT_FSIZE, 1000);
  int fd = open("limited", O_RDWR | O_CREAT | O_TRUNC, 0600);
  char bytes[600] = {0};
  for (int one = 0; one < 3; one++) printf("%zd ", write(fd, bytes, 600));
  printf("%s, signal %d\n", strerror(errno), caught == SIGXFSZ);
  caught = errno = 0;
  printf("%d ", ftruncate(fd, 2000));
  printf("%s, signal %d\n", strerror(errno), caught == SIGXFSZ);
  unlink("limited");
}
static int deep(int depth) {
  volatile char block[4096];
  block[0] = depth;
  return depth > 1000000 ? 0 : deep(depth + 1) + block[0];
}
static void stack(void) {
  printf("overflow\n");
  fflush(stdout);
  deep(0);
}

int main(void) {
  in_child(memory);
  in_child(heap);
  in_child(descriptors);
  in_child(file_size);
  in_child(stack);
  struct rlimit both = {10, 5};
  SAY(setrlimit(RLIMIT_NOFILE, &both));
  SAY(getrlimit(99, &both));
  return 0;
}
