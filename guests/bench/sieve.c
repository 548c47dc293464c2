/* The sieve of Eratosthenes over a mebibyte: byte stores with a stride. */
#include "bench.h"

static u8 composite[1 << 20];

u64 kernel(void) {
  u64 count = 0;
  for (int round = 0; round < 400; round++) {
    for (u32 i = 0; i < sizeof composite; i++) composite[i] = 0;
    for (u32 i = 2; i * i < sizeof composite; i++)
      if (!composite[i])
        for (u32 j = i * i; j < sizeof composite; j += i) composite[j] = 1;
    for (u32 i = 2; i < sizeof composite; i++) count += !composite[i];
  }
  return count;
}
