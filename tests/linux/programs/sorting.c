#include <stdio.h>
#include <stdlib.h>
#include <string.h>
static int compare(const void *a, const void *b) { return *(int *)a - *(int *)b; }
int main(void) {
  static int v[50000]; unsigned x = 12345;
  for (int i = 0; i < 50000; i++) { x = x * 1103515245 + 12345; v[i] = x >> 8; }
  qsort(v, 50000, sizeof *v, compare);
  int ok = 1; for (int i = 1; i < 50000; i++) ok &= v[i - 1] <= v[i];
  printf("%d %d %d\n", ok, v[0], v[49999]);
  int *f = bsearch(&v[777], v, 50000, sizeof *v, compare);
  printf("%d\n", f && *f == v[777]);
  return 0;
}
