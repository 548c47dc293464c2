// What two processes have in common, as the kernel compares them.
// Recorded from Linux: the emulator compares processes of its own machine.
#define _GNU_SOURCE
#include <errno.h>
#include <linux/kcmp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/sem.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void compare(const char *what, pid_t other) {
  static const char *const names[] = {"file", "memory", "files", "directory", "handlers", "blocks", "semaphores"};
  printf("%s:", what);
  for (int type = KCMP_FILE; type <= KCMP_SYSVSEM; type++) {
    int answer = syscall(SYS_kcmp, getpid(), other, type, 1, 1);
    printf(" %s %s", names[type], answer < 0 ? strerrorname_np(errno) : answer ? "differ" : "same");
  }
  printf("\n");
  fflush(stdout);
}

static int until_told(void *end) {
  char byte;
  read(*(int *)end, &byte, 1);
  return 0;
}

int main(void) {
  static char stack[65536];
  int ends[2], set = semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);
  struct sembuf up = {0, 1, SEM_UNDO}, certainly = {0, 1, 0};
  pipe(ends);
  compare("itself", getpid());
  pid_t child = fork();
  if (child == 0) {
    close(ends[1]);
    _exit(until_told(&ends[0]));
  }
  compare("child", child);
  semop(set, &certainly, 1);
  compare("nothing to undo", child);
  semop(set, &up, 1);
  compare("something to undo", child);
  compare("itself", getpid());
  pid_t sharer = clone(until_told, stack + sizeof stack, CLONE_VM | CLONE_SIGHAND | CLONE_FS | SIGCHLD, &ends[0]);
  compare("sharing child", sharer);
  close(ends[1]);
  semctl(set, 0, IPC_RMID);
  kill(child, SIGKILL), kill(sharer, SIGKILL);
  while (wait(NULL) > 0);
  compare("gone", child);
  return 0;
}
