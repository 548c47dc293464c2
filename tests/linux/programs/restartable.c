// Sequences that begin again elsewhere when they are interrupted, as a kernel and a program agree on them.
// Recorded from Linux: the emulator has no such sequences.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAY(what) say(#what, (long)(what))
static void say(const char *what, long answer) {
  printf("%s: %ld %s\n", what, answer, answer < 0 ? strerror(errno) : "");
  fflush(stdout);
}
static struct area {
  uint32_t start, processor;
  uint64_t sequence;
  uint32_t flags, rest[3];
} area __attribute__((aligned(32)));
static struct {
  uint32_t version, flags;
  uint64_t start, length, left;
} sequence __attribute__((aligned(32)));

int waits(volatile long *word);
extern char waits_from[], waits_to[], waits_left[];
#if __riscv
asm(".text\n.globl waits\nwaits:\n"
    "waits_from: ld t0, 0(a0)\n"
    "  beqz t0, waits_from\n"
    "waits_to: li a0, 1\n"
    "  ret\n"
    "  .balign 4\n"
    "  .word 0x53053053\n"
    "waits_left: li a0, 2\n"
    "  ret\n");
#else
asm(".text\n.globl waits\nwaits:\n"
    "waits_from: mov (%rdi), %rax\n"
    "  test %rax, %rax\n"
    "  jz waits_from\n"
    "waits_to: mov $1, %eax\n"
    "  ret\n"
    "  .long 0x53053053\n"
    "waits_left: mov $2, %eax\n"
    "  ret\n");
#endif

static int area_call(int length, int flags, unsigned signature) {
  return syscall(SYS_rseq, &area, length, flags, signature);
}
static void note(int signal) {}
static int enter(volatile long *word) {
  area.sequence = (uint64_t)&sequence;
  return waits(word);
}

int main(void) {
  volatile long never = 0, at_once = 1;
  SAY(area_call(31, 0, 0x53053053));
  SAY(area_call(32, 2, 0x53053053));
  SAY(area_call(32, 0, 0x53053053));
  printf("processor %d\n", area.start == area.processor);
  SAY(area_call(32, 0, 0x53053053));
  SAY(area_call(32, 0, 7));
  sequence.start = (uint64_t)waits_from;
  sequence.length = waits_to - waits_from;
  sequence.left = (uint64_t)waits_left;
  printf("through %d\n", enter(&at_once));
  signal(SIGALRM, note);
  struct itimerval soon = {{0, 0}, {0, 5000}};
  setitimer(ITIMER_REAL, &soon, NULL);
  int left = enter(&never);
  printf("left %d, forgotten %d\n", left, area.sequence == 0);
  if (fork() == 0) {
    sequence.left += 2;
    setitimer(ITIMER_REAL, &soon, NULL);
    enter(&never);
    _exit(0);
  }
  int status;
  wait(&status);
  printf("bad signature: signal %d\n", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
  SAY(area_call(32, 1, 7));
  SAY(area_call(32, 1, 0x53053053));
  printf("processor %d\n", (int)area.processor);
  SAY(area_call(32, 1, 0x53053053));
  return 0;
}
