// What who watches files is told when bytes go from file to file, past all memory, and when room is made.
// Recorded from Linux: the emulator answers with the host's file systems.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static int events;
static const char *const names[] = {"", "source", "target", "directory", "fifo"};

static void show(const char *what, long answer) {
  char bytes[4096] __attribute__((aligned(8)));
  printf("%s: %ld %s\n", what, answer, answer < 0 ? strerror(errno) : "");
  ssize_t size = read(events, bytes, sizeof bytes);
  for (char *at = bytes; at < bytes + size;) {
    struct inotify_event *event = (void *)at;
    const char *name = event->len ? event->name : "itself";
    printf("  %s: %s %s\n", names[event->wd],
           event->mask == IN_ACCESS ? "access" : event->mask == IN_MODIFY ? "modify" : "else", name);
    at += sizeof *event + event->len;
  }
}

static void copies(int source, int target) {
  loff_t from = 0, to = 0;
  show("sendfile", sendfile(target, source, &from, 10));
  show("sendfile of nothing", sendfile(target, source, &from, 10));
  from = 0;
  show("copy_file_range", copy_file_range(source, &from, target, &to, 10, 0));
  show("copy_file_range of nothing", copy_file_range(source, &from, target, &to, 10, 0));
  show("fallocate", fallocate(target, 0, 0, 20000));
  show("fallocate at a size", fallocate(target, FALLOC_FL_KEEP_SIZE, 0, 30000));
  show("fallocate a hole", fallocate(target, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4096));
  show("fallocate of nothing", fallocate(target, 0, 0, 0));
  show("posix_fallocate", posix_fallocate(target, 0, 10));
}

static void pipes(int source, int target, int fifo) {
  int ends[2];
  loff_t from = 0;
  pipe(ends);
  show("splice from", splice(source, &from, ends[1], NULL, 10, 0));
  show("splice to", splice(ends[0], NULL, target, NULL, 10, 0));
  show("splice nothing", splice(source, &from, ends[1], NULL, 10, 0));
  from = 0;
  show("splice into the pipe", splice(source, &from, fifo, NULL, 10, 0));
  show("splice out of it", splice(fifo, NULL, ends[1], NULL, 5, 0));
  show("tee", tee(fifo, ends[1], 5, 0));
  show("tee back", tee(ends[0], fifo, 5, 0));
  char bytes[5] = "abcde";
  struct iovec piece = {bytes, 5};
  show("write", write(fifo, bytes, 5));
  show("read", read(fifo, bytes, 5));
  show("vmsplice", vmsplice(fifo, &piece, 1, 0));
  from = 0;
  show("sendfile to a pipe", sendfile(fifo, source, &from, 10));
}

int main(void) {
  char bytes[10] = "0123456789";
  mkdir("watched", 0700);
  mkfifo("watched/fifo", 0600);
  int source = open("watched/source", O_RDWR | O_CREAT, 0600);
  int target = open("watched/target", O_RDWR | O_CREAT, 0600);
  int fifo = open("watched/fifo", O_RDWR);
  write(source, bytes, 10);
  events = inotify_init1(IN_NONBLOCK);
  inotify_add_watch(events, "watched/source", IN_ACCESS | IN_MODIFY);
  inotify_add_watch(events, "watched/target", IN_ACCESS | IN_MODIFY);
  inotify_add_watch(events, "watched", IN_ACCESS | IN_MODIFY);
  copies(source, target);
  inotify_add_watch(events, "watched/fifo", IN_ACCESS | IN_MODIFY);
  pipes(source, target, fifo);
  return 0;
}
