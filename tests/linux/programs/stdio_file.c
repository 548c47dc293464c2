#include <stdio.h>
#include <string.h>
int main(void) {
  FILE *f = fopen("stdio.txt", "w+");
  for (int i = 0; i < 1000; i++) fprintf(f, "line %d\n", i);
  printf("%ld\n", ftell(f));
  rewind(f);
  char line[64]; int count = 0; long sum = 0;
  while (fgets(line, sizeof line, f)) { count++; sum += strlen(line); }
  printf("%d %ld %d\n", count, sum, feof(f) != 0);
  fseek(f, -9, SEEK_END);
  fgets(line, sizeof line, f);
  printf("%s", line);
  fclose(f);
  f = fopen("stdio.txt", "a"); fputs("more\n", f); fclose(f);
  f = fopen("stdio.txt", "r"); fseek(f, 0, SEEK_END); printf("%ld\n", ftell(f)); fclose(f);
  printf("%d\n", remove("stdio.txt"));
  printf("%d\n", fopen("stdio.txt", "r") == NULL);
  return 0;
}
