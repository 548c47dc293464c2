#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include <sys/resource.h>
static char stack[65536];
static volatile int on;
static void handler(int s) { char here; on = &here >= stack && &here < stack + sizeof stack; stack_t now; sigaltstack(NULL, &now); printf("%d %d\n", on, now.ss_flags == SS_ONSTACK); }
static int deep(int n) { volatile char pad[4096]; pad[0] = n; return n == 0 ? 0 : deep(n + 1) + pad[0]; }
static void overflow(int s) { write(1, "overflow\n", 9); _exit(0); }
int main(void) {
  stack_t s = {.ss_sp = stack, .ss_size = sizeof stack}, old;
  printf("%d\n", sigaltstack(&s, &old));
  printf("%d\n", old.ss_flags == SS_DISABLE);
  struct sigaction a = {0};
  a.sa_handler = handler; a.sa_flags = SA_ONSTACK;
  sigaction(SIGUSR1, &a, NULL);
  raise(SIGUSR1);
  sigaltstack(NULL, &old);
  printf("%d\n", old.ss_flags);
  s.ss_size = 100;
  printf("%d %d\n", sigaltstack(&s, NULL), errno == ENOMEM);
  fflush(stdout);
  a.sa_handler = overflow;
  sigaction(SIGSEGV, &a, NULL);
  return deep(1);
}
