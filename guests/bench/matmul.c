/* Product of two matrices of 128 x 128 doubles. */
#include "bench.h"

#define N 128

static double a[N][N], b[N][N], c[N][N];

u64 kernel(void) {
  u32 seed = 3;
  for (int i = 0; i < N; i++)
    for (int j = 0; j < N; j++) {
      a[i][j] = (double)bench_random(&seed) / 1048576.0;
      b[i][j] = (double)bench_random(&seed) / 3000000.0;
    }
  double sum = 0;
  for (int round = 0; round < 100; round++) {
    for (int i = 0; i < N; i++)
      for (int j = 0; j < N; j++) {
        double s = 0;
        for (int k = 0; k < N; k++) s += a[i][k] * b[k][j];
        c[i][j] = s;
      }
    a[round][round] = c[round][N - 1 - round] / 1000.0;
    sum += c[round][round];
  }
  return bench_bits(sum);
}
