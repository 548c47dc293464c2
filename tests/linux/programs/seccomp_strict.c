// Tasks that may read, write and end, and what becomes of them when they do more.
// Recorded from Linux: the emulator lets nobody filter calls.
#define _GNU_SOURCE
#include <errno.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void line(const char *text) { write(1, text, strlen(text)); }

static void good(void) {
  char byte;
  if (read(3, &byte, 1) == 1) line("  reads and writes\n");
  syscall(SYS_exit, 7);
}
static void asks(void) { syscall(SYS_getppid); }
static void ends_all(void) { syscall(SYS_exit_group, 7); }
static void opens(void) { syscall(SYS_openat, 0, "/", 0); }
static void none(void) { syscall(1000); }
static void again(void) { prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT); }
static void fails(void) {
  if (read(99, NULL, 1) < 0 && errno == EBADF) line("  an error is one\n");
  syscall(SYS_exit, 3);
}

static void faults(void) { *(volatile int *)0 = 1; }
static void fault(int signal) {
  line("  a fault\n");
  syscall(SYS_exit, 4);
}

static void try(const char *name, void (*deed)(void), int way) {
  int status;
  printf("%s:\n", name);
  fflush(stdout);
  if (fork() == 0) {
    signal(SIGSEGV, fault);
    long entered = way ? syscall(SYS_seccomp, SECCOMP_SET_MODE_STRICT, 0, NULL)
                       : prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT, 5, 6, 7);
    if (entered != 0) syscall(SYS_exit_group, 99);
    deed();
    line("  goes on\n");
    syscall(SYS_exit, 1);
  }
  wait(&status);
  if (WIFSIGNALED(status)) printf("  signal %d, core %d\n", WTERMSIG(status), !!WCOREDUMP(status));
  else printf("  code %d\n", WEXITSTATUS(status));
}

static void *strict_thread(void *unused) {
  prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
  line("  a strict thread\n");
  syscall(SYS_getpid);
  line("  goes on\n");
  return NULL;
}

/** Only the thread ends; the others hear of it where they wait for its number. */
static void threads(void) {
  int status;
  puts("a thread:");
  fflush(stdout);
  if (fork() == 0) {
    pthread_t one;
    pthread_create(&one, NULL, strict_thread, NULL);
    pthread_join(one, NULL);
    printf("  the other is in mode %d\n", prctl(PR_GET_SECCOMP));
    exit(5);
  }
  wait(&status);
  printf("  code %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

static void *waits(void *unused) {
  char byte;
  read(3, &byte, 1);
  syscall(SYS_exit, 9);
  return NULL;
}
/** What the last one ended with is what the process ended with. */
static void leader(void) {
  int status;
  puts("the first thread:");
  fflush(stdout);
  if (fork() == 0) {
    pthread_t one;
    pthread_create(&one, NULL, waits, NULL);
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
    syscall(SYS_getpid);
    _exit(1);
  }
  usleep(100000);
  write(4, "x", 1);
  wait(&status);
  printf("  code %d\n", WIFEXITED(status) ? WEXITSTATUS(status) : -1);
}

int main(void) {
  int ends[2];
  pipe(ends);
  dup2(ends[0], 53), dup2(ends[1], 54);
  close(ends[0]), close(ends[1]);
  dup2(53, 3), dup2(54, 4);
  write(4, "x", 1);
  printf("mode %d\n", prctl(PR_GET_SECCOMP));
  try("good", good, 0);
  try("an error", fails, 1);
  try("getppid", asks, 0);
  try("exit_group", ends_all, 1);
  try("openat", opens, 0);
  try("no such call", none, 0);
  try("prctl", again, 0);
  try("a fault", faults, 1);
  threads();
  leader();
  printf("%ld %s\n", syscall(SYS_seccomp, SECCOMP_SET_MODE_STRICT, 1, NULL), strerror(errno));
  printf("%ld %s\n", syscall(SYS_seccomp, SECCOMP_SET_MODE_STRICT, 0, ends), strerror(errno));
  printf("%d %s\n", prctl(PR_SET_SECCOMP, 0), strerror(errno));
  printf("%d %s\n", prctl(PR_SET_SECCOMP, 3, ends), strerror(errno));
  printf("%ld %s\n", syscall(SYS_seccomp, 4, 0, ends), strerror(errno));
  printf("mode %d\n", prctl(PR_GET_SECCOMP));
  return 0;
}
