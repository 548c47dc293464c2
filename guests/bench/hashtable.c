/* A hash table with open addressing: multiply, probe, compare. */
#include "bench.h"

#define SIZE 65536

static u64 keys[SIZE];
static u32 values[SIZE];

static NOINLINE u32 slot(u64 key) {
  u32 at = (u32)((key * 0x9e3779b97f4a7c15ull) >> 48);
  while (keys[at] && keys[at] != key) at = (at + 1) & (SIZE - 1);
  return at;
}

static NOINLINE void insert(u64 key, u32 value) {
  u32 at = slot(key);
  keys[at] = key;
  values[at] += value;
}

static NOINLINE u32 lookup(u64 key) {
  u32 at = slot(key);
  return keys[at] ? values[at] : 0;
}

u64 kernel(void) {
  u64 sum = 0;
  for (u32 round = 0; round < 340; round++) {
    u32 seed = round;
    for (u32 i = 0; i < SIZE; i++) keys[i] = 0, values[i] = 0;
    for (u32 i = 0; i < 40000; i++) insert(1 + bench_random(&seed) % 50000, i);
    for (u32 i = 1; i <= 80000; i++) sum += lookup(i);
  }
  return sum;
}
