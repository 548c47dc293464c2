#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>
int main(int argc, char **argv) {
  long count = atol(argv[1]);
  for (long i = 0; i < count; i++) syscall(SYS_getppid);
  return 0;
}
