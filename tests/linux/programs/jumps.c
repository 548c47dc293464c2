#include <setjmp.h>
#include <stdio.h>
#include <ucontext.h>
static jmp_buf b; static int depth(int n) { if (n == 0) longjmp(b, 42); return depth(n - 1) + 1; }
static ucontext_t m, c; static int steps; static char stack[65536];
static void coroutine(void) { for (int i = 0; i < 3; i++) { steps++; swapcontext(&c, &m); } }
int main(void) {
  int v = setjmp(b); if (v == 0) depth(100); printf("%d\n", v);
  getcontext(&c); c.uc_stack.ss_sp = stack; c.uc_stack.ss_size = sizeof stack; c.uc_link = &m;
  makecontext(&c, coroutine, 0);
  for (int i = 0; i < 4; i++) { swapcontext(&m, &c); printf("%d ", steps); }
  puts("");
  return 0;
}
