/* Copies and fills of many sizes and alignments, as a C library does them: words, then bytes. */
#include "bench.h"

static u64 from[8192], to[8192];

static NOINLINE void fill(void *at, u8 value, u32 size) {
  u8 *byte = at;
  while (((unsigned long)byte & 7) && size) *byte++ = value, size--;
  u64 word = value * 0x0101010101010101ull;
  u64 *words = (u64 *)byte;
  for (; size >= 32; size -= 32, words += 4) words[0] = words[1] = words[2] = words[3] = word;
  for (; size >= 8; size -= 8) *words++ = word;
  byte = (u8 *)words;
  while (size--) *byte++ = value;
}

static NOINLINE void copy(void *target, const void *source, u32 size) {
  u8 *d = target;
  const u8 *s = source;
  if ((((unsigned long)d ^ (unsigned long)s) & 7) == 0) {
    while (((unsigned long)d & 7) && size) *d++ = *s++, size--;
    u64 *dw = (u64 *)d;
    const u64 *sw = (const u64 *)s;
    for (; size >= 32; size -= 32, dw += 4, sw += 4) {
      u64 a = sw[0], b = sw[1], c = sw[2], e = sw[3];
      dw[0] = a, dw[1] = b, dw[2] = c, dw[3] = e;
    }
    for (; size >= 8; size -= 8) *dw++ = *sw++;
    d = (u8 *)dw;
    s = (const u8 *)sw;
  }
  while (size--) *d++ = *s++;
}

u64 kernel(void) {
  u32 seed = 5;
  u64 sum = 0;
  for (u32 i = 0; i < 8192; i++) from[i] = (u64)i * 0x9e3779b97f4a7c15ull;
  for (u32 round = 0; round < 170000; round++) {
    u32 random = bench_random(&seed);
    copy(to, from, 65536);
    fill((u8 *)to + (random & 63), (u8)round, 30000 + (random & 4095));
    copy((u8 *)to + (random & 7), (u8 *)from + ((random >> 3) & 7), 200 + (random >> 6 & 511));
    sum += to[random & 8191];
  }
  return sum;
}
