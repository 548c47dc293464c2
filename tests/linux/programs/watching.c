// Files and directories that are watched: what happens to them, in which order.
// Recorded from Linux: the emulator answers with the host's file systems.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#define SAY(what) say(#what, (long)(what))
static void say(const char *what, long answer) {
  printf("%s: %ld %s\n", what, answer, answer < 0 ? strerror(errno) : "");
}
static unsigned cookie;

static void show(int fd) {
  char bytes[4096] __attribute__((aligned(8)));
  ssize_t size = read(fd, bytes, sizeof bytes);
  if (size < 0) printf("  %s\n", strerror(errno));
  for (char *at = bytes; at < bytes + size;) {
    struct inotify_event *event = (void *)at;
    printf("  watch %d: %08x %s", event->wd, event->mask, event->len ? event->name : "-");
    printf(event->cookie ? cookie == event->cookie ? " the same\n" : " a move\n" : "\n");
    cookie = event->cookie;
    at += sizeof *event + event->len;
  }
}

int main(void) {
  mkdir("watched", 0700);
  int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  show(fd);
  SAY(inotify_add_watch(fd, "watched", IN_ALL_EVENTS));
  SAY(inotify_add_watch(fd, "missing", IN_ALL_EVENTS));
  SAY(inotify_add_watch(fd, "watched", 0));
  SAY(inotify_add_watch(0, "watched", IN_OPEN));
  int file = open("watched/file", O_RDWR | O_CREAT, 0600);
  show(fd);
  SAY(inotify_add_watch(fd, "watched/file", IN_MODIFY | IN_ATTRIB | IN_DELETE_SELF | IN_CLOSE));
  SAY(inotify_add_watch(fd, "watched/file", IN_ONLYDIR | IN_OPEN));
  write(file, "abc", 3);
  write(file, "abc", 3);
  show(fd);
  char byte;
  pread(file, &byte, 1, 0);
  fchmod(file, 0644);
  ftruncate(file, 1);
  close(file);
  show(fd);
  mkdir("watched/sub", 0700);
  rename("watched/file", "watched/other");
  show(fd);
  link("watched/other", "watched/second");
  unlink("watched/other");
  show(fd);
  int waiting = -1;
  symlink("nowhere", "watched/link");
  ioctl(fd, FIONREAD, &waiting);
  printf("%d bytes\n", waiting);
  char small[8];
  SAY(read(fd, small, sizeof small));
  unlink("watched/link");
  unlink("watched/second");
  show(fd);
  rmdir("watched/sub");
  rmdir("watched");
  show(fd);
  SAY(inotify_rm_watch(fd, 1));
  return 0;
}
