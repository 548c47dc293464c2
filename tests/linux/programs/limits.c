// Limits that are asked for and set, and how nice a process is.
// Recorded from Linux: the emulator answers with the host's limits.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
int main(void) {
  struct rlimit l; int answer;
  getrlimit(RLIMIT_STACK, &l); printf("%lu\n", (unsigned long)l.rlim_cur);
  answer = getrlimit(99, &l); printf("%d %d\n", answer, errno);
  l.rlim_cur = 10; l.rlim_max = 5;
  answer = setrlimit(RLIMIT_CORE, &l); printf("%d %d\n", answer, errno);
  l.rlim_cur = l.rlim_max = 0; printf("%d\n", setrlimit(RLIMIT_CORE, &l));
  struct rusage u; printf("%d\n", getrusage(RUSAGE_SELF, &u));
  printf("%d\n", getpriority(PRIO_PROCESS, 0));
  answer = setpriority(PRIO_PROCESS, 0, 5); printf("%d %d\n", answer, getpriority(PRIO_PROCESS, 0));
  printf("%d\n", nice(3));
  return 0;
}
