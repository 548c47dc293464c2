// When who watches a file hears that it is gone: after its names, and whoever has it open or in memory.
// Recorded from Linux: the emulator answers with the host's file systems.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int events, watch;

static void show(const char *what) {
  char bytes[4096] __attribute__((aligned(8)));
  printf("%s:", what);
  ssize_t size = read(events, bytes, sizeof bytes);
  for (char *at = bytes; at < bytes + size;) {
    struct inotify_event *event = (void *)at;
    printf(" %s%x", event->wd == watch ? "" : "directory's ", event->mask);
    at += sizeof *event + event->len;
  }
  printf("\n");
}

static int begin(const char *what, int flags) {
  printf("%s\n", what);
  int fd = open("file", O_CREAT | flags, 0600);
  watch = inotify_add_watch(events, "file", IN_ALL_EVENTS);
  return fd;
}

static void opened(void) {
  int fd = begin("a file that is open:", O_RDWR);
  unlink("file");
  show("unlink");
  write(fd, "a", 1);
  show("write");
  int copy = dup(fd);
  close(fd);
  show("close one");
  void *memory = mmap(NULL, 4096, PROT_READ, MAP_SHARED, copy, 0);
  close(copy);
  show("close the other");
  munmap(memory, 4096);
  show("munmap");
}

static void others(void) {
  int fd = begin("a file with another in its place:", O_RDWR);
  close(open("other", O_CREAT | O_WRONLY, 0600));
  rename("other", "file");
  show("rename");
  close(fd);
  show("close");
  unlink("file");
  show("unlink");

  fd = begin("a place of it:", O_RDWR);
  int place = open("file", O_PATH);
  unlink("file");
  close(fd);
  show("close");
  close(place);
  show("close the place");

  close(begin("a file that nobody has open:", O_RDWR));
  link("file", "second");
  unlink("file");
  show("one of two names");
  unlink("second");
  show("the other");
}

static void directories(void) {
  mkdir("below", 0700);
  int fd = open("below", O_RDONLY);
  printf("a directory:\n");
  watch = inotify_add_watch(events, "below", IN_ALL_EVENTS);
  rmdir("below");
  show("rmdir");
  close(fd);
  show("close");
  mkdir("below", 0700);
  mkdir("beside", 0700);
  watch = inotify_add_watch(events, "below", IN_ALL_EVENTS);
  rename("beside", "below");
  show("rename");
}

int main(void) {
  mkdir("directory", 0700);
  chdir("directory");
  events = inotify_init1(IN_NONBLOCK);
  inotify_add_watch(events, ".", IN_DELETE);
  opened();
  others();
  directories();
  return 0;
}
