// What user 0 may do beside what users may: asked, given away, kept over a change of user.
// Recorded from Linux: the emulator answers with the host's users and what they may.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAY(what) say(#what, (long)(what))
static void say(const char *what, long answer) {
  printf("%s: %ld %s\n", what, answer, answer < 0 ? strerror(errno) : "");
  fflush(stdout);
}
static int has(int which, int capability) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2];
  if (syscall(SYS_capget, &header, data)) return -1;
  unsigned word = which == 0 ? data[capability / 32].effective : data[capability / 32].permitted;
  return word >> capability % 32 & 1;
}
static int set(unsigned effective, unsigned permitted) {
  struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
  struct __user_cap_data_struct data[2] = {{effective, permitted, 0}, {0, 0, 0}};
  return syscall(SYS_capset, &header, data);
}
static void in_child(void (*what)(void)) {
  fflush(stdout);
  if (fork() == 0) {
    what();
    fflush(stdout);
    _exit(0);
  }
  wait(NULL);
}
static void give_away(void) {
  int fd = open("capable", O_RDWR | O_CREAT, 0600);
  SAY(fchown(fd, 7, 7));
  SAY(set(1 << CAP_KILL, 1 << CAP_KILL | 1 << CAP_CHOWN));
  SAY(fchown(fd, 0, 0));
  SAY(set(1 << CAP_CHOWN, 1 << CAP_CHOWN));
  SAY(fchown(fd, 0, 0));
  SAY(set(1 << CAP_KILL, 1 << CAP_KILL));
  SAY(setuid(5));
  SAY(unlink("capable"));
}
static void become(void) {
  SAY(setresuid(1000, 1000, 0));
  printf("effective %d, permitted %d\n", has(0, CAP_CHOWN), has(1, CAP_CHOWN));
  SAY(seteuid(0));
  printf("effective %d, permitted %d\n", has(0, CAP_CHOWN), has(1, CAP_CHOWN));
  SAY(setuid(1000));
  printf("effective %d, permitted %d\n", has(0, CAP_CHOWN), has(1, CAP_CHOWN));
  SAY(setuid(0));
}
static void keep(void) {
  SAY(prctl(PR_GET_KEEPCAPS));
  SAY(prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0));
  SAY(setuid(1000));
  printf("effective %d, permitted %d\n", has(0, CAP_CHOWN), has(1, CAP_CHOWN));
  SAY(set(1 << CAP_CHOWN, 1 << CAP_CHOWN));
  SAY(chown(".", 1000, 1000));
  SAY(set(~0u, ~0u));
}

int main(void) {
  printf("effective %d, permitted %d\n", has(0, CAP_CHOWN), has(1, CAP_SYS_ADMIN));
  struct __user_cap_header_struct odd = {1, 0};
  SAY(syscall(SYS_capget, &odd, NULL));
  printf("version %x\n", odd.version);
  in_child(give_away);
  in_child(become);
  in_child(keep);
  SAY(unlink("capable"));
  return 0;
}
