#include <stdlib.h>
#include <unistd.h>
int main(int argc, char **argv) {
  int count = atoi(argv[1]), a[2], b[2];
  char c = 'x';
  pipe(a); pipe(b);
  if (fork() == 0) { for (int i = 0; i < count; i++) { read(a[0], &c, 1); write(b[1], &c, 1); } _exit(0); }
  for (int i = 0; i < count; i++) { write(a[1], &c, 1); read(b[0], &c, 1); }
  return 0;
}
