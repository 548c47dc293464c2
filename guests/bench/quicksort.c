/* Quicksort of 256 Ki random numbers: unpredictable branches. */
#include "bench.h"

static u32 numbers[262144];

static NOINLINE void sort(u32 *a, long low, long high) {
  while (low < high) {
    u32 pivot = a[(low + high) >> 1];
    long i = low, j = high;
    while (i <= j) {
      while (a[i] < pivot) i++;
      while (a[j] > pivot) j--;
      if (i <= j) {
        u32 swap = a[i];
        a[i] = a[j];
        a[j] = swap;
        i++;
        j--;
      }
    }
    if (j - low < high - i) {
      sort(a, low, j);
      low = i;
    } else {
      sort(a, i, high);
      high = j;
    }
  }
}

u64 kernel(void) {
  u64 sum = 0;
  for (u32 round = 0; round < 50; round++) {
    u32 seed = 12345 + round;
    for (int i = 0; i < 262144; i++) numbers[i] = bench_random(&seed);
    sort(numbers, 0, 262143);
    sum += numbers[1000] * (u64)(round + 1);
  }
  return sum;
}
