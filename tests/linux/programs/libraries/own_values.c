// A library with variables that every thread has of its own, and words for its beginning and its end.
#include <stdint.h>

static __thread int counter = 40;
static __thread char zeros[3000];
static __thread __attribute__((aligned(256))) char aligned[7] = "begin";
__thread long visible = 9;
static int *told;

__attribute__((constructor)) static void begin(void) { counter = 41; }
__attribute__((destructor)) static void end(void) { if (told) *told += 100; }

int own_count(void) { return ++counter; }
int own_stands(void) { return (uintptr_t)aligned % 256 == 0 && aligned[0] == 'b'; }
int own_is_zero(void) {
  int clean = 1;
  for (int one = 0; one < 3000; one++) clean &= zeros[one] == 0, zeros[one] = 1;
  return clean;
}
void *own_place(void) { return &visible; }
void own_tell(int *where) { told = where; }
extern int given_back(int) __attribute__((weak));
int own_calls(int value) { return given_back ? given_back(value) * 2 : -1; }
