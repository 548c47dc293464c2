// A program's memory as a file, which is written and read whatever the program itself may do with it.
// Recorded from Linux: the emulator shows the host's memory.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE 4096L
#define CODE 16

static const char constant[] = "constant";
static const char *volatile seen = constant;

__attribute__((noinline, optimize("O1"), aligned(CODE))) static int one(void) { return 1; }
__attribute__((noinline, optimize("O1"), aligned(CODE))) static int two(void) { return 2; }
static int (*volatile first)(void) = one;
static int (*volatile second)(void) = two;

static int memory;

static void tell(const char *what, ssize_t count) {
  printf("%s: %zd %s\n", what, count, count < 0 ? strerrorname_np(errno) : "");
}
static ssize_t put(const void *at, const char *text) { return pwrite(memory, text, strlen(text), (intptr_t)at); }
static ssize_t get(const void *at) {
  char byte;
  return pread(memory, &byte, 1, (intptr_t)at);
}

int main(void) {
  memory = open("/proc/self/mem", O_RDWR);
  char *zeros = mmap(NULL, 2 * PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  printf("%d\n", zeros[0]);
  tell("what is only read", put(zeros + PAGE - 2, "both"));
  printf("%.4s\n", zeros + PAGE - 2);
  tell("a constant", put(constant, "C"));
  printf("%s\n", seen);
  printf("%d %d\n", first(), second());
  char code[CODE];
  memcpy(code, (void *)((intptr_t)second & -4L), CODE);
  tell("code", pwrite(memory, code, CODE, (intptr_t)first & -4L));
  printf("%d %d\n", first(), second());
  mprotect(zeros, 2 * PAGE, PROT_NONE);
  tell("what is not even read", put(zeros, "none"));
  tell("it is there", get(zeros));
  mprotect(zeros, 2 * PAGE, PROT_READ);
  printf("%.4s\n", zeros);
  char *never = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  tell("what nobody touched", get(never));

  int fd = memfd_create("shown", 0);
  write(fd, "shown", 5);
  char *copy = mmap(NULL, 2 * PAGE, PROT_NONE, MAP_PRIVATE, fd, 0);
  tell("a file's copy", get(copy));
  tell("behind its end", get(copy + PAGE));
  tell("written", put(copy, "hidden"));
  char text[8] = {0};
  pread(fd, text, 5, 0);
  mprotect(copy, PAGE, PROT_READ);
  printf("%.6s %s\n", copy, text);
  char *shared = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
  tell("a shared file that is only read", put(shared, "x"));
  tell("read", get(shared));
  mprotect(shared, PAGE, PROT_NONE);
  tell("that is not even read", get(shared));
  mprotect(shared, PAGE, PROT_READ | PROT_WRITE);
  tell("that is written", put(shared, "S"));
  pread(fd, text, 5, 0);
  printf("%s\n", text);
  munmap(zeros, 2 * PAGE);
  tell("what is gone", put(zeros, "x"));
  tell("the kernel's code", get((void *)getauxval(AT_SYSINFO_EHDR)));
  return 0;
}
