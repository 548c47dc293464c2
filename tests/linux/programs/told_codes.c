// How a signal came about, as its sender says: what the kernel alone can know, a thread may tell only
// itself.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static const int codes[] = {SI_USER, SI_KERNEL, SI_QUEUE, SI_TKILL, SI_MESGQ};
static sigset_t set;

/* Says what was answered, and takes the signal that may have come of it. */
static void say(const char *how, int code, long answer) {
  struct timespec now = {0, 0};
  siginfo_t info = {0};
  printf("%s, code %d: %s", how, code, answer < 0 ? strerror(errno) : "sent");
  if (sigtimedwait(&set, &info, &now) == SIGUSR1) printf(", came with code %d", info.si_code);
  printf("\n");
}

static void tell(const char *who, pid_t tid) {
  int fd = syscall(SYS_pidfd_open, getpid(), 0);
  printf("%s:\n", who);
  for (unsigned at = 0; at < sizeof codes / sizeof *codes; at++) {
    siginfo_t info = {.si_signo = SIGUSR1, .si_code = codes[at]};
    say("process", codes[at], syscall(SYS_rt_sigqueueinfo, getpid(), SIGUSR1, &info));
    say("number", codes[at], syscall(SYS_rt_sigqueueinfo, tid, SIGUSR1, &info));
    say("thread", codes[at], syscall(SYS_rt_tgsigqueueinfo, getpid(), tid, SIGUSR1, &info));
    say("descriptor", codes[at], syscall(SYS_pidfd_send_signal, fd, SIGUSR1, &info, 0));
  }
  close(fd);
}

static void *other(void *ignored) {
  siginfo_t info = {.si_signo = SIGUSR1, .si_code = SI_USER};
  tell("a thread tells itself", gettid());
  say("another", SI_USER, syscall(SYS_rt_tgsigqueueinfo, getpid(), getpid(), SIGUSR1, &info));
  return NULL;
}

int main(void) {
  pthread_t thread;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  sigprocmask(SIG_BLOCK, &set, NULL);
  tell("the first thread tells itself", getpid());
  pthread_create(&thread, NULL, other, NULL);
  pthread_join(thread, NULL);
  return 0;
}
