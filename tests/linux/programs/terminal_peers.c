// The other side of a terminal, opened through its own side and not by a name: locked, shared, its name,
// and whose terminal it becomes.
// Recorded from Linux: the emulator does not know TIOCGPTPEER.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static void is_own(const char *how, int terminal) {
  int own = open("/dev/tty", O_RDWR | O_NOCTTY);
  printf("%s: own %d, session %d\n", how, own >= 0, tcgetsid(terminal) == getpid());
  if (own >= 0) close(own);
}

/* A session without a terminal opens one. */
static void lead(const char *how, int flags, int is_named) {
  if (fork() == 0) {
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    unlockpt(master);
    setsid();
    is_own(how, is_named ? open(ptsname(master), flags) : ioctl(master, TIOCGPTPEER, flags));
    int other = posix_openpt(O_RDWR);
    unlockpt(other);
    is_own("  another", ioctl(other, TIOCGPTPEER, O_RDWR));
    if (fork() == 0) {
      is_own("  no leader", ioctl(other, TIOCGPTPEER, O_RDWR));
          _exit(0);
    }
    wait(NULL);
    signal(SIGHUP, SIG_IGN);
      _exit(0);
  }
  wait(NULL);
}

int main(void) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  int master = posix_openpt(O_RDWR | O_NOCTTY);
  int early = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY);
  printf("locked: %s\n", early < 0 ? strerror(errno) : "no");
  unlockpt(master);
  int peer = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY);
  int closing = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
  printf("closes: %d %d\n", fcntl(peer, F_GETFD), fcntl(closing, F_GETFD));
  printf("modes: %d %d\n", fcntl(peer, F_GETFL) & O_ACCMODE, (fcntl(closing, F_GETFL) & O_CLOEXEC) != 0);

  char name[64], link[64], path[64], own[64] = "";
  struct stat by_name, by_file;
  ptsname_r(master, name, sizeof name);
  snprintf(link, sizeof link, "/proc/self/fd/%d", peer);
  ssize_t size = readlink(link, path, sizeof path - 1);
  path[size < 0 ? 0 : size] = 0;
  printf("the same name: %d\n", strcmp(path, name) == 0);
  printf("ttyname: %d\n", ttyname_r(peer, own, sizeof own) == 0 && strcmp(own, name) == 0);
  stat(name, &by_name);
  fstat(peer, &by_file);
  printf("the same file: %d\n", by_name.st_ino == by_file.st_ino && by_name.st_dev == by_file.st_dev);
  printf("the same device: %d\n", by_name.st_rdev == by_file.st_rdev);

  char bytes[64];
  write(master, "hallo\n", 6);
  size = read(peer, bytes, sizeof bytes);
  printf("%zd %.5s\n", size, bytes);
  close(peer);
  close(closing);
  size = read(master, bytes, sizeof bytes);
  printf("echo: %zd\n", size);
  printf("all gone: %s\n", read(master, bytes, sizeof bytes) < 0 ? strerror(errno) : "no");
  lead("opened", O_RDWR, 0);
  lead("opened for nothing else", O_RDWR | O_NOCTTY, 0);
  lead("only written", O_WRONLY, 0);
  lead("only read", O_RDONLY, 0);
  lead("only written by name", O_WRONLY, 1);
  lead("only read by name", O_RDONLY, 1);
  return 0;
}
