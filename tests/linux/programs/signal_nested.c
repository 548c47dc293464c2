#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <ucontext.h>
static volatile int depth, most; static char trace[100];
static void handler(int s) { depth++; if (depth > most) most = depth; char t[10]; sprintf(t, "<%d", s); strcat(trace, t); if (s == SIGUSR1) raise(SIGUSR2); sprintf(t, ">%d", s); strcat(trace, t); depth--; }
static void skip(int s, siginfo_t *i, void *u) { ucontext_t *c = u; c->uc_mcontext.__gregs[10] = 123; c->uc_mcontext.__gregs[0] += 4; }
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
  register long a0 __asm__("a0") = 5;
  __asm__ volatile(".word 0xffffffff" : "+r"(a0));
  printf("%ld\n", a0);
  double x = 1.5;
  for (int i = 0; i < 100; i++) { x *= 1.01; if (i % 10 == 0) raise(SIGUSR2); }
  printf("%.10f\n", x);
  return 0;
}
