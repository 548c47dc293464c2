// A shell's view of jobs: groups in front and behind, stops, continues, and the terminal between.
// Recorded from Linux: the emulator answers with the host's terminals.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static int terminal;

static pid_t job(void (*what)(void), int inFront) {
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    setpgid(0, 0);
    if (inFront) tcsetpgrp(terminal, getpid());
    for (int signal = SIGINT; signal <= SIGTTOU; signal++)
      if (signal != SIGKILL && signal != SIGSTOP) sigaction(signal, &(struct sigaction){.sa_handler = SIG_DFL}, NULL);
    what();
    _exit(0);
  }
  setpgid(child, child);
  return child;
}
static void tell(const char *what, pid_t child, int options) {
  int status;
  pid_t got = waitpid(child, &status, options);
  printf("%s: ", what);
  if (got != child) printf("%d %s\n", got, strerror(errno));
  else if (WIFSTOPPED(status)) printf("stopped by %d\n", WSTOPSIG(status));
  else if (WIFCONTINUED(status)) printf("goes on\n");
  else if (WIFSIGNALED(status)) printf("ended by %d\n", WTERMSIG(status));
  else printf("code %d\n", WEXITSTATUS(status));
  fflush(stdout);
}
static void reads(void) {
  char line[32] = {0};
  ssize_t size = read(terminal, line, 31);
  _exit(size == 5 && !strcmp(line, "line\n") ? 5 : size < 0 ? 100 + errno : 6);
}
static void sleeps(void) { for (;;) pause(); }
static void sets(void) { _exit(tcsetpgrp(terminal, getpid()) ? 1 : 8); }
static void deaf(void) {
  signal(SIGTTIN, SIG_IGN);
  reads();
}

int main(void) {
  int master = posix_openpt(O_RDWR | O_NOCTTY);
  grantpt(master);
  unlockpt(master);
  fflush(stdout);
  pid_t shell = fork();
  if (shell) {
    int status;
    char ready;
    waitpid(shell, &status, 0);
    return WEXITSTATUS(status);
  }
  setsid();
  terminal = open(ptsname(master), O_RDWR);
  printf("front %d\n", tcgetpgrp(terminal) == getpgrp());
  signal(SIGTTOU, SIG_IGN);
  pid_t behind = job(reads, 0);
  tell("reads from behind", behind, WUNTRACED);
  tcsetpgrp(terminal, behind);
  kill(-behind, SIGCONT);
  tell("put in front", behind, WCONTINUED);
  write(master, "line\n", 5);
  tell("reads in front", behind, 0);
  tcsetpgrp(terminal, getpgrp());
  pid_t front = job(sleeps, 1);
  while (tcgetpgrp(terminal) != front) usleep(1000);
  usleep(5000);
  write(master, "\032", 1);
  tell("control Z", front, WUNTRACED);
  tell("nothing new", front, WNOHANG | WUNTRACED);
  kill(-front, SIGCONT);
  tell("continued", front, WCONTINUED);
  write(master, "\003", 1);
  tell("control C", front, WUNTRACED);
  tcsetpgrp(terminal, getpgrp());
  pid_t setter = job(sets, 0);
  tell("sets the front from behind", setter, WUNTRACED);
  tcsetpgrp(terminal, setter);
  kill(-setter, SIGCONT);
  tell("and in front", setter, 0);
  tcsetpgrp(terminal, getpgrp());
  tell("deaf from behind", job(deaf, 0), 0);
  printf("no group: %d", tcsetpgrp(terminal, 1 << 30));
  printf(" %s\n", strerror(errno));
  fflush(stdout);
  _exit(0);
}
