#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>
int main(void) {
  void *bad = (void *)0x10;
  struct { const char *name; long r; } t[] = {
    {"open", syscall(SYS_openat, AT_FDCWD, bad, 0)}, {"write", syscall(SYS_write, 1, bad, 4)},
    {"pipe", syscall(SYS_pipe2, bad, 0)}, {"getcwd", syscall(SYS_getcwd, bad, 4096)},
    {"uname", syscall(SYS_uname, bad)}, {"stat", syscall(SYS_newfstatat, AT_FDCWD, "/", bad, 0)},
    {"time", syscall(SYS_clock_gettime, 0, bad)}, {"sigaction", syscall(SYS_rt_sigaction, 10, bad, 0, 8)},
    {"execve", syscall(SYS_execve, "/x", bad, bad)},
    {"execve bad path", syscall(SYS_execve, bad, 0, 0)}, {"getrandom", syscall(SYS_getrandom, bad, 8, 0)},
    {"sigaction size", syscall(SYS_rt_sigaction, 10, 0, 0, 4)}, {"readlinkat", syscall(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", bad, 10)},
  };
  for (int i = 0; i < (int)(sizeof t / sizeof *t); i++) printf("%s %ld\n", t[i].name, t[i].r);
  errno = 0; syscall(SYS_openat, AT_FDCWD, bad, 0); printf("%d\n", errno);
  errno = 0; syscall(SYS_write, 1, bad, 4); printf("%d\n", errno);
  errno = 0; syscall(SYS_execve, bad, 0, 0); printf("%d\n", errno);
  return 0;
}
