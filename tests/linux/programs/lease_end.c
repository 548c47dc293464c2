// Leases whose holder does nothing when others want the file: after 45 seconds these have it.
// Recorded from Linux: the emulator shows the host's locks.
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char *NAME[] = {"read", "write", "none"};

/** Hold a lease that keeps others from reading a file; one of them opens it all the same. */
static int hold(const char *name, int flags, int *pid) {
  close(open(name, O_CREAT | O_RDWR, 0600));
  int file = open(name, O_RDONLY);
  fcntl(file, F_SETLEASE, F_WRLCK);
  if ((*pid = fork()) == 0) {
    struct timespec before, after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    int opened = open(name, flags);
    clock_gettime(CLOCK_MONOTONIC, &after);
    double seconds = after.tv_sec - before.tv_sec + (after.tv_nsec - before.tv_nsec) / 1e9;
    _exit(opened <= STDERR_FILENO ? 1 : seconds > 44.5 && seconds < 46.5 ? 45 : 2);
  }
  return file;
}

int main(void) {
  int status, reader, writer;
  signal(SIGIO, SIG_IGN);
  int read_later = hold("one", O_RDONLY, &reader), written_later = hold("other", O_RDWR, &writer);
  waitpid(reader, &status, 0);
  printf("read after %d seconds\n", WEXITSTATUS(status));
  waitpid(writer, &status, 0);
  printf("written after %d seconds\n", WEXITSTATUS(status));
  printf("%s, %s\n", NAME[fcntl(read_later, F_GETLEASE)], NAME[fcntl(written_later, F_GETLEASE)]);
  printf("%d\n", fcntl(read_later, F_SETLEASE, F_UNLCK));
  printf("%d\n", fcntl(written_later, F_SETLEASE, F_UNLCK));
  FILE *file = fopen("/proc/sys/fs/lease-break-time", "r");
  char line[64] = "";
  fgets(line, sizeof line, file);
  printf("%s", line);
  return 0;
}
