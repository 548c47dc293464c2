/* The Mandelbrot set, 256 x 256 points: a short loop of doubles. */
#include "bench.h"

u64 kernel(void) {
  u64 sum = 0;
  for (int y = 0; y < 256; y++)
    for (int x = 0; x < 256; x++) {
      double cr = x / 100.0 - 2.0, ci = y / 128.0 - 1.0, r = 0, i = 0;
      int n = 0;
      for (; n < 2200; n++) {
        double rr = r * r, ii = i * i;
        if (rr + ii > 4.0) break;
        i = 2.0 * r * i + ci;
        r = rr - ii + cr;
      }
      sum += (u64)n;
    }
  return sum;
}
