// Only on RISC-V: it faults in ways that others have not.
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include <fcntl.h>
static sigjmp_buf back;
static volatile int sig, code; static void *volatile addr;
static void handler(int s, siginfo_t *i, void *u) { sig = s; code = i->si_code; addr = i->si_addr; siglongjmp(back, 1); }
#define TRY(what, statement) if (!sigsetjmp(back, 1)) { statement; printf("%s: nothing\n", what); } else printf("%s: %d %d", what, sig, code)
int main(void) {
  struct sigaction a = {0};
  a.sa_sigaction = handler; a.sa_flags = SA_SIGINFO;
  sigaction(SIGSEGV, &a, NULL); sigaction(SIGBUS, &a, NULL); sigaction(SIGILL, &a, NULL); sigaction(SIGTRAP, &a, NULL);
  TRY("null", *(volatile int *)8 = 1); printf(" %d\n", addr == (void *)8);
  char *ro = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  TRY("read only", *ro = 1); printf(" %d\n", addr == ro);
  char *none = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  TRY("none", (void)*(volatile char *)none); printf(" %d\n", addr == none);
  char *data = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  TRY("not executable", ((void (*)(void))data)()); printf(" %d\n", addr == data);
  int fd = open("short", O_RDWR | O_CREAT, 0600); write(fd, "x", 1); unlink("short");
  char *file = mmap(NULL, 8192, PROT_READ, MAP_SHARED, fd, 0);
  TRY("beyond end", (void)*(volatile char *)(file + 4096)); printf(" %d\n", addr == file + 4096);
  printf("%d\n", file[4095]);
  TRY("illegal", __asm__ volatile(".word 0")); printf("\n");
  TRY("misaligned", __atomic_fetch_add((int *)(data + 2), 1, __ATOMIC_SEQ_CST)); printf(" %d\n", addr == data + 2);
  return 0;
}
