#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>
int main(int argc, char **argv) {
  setenv("A", "1", 1); setenv("A", "2", 0); printf("%s\n", getenv("A"));
  unsetenv("A"); printf("%d\n", getenv("A") == NULL);
  putenv("B=three"); printf("%s\n", getenv("B"));
  printf("%ld %ld %ld\n", getauxval(AT_PAGESZ), getauxval(AT_CLKTCK), getauxval(AT_PHENT));
  printf("%d %d\n", getauxval(AT_UID) == getuid(), getauxval(AT_SECURE) == 0);
  printf("%d\n", getauxval(AT_RANDOM) != 0);
  printf("%d\n", strcmp((char *)getauxval(AT_EXECFN), argv[0]) == 0);
  printf("%ld %ld\n", sysconf(_SC_PAGESIZE), sysconf(_SC_CLK_TCK));
  char *e = realpath("/tmp/../tmp/.", NULL); printf("%s\n", e);
  return atoi("12") + 1;
}
