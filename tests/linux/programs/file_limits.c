// How large a file may become, for those who would set blocks aside for it.
// Recorded from Linux: the emulator does not tell who is past his limit.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static volatile sig_atomic_t told;
static void note(int signal) { told++; }

#define SAY(what) say(#what, (long)(what))
static void say(const char *what, long answer) {
  printf("%s: %ld%s%s, told %d\n", what, answer, answer < 0 ? " " : "", answer < 0 ? strerrorname_np(errno) : "", told);
  told = 0;
}

int main(void) {
  char name[] = "/dev/shm/file_limits";
  int fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);
  unlink(name);
  struct stat stat;
  struct rlimit limit = {8192, 65536};
  signal(SIGXFSZ, note);
  setrlimit(RLIMIT_FSIZE, &limit);
  SAY(fallocate(fd, 0, 0, 8192));
  SAY(fallocate(fd, 0, 0, 8193));
  SAY(fallocate(fd, 0, 8192, 1));
  SAY(fallocate(fd, FALLOC_FL_KEEP_SIZE, 8192, 1));
  SAY(fallocate(fd, FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE, 8192, 100));
  SAY(posix_fallocate(fd, 8000, 1000));
  SAY(fstat(fd, &stat));
  SAY(stat.st_size);
  limit.rlim_cur = 4096;
  setrlimit(RLIMIT_FSIZE, &limit);
  SAY(fallocate(fd, 0, 4096, 4096));
  SAY(fallocate(fd, 0, 4096, 4097));
  SAY(ftruncate(fd, 8192));
  SAY(ftruncate(fd, 8193));
  SAY(fallocate(fd, 0, 0x7fffffffffffffff, 1));
  SAY(fallocate(fd, 0, 0x7ffffffffffff000, 0x7ffffffffffff000));
  SAY(fallocate(fd, FALLOC_FL_PUNCH_HOLE, 0, 1));
  SAY(fallocate(fd, 0x80, 0, 1));
  SAY(fallocate(fd, FALLOC_FL_ZERO_RANGE, 0, 1));
  SAY(fallocate(fd, FALLOC_FL_COLLAPSE_RANGE, 0, 4096));
  return 0;
}
