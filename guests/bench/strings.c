/* C strings byte by byte: length, copy, compare, find a character, find a word, turn to numbers. */
#include "bench.h"

static char text[4096], copy[4096];

static NOINLINE u32 length(const char *s) {
  const char *end = s;
  while (*end) end++;
  return (u32)(end - s);
}

static NOINLINE char *copy_string(char *to, const char *from) {
  char *result = to;
  while ((*to++ = *from++)) {}
  return result;
}

static NOINLINE int compare(const char *a, const char *b) {
  while (*a && *a == *b) a++, b++;
  return (u8)*a - (u8)*b;
}

static NOINLINE const char *find_char(const char *s, char c) {
  for (; *s; s++)
    if (*s == c) return s;
  return 0;
}

static NOINLINE const char *find_word(const char *s, const char *word) {
  for (; *s; s++) {
    u32 i = 0;
    while (word[i] && s[i] == word[i]) i++;
    if (!word[i]) return s;
  }
  return 0;
}

static NOINLINE u32 parse(const char *s) {
  u32 value = 0;
  while (*s >= '0' && *s <= '9') value = value * 10 + (u32)(*s++ - '0');
  return value;
}

static NOINLINE char *print(char *to, u32 value) {
  char digits[12];
  int n = 0;
  do digits[n++] = (char)('0' + value % 10);
  while (value /= 10);
  while (n) *to++ = digits[--n];
  *to = 0;
  return to;
}

u64 kernel(void) {
  u32 seed = 7;
  for (int i = 0; i < 4095; i++) text[i] = (char)('a' + bench_random(&seed) % 24);
  copy_string(text + 4000, "zebra crossing");
  u64 sum = 0;
  for (u32 round = 0; round < 42000; round++) {
    text[round & 2047] = (char)('a' + (round % 24));
    copy_string(copy, text);
    sum += length(copy) + (u32)compare(copy, text);
    sum += (u64)(find_char(copy, 'z') - copy);
    sum += (u64)(find_word(copy, "zebra") - copy);
    char number[16];
    for (u32 i = 0; i < 64; i++) {
      print(number, round * 64 + i);
      sum += parse(number) + length(number);
    }
  }
  return sum;
}
