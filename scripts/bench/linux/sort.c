/* Lines of text are made, sorted in three ways, counted, and looked up. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t seed = 2463534242u;
static uint32_t chance(void) {
  seed ^= seed << 13;
  seed ^= seed >> 17;
  return seed ^= seed << 5;
}

static char *make_lines(char **lines, int count) {
  char *text = malloc((size_t)count * 40), *at = text;
  for (int one = 0; one < count; one++) {
    lines[one] = at;
    int words = 1 + chance() % 4;
    while (words--) {
      int letters = 2 + chance() % 6;
      uint32_t vowel = chance();
      for (int letter = 0; letter < letters; letter++, vowel >>= 3)
        *at++ = letter & 1 ? "aeiouaei"[vowel & 7] : "bcdfghklmnprstvw"[chance() & 15];
      *at++ = words ? ' ' : 0;
    }
  }
  return text;
}

static void merge_sort(char **lines, char **spare, int count) {
  if (count < 12) {
    for (int one = 1; one < count; one++) {
      char *line = lines[one];
      int at = one;
      for (; at > 0 && strcmp(lines[at - 1], line) > 0; at--) lines[at] = lines[at - 1];
      lines[at] = line;
    }
    return;
  }
  int half = count / 2, left = 0, right = half;
  merge_sort(lines, spare, half);
  merge_sort(lines + half, spare, count - half);
  memcpy(spare, lines, half * sizeof *lines);
  for (int at = 0; left < half; at++) {
    int takes_left = right == count || strcmp(spare[left], lines[right]) <= 0;
    lines[at] = takes_left ? spare[left++] : lines[right++];
  }
}

static int backwards(const void *a, const void *b) {
  const char *x = *(char *const *)a, *y = *(char *const *)b;
  return strcmp(y, x);
}

static int small(char letter) { return letter >= 'A' && letter <= 'Z' ? letter | 32 : letter; }

static int folded(const char *a, const char *b) {
  for (; *a && small(*a) == small(*b); a++, b++);
  return small(*a) - small(*b);
}

static void sift(char **heap, int at, int count) {
  char *line = heap[at];
  for (int child; (child = 2 * at + 1) < count; at = child) {
    if (child + 1 < count && folded(heap[child], heap[child + 1]) < 0) child++;
    if (folded(line, heap[child]) >= 0) break;
    heap[at] = heap[child];
  }
  heap[at] = line;
}

static void heap_sort(char **lines, int count) {
  for (int at = count / 2; at-- > 0;) sift(lines, at, count);
  for (int end = count - 1; end > 0; end--) {
    char *line = lines[end];
    lines[end] = lines[0];
    lines[0] = line;
    sift(lines, 0, end);
  }
}

static int find(char **lines, int count, const char *wanted) {
  int low = 0, high = count;
  while (low < high) {
    int middle = (low + high) / 2;
    if (strcmp(lines[middle], wanted) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

static int different(char **lines, int count) {
  int found = count > 0;
  for (int one = 1; one < count; one++) found += strcmp(lines[one - 1], lines[one]) != 0;
  return found;
}

int main(int argc, char **argv) {
  int count = atoi(argv[1]), rounds = argc > 2 ? atoi(argv[2]) : 1;
  char **lines = malloc(count * sizeof *lines), **spare = malloc(count * sizeof *lines);
  char **copy = malloc(count * sizeof *lines);
  for (int round = 0; round < rounds; round++) {
    char *text = make_lines(lines, count);
    memcpy(copy, lines, count * sizeof *lines);
    merge_sort(lines, spare, count);
    int distinct = different(lines, count);
    uint64_t places = 0;
    for (int one = 0; one < count; one++) places += find(lines, count, copy[one]) * (uint64_t)one;
    qsort(copy, count, sizeof *copy, backwards);
    for (int one = 0; one < count; one++) if (strcmp(copy[one], lines[count - 1 - one])) return 1;
    heap_sort(copy, count);
    for (int one = 0; one < count; one++) if (strcmp(copy[one], lines[one])) return 2;
    printf("%d lines, %d different, %016llx\n", count, distinct, (unsigned long long)places);
    free(text);
  }
  return 0;
}
