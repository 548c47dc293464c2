// Policies, priorities, niceness, and the one processor.
// Recorded from Linux: the emulator answers with the host's processors and priorities.
#define _GNU_SOURCE
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAY(what) say(#what, (long)(what))
static void say(const char *what, long answer) {
  printf("%s: %ld %s\n", what, answer, answer < 0 ? strerror(errno) : "");
}

int main(void) {
  struct sched_param zero = {0}, ten = {10};
  SAY(sched_getscheduler(0));
  SAY(sched_setscheduler(0, SCHED_BATCH, &zero));
  SAY(sched_getscheduler(0));
  SAY(sched_setscheduler(0, SCHED_OTHER, &ten));
  SAY(sched_setscheduler(0, 77, &zero));
  SAY(sched_setscheduler(-1, SCHED_OTHER, &zero));
  SAY(sched_setscheduler(0, SCHED_OTHER, &zero));
  SAY(sched_get_priority_max(SCHED_FIFO));
  SAY(sched_get_priority_min(SCHED_RR));
  SAY(sched_get_priority_max(SCHED_OTHER));
  SAY(sched_get_priority_max(55));
  SAY(sched_yield());
  cpu_set_t set;
  SAY(sched_getaffinity(0, sizeof set, &set));
  printf("first %d\n", CPU_ISSET(0, &set));
  CPU_ZERO(&set);
  SAY(sched_setaffinity(0, sizeof set, &set));
  CPU_SET(0, &set);
  SAY(sched_setaffinity(0, sizeof set, &set));
  printf("cpu %d\n", sched_getcpu());
  errno = 0;
  SAY(getpriority(PRIO_PROCESS, 0));
  SAY(setpriority(PRIO_PROCESS, 0, 5));
  SAY(getpriority(PRIO_PROCESS, 0));
  SAY(nice(3));
  SAY(nice(100));
  SAY(getpriority(9, 0));
  SAY(setpriority(PRIO_PROCESS, 1 << 30, 0));
  fflush(stdout);
  if (fork() == 0) {
    SAY(getpriority(PRIO_PROCESS, 0));
    fflush(stdout);
    _exit(0);
  }
  wait(NULL);
  struct rusage usage;
  SAY(getrusage(RUSAGE_SELF, &usage));
  printf("resident %d\n", usage.ru_maxrss > 0);
  SAY(getrusage(RUSAGE_CHILDREN, &usage));
  SAY(getrusage(7, &usage));
  // What one thread wrote, others see after this; asked for in this process first.
  printf("barriers %lx\n", syscall(SYS_membarrier, 0, 0, 0) & 0x19);
  SAY(syscall(SYS_membarrier, 8, 0, 0));
  SAY(syscall(SYS_membarrier, 16, 0, 0));
  SAY(syscall(SYS_membarrier, 8, 0, 0));
  SAY(syscall(SYS_membarrier, 1, 0, 0));
  SAY(syscall(SYS_membarrier, 8, 1, 0));
  SAY(syscall(SYS_membarrier, 128, 1, 0));
  SAY(syscall(SYS_membarrier, 32, 0, 0));
  SAY(syscall(SYS_membarrier, 64, 0, 0));
  SAY(syscall(SYS_membarrier, 32, 0, 0));
  fflush(stdout);
  if (fork() == 0) {
    SAY(syscall(SYS_membarrier, 8, 0, 0));
    SAY(syscall(SYS_membarrier, 512, 0, 0));
    fflush(stdout);
    _exit(0);
  }
  wait(NULL);
  SAY(syscall(SYS_membarrier, 512, 0, 0));
  SAY(syscall(SYS_membarrier, 1 << 30, 0, 0));
  return 0;
}
