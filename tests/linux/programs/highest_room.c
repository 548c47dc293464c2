// Where mappings go that may go anywhere: to the highest place that has room for them.
// Recorded from Linux: the emulator looks for places in its own way.
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#define UNIT (1L << 18)
#define SLOTS 200

static char *top;
static int taken[SLOTS];

// Map some units, and tell which one is the highest of them, counted downwards.
static int put(int units) {
  char *at = mmap(NULL, units * UNIT, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  int slot = (top - at) / UNIT;
  for (int one = 0; one < units; one++) taken[slot - one] = 1;
  return slot - units + 1;
}
static void take(int slot, int units) {
  munmap(top - (slot + units - 1) * UNIT, units * UNIT);
  for (int one = 0; one < units; one++) taken[slot + one] = 0;
}
static int expected(int units) {
  for (int slot = 0, room = 0; slot < SLOTS; slot++) {
    room = taken[slot] ? 0 : room + 1;
    if (room == units) return slot - units + 1;
  }
  return -1;
}

int main(void) {
  top = mmap(NULL, UNIT, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  taken[0] = 1;
  for (int one = 0; one < 12; one++) printf("%d ", put(1));
  take(2, 1), take(5, 2);
  printf("\n%d", put(2));
  printf(" %d", put(1));
  printf(" %d", put(1));
  take(0, 1), take(7, 2);
  mprotect(top - 4 * UNIT, UNIT, PROT_READ);
  printf(" %d", put(2));
  printf(" %d", put(1));
  char *moved = mremap(top - 3 * UNIT, UNIT, UNIT, MREMAP_MAYMOVE | MREMAP_FIXED, top - 60 * UNIT);
  taken[3] = 0, taken[60] = 1;
  printf(" %d", moved == top - 60 * UNIT);
  printf(" %d\n", put(1));
  uint32_t seed = 1;
  int wrong = 0;
  for (int count = 0; count < 2000; count++) {
    seed = seed * 1103515245 + 12345;
    int units = 1 + (seed >> 16) % 4, slot = (seed >> 20) % 100;
    int wanted = expected(units);
    if ((seed >> 30) == 0 && wanted < 120) wrong += put(units) != wanted;
    else take(slot, units);
  }
  printf("wrong %d\n", wrong);
  return 0;
}
