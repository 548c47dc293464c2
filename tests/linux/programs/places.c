#include <stdio.h>
#include <unistd.h>
#include <errno.h>
#include <string.h>
int main(void) {
  char cwd[4096];
  printf("%d\n", chdir("/"));
  printf("%s\n", getcwd(cwd, sizeof cwd));
  printf("%d %d\n", getcwd(cwd, 1) == NULL, errno);
  printf("%d %s\n", chdir("/dev/null"), strerror(errno));
  printf("%d\n", isatty(0) + isatty(1));
  printf("%d\n", ttyname(1) == NULL);
  char host[65]; printf("%d\n", gethostname(host, 65));
  return 0;
}
