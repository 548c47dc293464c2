/* Fibonacci by recursion: calls and returns. */
#include "bench.h"

static NOINLINE u64 fib(u64 n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

u64 kernel(void) { return fib(40); }
