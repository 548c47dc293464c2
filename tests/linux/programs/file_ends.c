// What lies behind a file's end, in holes, under seals, and in files that have no name yet.
// Recorded from Linux: some of it depends on the file system below, which is another one under the emulator.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE 4096
#define SAY(call) say(#call, (long)(call))

static void say(const char *call, long answer) {
  printf("%s: %ld%s%s\n", call, answer, answer < 0 ? " " : "", answer < 0 ? strerrorname_np(errno) : "");
}

static sigjmp_buf away;
static void leave(int signal) { siglongjmp(away, signal); }

static void look(const char *what, const volatile char *at) {
  int signal = sigsetjmp(away, 1);
  if (signal == 0) printf("%s: %d\n", what, *at);
  else printf("%s: %s\n", what, strsignal(signal));
}

static void cut(void) {
  int fd = open("file", O_RDWR | O_CREAT | O_TRUNC, 0644);
  char c = 9;
  ftruncate(fd, 2 * PAGE);
  char *shared = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  char *own = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
  own[PAGE] = 'o';
  ftruncate(fd, 100);
  look("a page that was cut off", shared + PAGE);
  look("a copy of it", own + PAGE);
  shared[200] = 'x';
  SAY(pread(fd, &c, 1, 200));
  SAY(ftruncate(fd, 2 * PAGE));
  SAY(pread(fd, &c, 1, 200));
  printf("what a mapping left behind the end: %d %d\n", c, shared[200]);
  look("what was cut off is zeros", shared + PAGE);
  ftruncate(fd, 100);
  shared[200] = 'y';
  SAY(pwrite(fd, "z", 1, 300));
  printf("the same, when a write goes beyond: %d %c\n", shared[200], shared[300]);
  close(fd);
}

static void nameless(void) {
  char path[64];
  struct stat st;
  int fd = open(".", O_TMPFILE | O_RDWR, 0600);
  write(fd, "hello", 5);
  fstat(fd, &st);
  printf("a file without a name: %d links, %d bytes\n", (int)st.st_nlink, (int)st.st_size);
  sprintf(path, "/proc/self/fd/%d", fd);
  SAY(linkat(AT_FDCWD, path, AT_FDCWD, "named", AT_SYMLINK_FOLLOW));
  SAY(linkat(AT_FDCWD, path, AT_FDCWD, "named", AT_SYMLINK_FOLLOW));
  SAY(linkat(fd, "", AT_FDCWD, "again", AT_EMPTY_PATH));
  fstat(fd, &st);
  printf("now it has %d\n", (int)st.st_nlink);
  close(fd);
  fd = open(".", O_TMPFILE | O_RDWR | O_EXCL, 0600);
  sprintf(path, "/proc/self/fd/%d", fd);
  SAY(linkat(AT_FDCWD, path, AT_FDCWD, "never", AT_SYMLINK_FOLLOW));
  close(fd);
  fd = open("again", O_RDWR);
  unlink("named");
  unlink("again");
  sprintf(path, "/proc/self/fd/%d", fd);
  SAY(linkat(AT_FDCWD, path, AT_FDCWD, "back", AT_SYMLINK_FOLLOW));
  close(fd);
}

static void seals(void) {
  int fd = memfd_create("sealed", MFD_ALLOW_SEALING);
  ftruncate(fd, 2 * PAGE);
  SAY(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW));
  SAY(pwrite(fd, "abc", 3, 2 * PAGE - 2));
  SAY(pwrite(fd, "abc", 3, 2 * PAGE));
  SAY(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
  char *seen = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
  SAY(mprotect(seen, PAGE, PROT_READ | PROT_WRITE));
  SAY(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, PAGE));
  close(fd);
  fd = memfd_create("later", MFD_ALLOW_SEALING);
  ftruncate(fd, PAGE);
  char *before = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
  SAY(fcntl(fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE));
  char *after = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
  SAY(mprotect(before, PAGE, PROT_READ | PROT_WRITE));
  SAY(mprotect(after, PAGE, PROT_READ | PROT_WRITE));
  close(fd);
}

static void holes(void) {
  int fd = memfd_create("holes", 0);
  SAY(lseek(fd, 0, SEEK_DATA));
  ftruncate(fd, 1L << 40);
  SAY(lseek(fd, 0, SEEK_DATA));
  SAY(lseek(fd, 5, SEEK_HOLE));
  pwrite(fd, "x", 1, 8 * PAGE + 5);
  SAY(lseek(fd, 0, SEEK_DATA));
  SAY(lseek(fd, 8 * PAGE + 9, SEEK_DATA));
  SAY(lseek(fd, 8 * PAGE + 9, SEEK_HOLE));
  SAY(lseek(fd, 9 * PAGE, SEEK_DATA));
  SAY(lseek(fd, 1L << 40, SEEK_HOLE));
  SAY(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 8 * PAGE, PAGE));
  SAY(lseek(fd, 0, SEEK_DATA));
  SAY(flock(fd, 32 | LOCK_SH));
  close(fd);
}

int main(void) {
  setvbuf(stdout, NULL, _IONBF, 0);
  signal(SIGBUS, leave);
  cut();
  nameless();
  seals();
  holes();
  return 0;
}
