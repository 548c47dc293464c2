#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
static void upper(int in, int out) { char c; while (read(in, &c, 1) == 1) { if (c >= 'a' && c <= 'z') c -= 32; write(out, &c, 1); } }
static void numbers(int out) { char t[20]; for (int i = 0; i < 50; i++) { int n = sprintf(t, "line %d\n", i); write(out, t, n); } }
int main(void) {
  int a[2], b[2];
  pipe(a); pipe(b);
  if (fork() == 0) { close(a[0]); close(b[0]); close(b[1]); numbers(a[1]); _exit(0); }
  if (fork() == 0) { close(a[1]); close(b[0]); upper(a[0], b[1]); _exit(0); }
  close(a[0]); close(a[1]); close(b[1]);
  FILE *f = fdopen(b[0], "r");
  char line[64]; int n = 0;
  while (fgets(line, 64, f)) if (n++ % 10 == 0) fputs(line, stdout);
  printf("%d\n", n);
  while (wait(NULL) > 0);
  return 0;
}
