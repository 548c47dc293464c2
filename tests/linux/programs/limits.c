#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
int main(void) {
  struct rlimit l;
  getrlimit(RLIMIT_STACK, &l); printf("%lu\n", (unsigned long)l.rlim_cur);
  printf("%d %d\n", getrlimit(99, &l), errno);
  l.rlim_cur = 10; l.rlim_max = 5;
  printf("%d %d\n", setrlimit(RLIMIT_CORE, &l), errno);
  l.rlim_cur = l.rlim_max = 0; printf("%d\n", setrlimit(RLIMIT_CORE, &l));
  struct rusage u; printf("%d\n", getrusage(RUSAGE_SELF, &u));
  printf("%d\n", getpriority(PRIO_PROCESS, 0));
  printf("%d %d\n", setpriority(PRIO_PROCESS, 0, 5), getpriority(PRIO_PROCESS, 0));
  printf("%d\n", nice(3));
  return 0;
}
