// A descriptor that stands for a place only, as O_PATH makes it: what is refused through it, and what is
// not.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#define SAY(what) (errno = 0, say(#what, (long)(what)))
static void say(const char *what, long answer) {
  printf("%s: %s\n", what, answer < 0 ? strerror(errno) : "done");
}

static void bytes_of(int fd, int plain) {
  char bytes[8] = {0};
  SAY(read(fd, bytes, 1));
  SAY(write(fd, bytes, 1));
  SAY(lseek(fd, 0, SEEK_SET));
  SAY(sendfile(plain, fd, NULL, 1));
  SAY(copy_file_range(fd, NULL, plain, NULL, 1, 0));
  SAY(ftruncate(fd, 0));
  SAY(fallocate(fd, 0, 0, 1));
  SAY(posix_fadvise(fd, 0, 0, POSIX_FADV_NORMAL) ? -1 : 0);
  SAY(readahead(fd, 0, 1));
  SAY(sync_file_range(fd, 0, 0, 0));
  SAY(fsync(fd));
  SAY(fdatasync(fd));
  SAY(syncfs(fd));
  SAY((long)mmap(NULL, 1, PROT_READ, MAP_PRIVATE, fd, 0) == -1 ? -1 : 0);
}

static void attributes_of(int fd) {
  char bytes[8];
  struct stat about;
  struct statfs system;
  struct statx wide;
  SAY(fstat(fd, &about));
  SAY(fstatfs(fd, &system));
  SAY(statx(fd, "", AT_EMPTY_PATH, STATX_ALL, &wide));
  SAY(fchmod(fd, 0644));
  SAY(fchown(fd, -1, -1));
  SAY(fchownat(fd, "", -1, -1, AT_EMPTY_PATH));
  SAY(futimens(fd, NULL));
  SAY(fsetxattr(fd, "user.a", "a", 1, 0));
  SAY(fgetxattr(fd, "user.a", bytes, 8));
  SAY(flistxattr(fd, bytes, 8));
  SAY(fremovexattr(fd, "user.a"));
}

static void commands(int fd) {
  struct flock lock = {F_RDLCK};
  struct pollfd one = {fd, POLLIN};
  struct epoll_event event = {EPOLLIN};
  int count;
  SAY(fcntl(fd, F_GETFD));
  SAY(fcntl(fd, F_SETFD, FD_CLOEXEC));
  SAY(fcntl(fd, F_GETFL));
  SAY(fcntl(fd, F_SETFL, O_NONBLOCK));
  SAY(fcntl(fd, F_GETLK, &lock));
  SAY(fcntl(fd, F_SETLK, &lock));
  SAY(fcntl(fd, F_GETOWN));
  SAY(fcntl(fd, F_GETLEASE));
  SAY(fcntl(fd, F_DUPFD, 0));
  SAY(flock(fd, LOCK_SH));
  SAY(ioctl(fd, FIONREAD, &count));
  SAY(ioctl(fd, FIOCLEX));
  SAY(poll(&one, 1, 0));
  printf("polled: %x\n", one.revents);
  SAY(epoll_ctl(epoll_create1(0), EPOLL_CTL_ADD, fd, &event));
  SAY(inotify_add_watch(fd, ".", IN_OPEN));
  SAY(dup(fd));
  SAY(dup2(fd, 50));
  SAY(close(50));
}

int main(void) {
  char names[512];
  mkdir("directory", 0700);
  int plain = open("plain", O_CREAT | O_RDWR, 0600);
  close(open("file", O_CREAT | O_RDWR, 0600));
  int fd = open("file", O_PATH | O_RDWR);
  bytes_of(fd, plain);
  attributes_of(fd);
  commands(fd);
  int directory = open("directory", O_PATH | O_DIRECTORY);
  SAY(syscall(SYS_getdents64, directory, names, sizeof names));
  SAY(openat(directory, "new", O_CREAT | O_RDWR, 0600));
  SAY(unlinkat(directory, "new", 0));
  SAY(fchmod(directory, 0755));
  SAY(fsync(directory));
  SAY(fchdir(directory));
  SAY(linkat(fd, "", AT_FDCWD, "linked", AT_EMPTY_PATH));
  SAY(fchdir(fd));
  return 0;
}
