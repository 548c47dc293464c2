// Who is not in front of a terminal asks it what he likes, but is stopped where he would change it.
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
static struct termios settings;

static int get(void) { return tcgetattr(terminal, &settings); }
static int set(void) { return tcsetattr(terminal, TCSANOW, &settings); }
static int set_and_flush(void) { return tcsetattr(terminal, TCSAFLUSH, &settings); }
static int drain(void) { return tcdrain(terminal); }
static int flush(void) { return tcflush(terminal, TCIFLUSH); }
static int flow(void) { return tcflow(terminal, TCOON); }
static int pending(void) {
  int count;
  return ioctl(terminal, TIOCOUTQ, &count);
}
static int resize(void) {
  struct winsize size = {10, 20, 0, 0};
  return ioctl(terminal, TIOCSWINSZ, &size);
}

static void behind(const char *what, int (*use)(void), void (*handler)(int)) {
  int status;
  pid_t child = fork();
  if (child == 0) {
    setpgid(0, 0);
    signal(SIGTTOU, handler);
    int answer = use();
    _exit(answer == 0 ? 0 : errno);
  }
  waitpid(child, &status, WUNTRACED);
  if (WIFSTOPPED(status)) {
    printf("%s: stopped by %s\n", what, sigabbrev_np(WSTOPSIG(status)));
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
  } else printf("%s: %s\n", what, WEXITSTATUS(status) ? strerrorname_np(WEXITSTATUS(status)) : "done");
  fflush(stdout);
}

int main(void) {
  static const struct { const char *what; int (*use)(void); } all[] = {
    {"get", get}, {"set", set}, {"set and flush", set_and_flush}, {"drain", drain}, {"flush", flush},
    {"flow", flow}, {"pending", pending}, {"resize", resize},
  };
  int master = posix_openpt(O_RDWR | O_NOCTTY);
  unlockpt(master);
  if (fork() == 0) {
    setsid();
    terminal = open(ptsname(master), O_RDWR);
    get();
    for (int one = 0; one < 8; one++) behind(all[one].what, all[one].use, SIG_DFL);
    printf("not heeding it\n");
    for (int one = 0; one < 8; one++) behind(all[one].what, all[one].use, SIG_IGN);
    _exit(0);
  }
  wait(NULL);
  return 0;
}
