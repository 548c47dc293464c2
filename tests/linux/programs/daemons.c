// Processes that go behind: what is left of them there, and what happens where they cannot. Stacks for signals.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int ends[2];
static int is_null(int fd) {
  struct stat about, null;
  return !fstat(fd, &about) && !stat("/dev/null", &null) && about.st_rdev == null.st_rdev && S_ISCHR(about.st_mode);
}
static void go_behind(int stay, int keep) {
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    pid_t before = getpid();
    int how = daemon(stay, keep);
    char place[4096], text[200];
    int size = sprintf(text, "daemon %d, another process %d, leads a session %d, at the root %d, null %d%d%d", how, getpid() != before, getsid(0) != getsid(before) || getpgrp() == getpid(),
                       !strcmp(getcwd(place, 4096), "/"), keep || is_null(0), keep || is_null(1), keep || is_null(2));
    write(ends[1], text, size);
    _exit(3);
  }
  close(ends[1]);
  int status;
  waitpid(child, &status, 0);
  char text[300] = {0};
  for (ssize_t size = 0, got; (got = read(ends[0], text + size, 299 - size)) > 0;) size += got;
  printf("%s; who started it sees %d\n", text, WEXITSTATUS(status));
  close(ends[0]);
}
static void cannot(void) {
  fflush(stdout);
  if (fork() == 0) {
    struct rlimit few = {20, 20};
    setrlimit(RLIMIT_NOFILE, &few);
    while (dup(0) >= 0);
    errno = 0;
    // It may be the child that fails, when who started it is gone.
    int how = daemon(1, 0), why = errno;
    char text[100];
    write(ends[1], text, sprintf(text, "without descriptors %d %s", how, strerror(why)));
    _exit(0);
  }
  close(ends[1]);
  wait(NULL);
  char text[300] = {0};
  for (ssize_t size = 0, got; (got = read(ends[0], text + size, 299 - size)) > 0;) size += got;
  puts(text);
  close(ends[0]);
}
static char *room;
static volatile int inside;
static sigjmp_buf back;
static void on_stack(int signal) {
  char here;
  stack_t now, other = {.ss_sp = room, .ss_size = 8192};
  inside = &here >= room && &here < room + 65536;
  sigaltstack(NULL, &now);
  printf("handler %d: there %d, flags %d", signal == SIGUSR1, inside, now.ss_flags == SS_ONSTACK);
  errno = 0;
  printf(", another %d", sigaltstack(&other, NULL));
  printf(" %s\n", strerror(errno));
  if (signal == SIGUSR2) siglongjmp(back, 1);
}
static void stacks(void) {
  room = malloc(65536);
  stack_t mine = {.ss_sp = room, .ss_size = 65536}, old;
  struct sigaction action = {.sa_handler = on_stack, .sa_flags = SA_ONSTACK};
  sigaltstack(&mine, NULL);
  sigaction(SIGUSR1, &action, NULL), sigaction(SIGUSR2, &action, NULL);
  raise(SIGUSR1);
  sigaltstack(NULL, &old);
  printf("after %d %d, size %zu\n", old.ss_flags, old.ss_sp == room, old.ss_size);
  sigset_t set;
  if (sigsetjmp(back, 1) == 0) raise(SIGUSR2);
  sigprocmask(SIG_SETMASK, NULL, &set);
  printf("jumped out, blocked %d", sigismember(&set, SIGUSR2));
  if (sigsetjmp(back, 0) == 0) raise(SIGUSR2);
  sigprocmask(SIG_SETMASK, NULL, &set);
  printf("jumped without the mask, blocked %d\n", sigismember(&set, SIGUSR2));
  sigemptyset(&set), sigprocmask(SIG_SETMASK, &set, NULL);
  static const struct { int flags; size_t size; } odd[] = {{0, 100}, {0, 2047}, {0, 2048}, {4, 65536}, {SS_ONSTACK, 65536}, {SS_DISABLE, 0}};
  for (int one = 0; one < 6; one++) {
    stack_t asked = {.ss_sp = room, .ss_flags = odd[one].flags, .ss_size = odd[one].size};
    errno = 0;
    printf("flags %x, size %zu: %d", odd[one].flags, odd[one].size, sigaltstack(&asked, NULL));
    printf(" %s\n", strerror(errno));
  }
}
// A mask that a jump puts back, a value that a jump cannot make zero, and what is not kept unless it is volatile.
static void jumps(void) {
  sigset_t set;
  volatile int times = 0;
  sigemptyset(&set), sigaddset(&set, SIGTERM), sigprocmask(SIG_BLOCK, &set, NULL);
  int got = sigsetjmp(back, 1);
  if (times++ < 2) {
    sigemptyset(&set), sigprocmask(SIG_SETMASK, &set, NULL);
    siglongjmp(back, times == 1 ? 0 : 9);
  }
  sigprocmask(SIG_SETMASK, NULL, &set);
  printf("answers %d after %d, the mask is back %d\n", got, times, sigismember(&set, SIGTERM));
  jmp_buf plain;
  times = 0;
  got = setjmp(plain);
  sigprocmask(SIG_SETMASK, NULL, &set);
  if (times++ < 1) sigaddset(&set, SIGHUP), sigprocmask(SIG_SETMASK, &set, NULL), longjmp(plain, -5);
  printf("answers %d, the mask stays %d\n", got, sigismember(&set, SIGHUP));
}

int main(void) {
  pipe(ends), go_behind(0, 0);
  pipe(ends), go_behind(1, 1);
  pipe(ends), cannot(), stacks(), jumps();
  return 0;
}
