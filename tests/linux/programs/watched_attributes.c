// What who watches a file is told of its attributes: each of its times, its owner, its permissions, what
// it lends, names that it has beside; and of its being emptied.
// Recorded from Linux: the emulator answers with the host's file systems.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

static int events;
static int file;
#define NOW UTIME_NOW
#define OMIT UTIME_OMIT

static void show(const char *what, long answer) {
  char bytes[4096] __attribute__((aligned(8)));
  printf("%s: %s,", what, answer < 0 ? strerror(errno) : "done");
  ssize_t size = read(events, bytes, sizeof bytes);
  for (char *at = bytes; at < bytes + size;) {
    struct inotify_event *event = (void *)at;
    printf(" %s", event->mask == IN_ACCESS ? "access" : event->mask == IN_MODIFY ? "modify"
                : event->mask == IN_ATTRIB ? "attributes" : event->mask == IN_OPEN ? "open" : "else");
    at += sizeof *event + event->len;
  }
  printf("\n");
}
#define SHOW(what) show(#what, what)

static long times(long accessed, long modified, const char *path, int flags) {
  struct timespec both[2] = {{1, accessed}, {2, modified}};
  return syscall(SYS_utimensat, AT_FDCWD, path, both, flags);
}

static void set_times(void) {
  SHOW(times(1, 2, "file", 0));
  SHOW(times(1, OMIT, "file", 0));
  SHOW(times(OMIT, 2, "file", 0));
  SHOW(times(OMIT, NOW, "file", 0));
  SHOW(times(NOW, NOW, "file", 0));
  SHOW(times(OMIT, OMIT, "file", 0));
  SHOW(times(OMIT, OMIT, "missing", 0));
  SHOW(times(OMIT, OMIT, "file", 1 << 30));
  SHOW(times(-1, 0, "missing", 0));
  SHOW(times(-1, 0, "file", 1 << 30));
  SHOW(times(-1, OMIT, "file", 0));
  SHOW(times(0, 0, NULL, 0));
  SHOW(syscall(SYS_utimensat, file, NULL, NULL, 0));
  SHOW(syscall(SYS_utimensat, file, NULL, NULL, AT_SYMLINK_NOFOLLOW));
  SHOW(syscall(SYS_utimensat, file, "", NULL, AT_EMPTY_PATH));
}

static void as_another(void) {
  seteuid(1000);
  SHOW(times(NOW, NOW, "file", 0));
  SHOW(times(NOW, OMIT, "file", 0));
  SHOW(times(1, 1, "file", 0));
  SHOW(times(NOW, NOW, "closed", 0));
  SHOW(times(1, NOW, "closed", 0));
  SHOW(times(OMIT, OMIT, "closed", 0));
  seteuid(0);
}

int main(void) {
  umask(0);
  close(open("closed", O_CREAT | O_RDWR, 0600));
  file = open("file", O_CREAT | O_RDWR | O_TRUNC, 0666);
  events = inotify_init1(IN_NONBLOCK);
  inotify_add_watch(events, "file", IN_ACCESS | IN_MODIFY | IN_ATTRIB | IN_OPEN);
  set_times();
  as_another();
  SHOW(chown("file", -1, -1));
  SHOW(chown("file", 0, -1));
  SHOW(chown("file", -1, 0));
  SHOW(chmod("file", 04755));
  SHOW(chown("file", -1, -1));
  SHOW(chmod("file", 0755));
  SHOW(setxattr("file", "user.name", "a", 1, 0));
  SHOW(setxattr("file", "user.name", "a", 1, XATTR_CREATE));
  SHOW(removexattr("file", "user.name"));
  SHOW(removexattr("file", "user.name"));
  SHOW(open("file", O_RDWR | O_TRUNC));
  SHOW(write(file, "abc", 3));
  SHOW(open("file", O_RDWR | O_TRUNC));
  SHOW(open("file", O_RDWR | O_TRUNC | O_CREAT, 0600));
  SHOW(ftruncate(file, 0));
  inotify_add_watch(events, ".", IN_ACCESS | IN_MODIFY | IN_ATTRIB | IN_OPEN);
  SHOW(open("new", O_RDWR | O_TRUNC | O_CREAT, 0600));
  return 0;
}
