#include <stdio.h>
#include <stdlib.h>
#include <string.h>
int main(void) {
  long sum = 0; void *kept[200];
  for (int i = 0; i < 200; i++) { kept[i] = malloc(1000 * (i + 1)); memset(kept[i], i, 1000 * (i + 1)); }
  for (int i = 0; i < 200; i += 2) { free(kept[i]); kept[i] = NULL; }
  for (int i = 1; i < 200; i += 2) { kept[i] = realloc(kept[i], 5000 * (i + 1)); sum += ((unsigned char *)kept[i])[500]; }
  for (int i = 1; i < 200; i += 2) free(kept[i]);
  printf("%ld\n", sum);
  char *c = calloc(1000, 1000); long zeros = 0;
  for (int i = 0; i < 1000000; i++) zeros += c[i] == 0;
  printf("%ld\n", zeros);
  printf("%d\n", malloc(1UL << 60) == NULL);
  void *aligned; printf("%d %d\n", posix_memalign(&aligned, 4096, 100), ((unsigned long)aligned & 4095) == 0);
  return 0;
}
