// What a task asks of itself with prctl and the scheduler, and what of it its children have.
// Recorded from Linux: the emulator knows few of these options.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAY(call) say(#call, (long)(call))

static void say(const char *call, long answer) {
  printf("%s: %ld%s%s\n", call, answer, answer < 0 ? " " : "", answer < 0 ? strerrorname_np(errno) : "");
}

static void options(void) {
  SAY(prctl(PR_GET_SECCOMP));
  SAY(prctl(PR_GET_TIMING));
  SAY(prctl(PR_SET_TIMING, 1));
  SAY(prctl(PR_GET_SECUREBITS));
  SAY(prctl(PR_SET_KEEPCAPS, 1));
  SAY(prctl(PR_GET_SECUREBITS));
  SAY(prctl(PR_GET_NO_NEW_PRIVS, 1, 0, 0, 0));
  SAY(prctl(PR_SET_NO_NEW_PRIVS, 1, 1, 0, 0));
  SAY(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
  SAY(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
  SAY(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
  SAY(prctl(PR_SET_THP_DISABLE, 0, 0, 0, 0));
  SAY(prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0));
  SAY(prctl(PR_MCE_KILL_GET, 0, 0, 0, 0));
  SAY(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, 0, 0, 0));
  SAY(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, 99, 0, 0));
  SAY(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, 0, 0, 0));
  SAY(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0));
  int *address = NULL;
  SAY(prctl(PR_GET_TID_ADDRESS, &address));
  printf("an address: %d\n", address != NULL);
}

static void children(void) {
  struct sched_param none = {0};
  int status;
  SAY(sched_setscheduler(0, SCHED_BATCH | SCHED_RESET_ON_FORK, &none));
  SAY(sched_getscheduler(0) == (SCHED_BATCH | SCHED_RESET_ON_FORK));
  fflush(stdout);
  if (fork() == 0) _exit(sched_getscheduler(0) == SCHED_OTHER ? 7 : 8);
  wait(&status);
  printf("a child begins anew: %d\n", WEXITSTATUS(status));
  pid_t child = fork();
  if (child == 0) {
    pause();
    _exit(0);
  }
  setpgid(child, child);
  SAY(setpriority(PRIO_PGRP, child, 7));
  SAY(getpriority(PRIO_PGRP, child));
  SAY(getpriority(PRIO_PROCESS, child));
  SAY(getpriority(PRIO_PROCESS, 0));
  SAY(getpriority(PRIO_PGRP, 99999));
  SAY(setpriority(PRIO_PGRP, 99999, 7));
  siginfo_t info;
  int fd = pidfd_open(child, PIDFD_NONBLOCK);
  SAY(waitid(P_PIDFD, fd, &info, WEXITED));
  kill(child, SIGKILL);
  wait(&status);
  SAY(waitpid(-0x7fffffff - 1, &status, 0));
}

struct attributes {
  unsigned size, policy;
  unsigned long flags;
  int nice;
  unsigned priority;
  unsigned long runtime, deadline, period;
};

static void priorities(void) {
  SAY(syscall(SYS_ioprio_set, 1, 0, 2 << 13 | 4));
  SAY(syscall(SYS_ioprio_get, 1, 0));
  SAY(syscall(SYS_ioprio_get, 9, 0));
  struct attributes own = {0};
  SAY(syscall(SYS_sched_getattr, 0, &own, sizeof own, 0));
  printf("policy %u, nice %d\n", own.policy, own.nice);
  own.policy = SCHED_BATCH;
  own.nice = 3;
  own.flags = 1;
  SAY(syscall(SYS_sched_setattr, 0, &own, 0));
  SAY(sched_getscheduler(0) == (SCHED_BATCH | SCHED_RESET_ON_FORK));
  own.size = 2;
  SAY(syscall(SYS_sched_setattr, 0, &own, 0));
  printf("what would do: %u\n", own.size);
  SAY(umount2("nowhere", MNT_DETACH | MNT_FORCE));
}

int main(void) {
  options();
  priorities();
  children();
  return 0;
}
