// The end of a session's leader: who is in front hears of it, others lose their terminal.
// Recorded from Linux: under the emulator the process behind does not say that its terminal is gone.
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static int out[2];
static volatile sig_atomic_t heard;
static void note(int signal) { heard = signal; }

static void wait_for_end(int terminal, const char *who) {
  signal(SIGHUP, note);
  write(out[1], "r", 1);
  for (int one = 0; !heard && one < 50; one++) usleep(1000);
  char said[64];
  sprintf(said, "%s: signal %d, /dev/tty %d\n", who, heard, open("/dev/tty", O_RDWR) >= 0);
  usleep(heard ? 0 : 20000);
  write(out[1], said, strlen(said));
  _exit(0);
}

int main(void) {
  prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  int master = posix_openpt(O_RDWR | O_NOCTTY);
  grantpt(master);
  unlockpt(master);
  pipe(out);
  pid_t leader = fork();
  if (leader == 0) {
    setsid();
    int terminal = open(ptsname(master), O_RDWR);
    signal(SIGTTOU, SIG_IGN);
    pid_t front = fork();
    if (front == 0) {
      setpgid(0, 0);
      tcsetpgrp(terminal, getpid());
      wait_for_end(terminal, "in front");
    }
    setpgid(front, front);
    if (fork() == 0) {
      setpgid(0, 0);
      wait_for_end(terminal, "behind");
    }
    char byte;
    pause();
  }
  char bytes[256];
  for (int ready = 0; ready < 2; ready++) read(out[0], bytes, 1);
  kill(leader, SIGKILL);
  waitpid(leader, NULL, 0);
  while (wait(NULL) > 0);
  memset(bytes, 0, sizeof bytes);
  read(out[0], bytes, sizeof bytes - 1);
  printf("%s", bytes);
  return 0;
}
