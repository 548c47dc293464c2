// Signals through directories of /proc, which stand for the processes that they are about.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAY(what) say(#what, (long)(what))
static void say(const char *what, long answer) {
  printf("%s: %ld %s\n", what, answer, answer < 0 ? strerror(errno) : "");
  fflush(stdout);
}
static int send_with(int fd, int signal, siginfo_t *info, unsigned flags) {
  return syscall(SYS_pidfd_send_signal, fd, signal, info, flags);
}
static int send(int fd, int signal) { return send_with(fd, signal, NULL, 0); }
static int open_at(const char *format, pid_t pid, int flags) {
  char path[64];
  snprintf(path, sizeof path, format, pid);
  return open(path, flags | O_RDONLY);
}
static int queue(int fd, int code) {
  siginfo_t info = {0};
  info.si_signo = SIGUSR1;
  info.si_code = code;
  info.si_value.sival_int = 77;
  return send_with(fd, SIGUSR1, &info, 0);
}
static void note(int signal, siginfo_t *info, void *context) {
  printf("signal %d, code %d, value %d, own %d\n", signal == SIGUSR1, info->si_code,
         info->si_code == SI_USER ? 0 : info->si_value.sival_int,
         info->si_code != SI_USER || info->si_pid == getpid());
}

static void to_oneself(const char *path) {
  int fd = open(path, O_RDONLY | O_DIRECTORY);
  printf("%s:\n", path);
  SAY(send(fd, 0));
  SAY(send(fd, SIGUSR1));
  SAY(queue(fd, SI_QUEUE));
  SAY(queue(fd, SI_USER));
  SAY(send(fd, 65));
  SAY(send_with(fd, SIGUSR1, NULL, 1 << 30));
  SAY(syscall(SYS_pidfd_getfd, fd, 0, 0));
  close(fd);
}

static void to_nobody(void) {
  const char *paths[] = {"/proc", "/proc/self/task", "/proc/self/fd", "/proc/self/stat", "/"};
  for (int at = 0; at < 5; at++) {
    int fd = open(paths[at], O_RDONLY);
    printf("%s: ", paths[at]);
    SAY(send(fd, 0));
    close(fd);
  }
  SAY(send(open_at("/proc/%d/task", getpid(), 0), 0));
  SAY(send(open("/proc/thread-self", O_RDONLY), 0));
  SAY(send(open("/proc/self", O_PATH), 0));
  SAY(send(-1, 0));
}

int main(void) {
  struct sigaction action = {.sa_sigaction = note, .sa_flags = SA_SIGINFO};
  sigaction(SIGUSR1, &action, NULL);
  to_oneself("/proc/self");
  char path[64];
  snprintf(path, sizeof path, "/proc/%d", getpid());
  chdir(path);
  to_oneself(".");
  to_nobody();

  pid_t child = fork();
  if (child == 0) {
    for (;;) pause();
  }
  int fd = open_at("/proc/%d", child, O_DIRECTORY);
  SAY(send(fd, 0));
  SAY(queue(fd, SI_USER));
  SAY(send(fd, SIGKILL));
  int status;
  waitpid(child, &status, 0);
  printf("ended by %d\n", WTERMSIG(status));
  SAY(send(fd, 0));
  return 0;
}
