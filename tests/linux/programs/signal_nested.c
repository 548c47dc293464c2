// Signals inside signals, and a handler that changes where its program goes on.
// Recorded from Linux: the emulator forgets which signals a handler keeps out.
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <ucontext.h>
static volatile int depth, most; static char trace[100];
static void handler(int s) { depth++; if (depth > most) most = depth; char t[10]; sprintf(t, "<%d", s); strcat(trace, t); if (s == SIGUSR1) raise(SIGUSR2); sprintf(t, ">%d", s); strcat(trace, t); depth--; }
#if __riscv
#define RESULT __gregs[10]
#define NEXT __gregs[0]
#define UNKNOWN ".word 0xffffffff"
#define HOLDS "a0"
#else
#define RESULT gregs[REG_RAX]
#define NEXT gregs[REG_RIP]
#define UNKNOWN "ud2; nop; nop"
#define HOLDS "rax"
#endif
static void skip(int s, siginfo_t *i, void *u) { ucontext_t *c = u; c->uc_mcontext.RESULT = 123; c->uc_mcontext.NEXT += 4; }
int main(void) {
  struct sigaction a = {0};
  a.sa_handler = handler;
  sigaction(SIGUSR1, &a, NULL); sigaction(SIGUSR2, &a, NULL);
  raise(SIGUSR1);
  printf("%d %s\n", most, trace);
  trace[0] = 0; most = 0;
  sigaddset(&a.sa_mask, SIGUSR2);
  sigaction(SIGUSR1, &a, NULL);
  raise(SIGUSR1);
  printf("%d %s\n", most, trace);
  a.sa_sigaction = skip; a.sa_flags = SA_SIGINFO;
  sigaction(SIGILL, &a, NULL);
  register long result __asm__(HOLDS) = 5;
  __asm__ volatile(UNKNOWN : "+r"(result));
  printf("%ld\n", result);
  double x = 1.5;
  for (int i = 0; i < 100; i++) { x *= 1.01; if (i % 10 == 0) raise(SIGUSR2); }
  printf("%.10f\n", x);
  return 0;
}
