// What new tasks are asked for: what makes no sense, numbers of one's own choice, and handlers that are gone.
// Recorded from Linux: the emulator has the host make tasks, in its own way.
#define _GNU_SOURCE
#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int words[4], wide[40], self, one = 1, none = 0, negative = -1;

/** What there is to say of a task that was made, or not; it ends with `code`. */
static long ended(long pid, int code) {
  if (pid == 0) _exit(code);
  int error = errno, status = 0;
  if (pid > 0) waitpid(pid, &status, __WALL);
  errno = error;
  return pid > 0 ? WEXITSTATUS(status) : pid;
}
static void say(const char *what, long answer) {
  printf("%s: %ld %s\n", what, answer, answer < 0 ? strerrorname_np(errno) : "");
  fflush(stdout);
}
#define SIZED(size, ...) \
  do { \
    struct clone_args args = {.exit_signal = SIGCHLD, ##__VA_ARGS__}; \
    say(#__VA_ARGS__ " in " #size, ended(syscall(SYS_clone3, &args, size), 0)); \
  } while (0)
#define CLONE3(...) SIZED(88, ##__VA_ARGS__)
#define CLONE(flags, where) say("clone " #flags, ended(syscall(SYS_clone, (flags) | SIGCHLD, 0, where, 0, 0), 0))
#define AT(place) .place = (uintptr_t)

static void sizes(void) {
  struct { struct clone_args args; long more; } longer = {{.exit_signal = SIGCHLD}, 0};
  say("zero behind the arguments", ended(syscall(SYS_clone3, &longer, 96), 0));
  longer.more = 1;
  say("more behind the arguments", ended(syscall(SYS_clone3, &longer, 96), 0));
  say("nothing there", ended(syscall(SYS_clone3, 8, 64), 0));
  SIZED(64, .set_tid_size = 1);
  SIZED(80, .cgroup = 1);
  SIZED(80, .flags = CLONE_INTO_CGROUP);
}
static void flags(void) {
  CLONE3(.exit_signal = 65);
  CLONE3(.exit_signal = 0x111);
  CLONE3(.flags = 1UL << 34);
  CLONE3(.flags = CLONE_DETACHED);
  CLONE3(.flags = SIGCHLD);
  CLONE3(.flags = CLONE_PARENT);
  CLONE3(.flags = CLONE_THREAD | CLONE_SIGHAND | CLONE_VM);
  CLONE3(.flags = CLONE_CLEAR_SIGHAND | CLONE_SIGHAND | CLONE_VM);
  CLONE3(.flags = CLONE_INTO_CGROUP, .cgroup = -1);
  CLONE3(.flags = CLONE_INTO_CGROUP, .cgroup = 0);
  CLONE3(.flags = CLONE_PARENT_SETTID, .parent_tid = 8);
  CLONE3(.flags = CLONE_PIDFD, .pidfd = 8);
  CLONE3(.flags = CLONE_PIDFD | CLONE_PARENT_SETTID, AT(pidfd) words, AT(parent_tid) words);
  CLONE3(.flags = CLONE_PIDFD | CLONE_PARENT_SETTID, AT(pidfd) words, AT(parent_tid)(words + 1));
  CLONE(CLONE_DETACHED, words);
  CLONE(CLONE_PIDFD | CLONE_DETACHED, words);
  CLONE(CLONE_PIDFD | CLONE_PARENT_SETTID, words);
  CLONE(CLONE_PIDFD, 8);
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  setrlimit(RLIMIT_NOFILE, &(struct rlimit){0, limit.rlim_max});
  CLONE3(.flags = CLONE_PIDFD, .pidfd = 8);
  setrlimit(RLIMIT_NOFILE, &limit);
}
static void numbers(void) {
  CLONE3(AT(set_tid) wide, .set_tid_size = 33);
  CLONE3(AT(set_tid) wide, .set_tid_size = 2);
  CLONE3(.set_tid_size = 1);
  CLONE3(AT(set_tid) wide);
  CLONE3(.set_tid = 8, .set_tid_size = 1, .flags = 1UL << 40);
  CLONE3(AT(set_tid) & self, .set_tid_size = 1, .flags = CLONE_PIDFD, .pidfd = 8);
  CLONE3(AT(set_tid) & negative, .set_tid_size = 1);
  CLONE3(AT(set_tid) & none, .set_tid_size = 1);
  CLONE3(AT(set_tid) & one, .set_tid_size = 1);
  struct clone_args args = {.exit_signal = SIGCHLD, AT(set_tid) wide, .set_tid_size = 1};
  long pid = syscall(SYS_clone3, &args, sizeof args);
  say("it has the number", ended(pid, getpid() == wide[0] ? 7 : 8));
  say("so its parent says", pid == wide[0]);
}
static void handlers(void) {
  signal(SIGUSR1, (void *)0x1234);
  signal(SIGUSR2, SIG_IGN);
  struct clone_args args = {.exit_signal = SIGCHLD, .flags = CLONE_CLEAR_SIGHAND};
  long pid = syscall(SYS_clone3, &args, sizeof args);
  struct sigaction handled, ignored;
  sigaction(SIGUSR1, NULL, &handled);
  sigaction(SIGUSR2, NULL, &ignored);
  say("handled", ended(pid, (handled.sa_handler == SIG_DFL) + 2 * (ignored.sa_handler == SIG_IGN)));
}

int main(void) {
  self = getpid();
  wide[0] = 29000;
  while (kill(wide[0], 0) == 0) wide[0]++;
  sizes();
  flags();
  numbers();
  handlers();
  setresuid(1000, 1000, 1000);
  CLONE3(AT(set_tid) & self, .set_tid_size = 1);
  CLONE3(AT(set_tid) & negative, .set_tid_size = 1);
  return 0;
}
