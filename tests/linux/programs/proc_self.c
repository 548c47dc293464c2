#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
int main(int argc, char **argv) {
  char b[8192]; int fd = open("/proc/self/cmdline", O_RDONLY); int n = read(fd, b, sizeof b);
  printf("%d\n", n == (int)strlen(argv[0]) + 1);
  FILE *f = fopen("/proc/self/maps", "r"); int lines = 0, stack = 0, exec = 0;
  while (fgets(b, sizeof b, f)) { lines++; stack += strstr(b, "[stack]") != NULL; exec += strstr(b, "r-xp") != NULL; }
  printf("%d %d %d\n", lines > 3, stack, exec > 0);
  fclose(f);
  n = readlink("/proc/self/exe", b, sizeof b); b[n] = 0; printf("%d\n", strstr(b, "proc_self") != NULL);
  int p[2]; pipe(p); sprintf(b, "/proc/self/fd/%d", p[0]); n = readlink(b, b, 100); b[n] = 0; printf("%.5s\n", b);
  return 0;
}
