// What an open file is called when its name has become another one: in /proc, in the list of what is
// mapped, and to who watches the directory.
// Recorded from Linux: the emulator answers with the host's file systems.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define SAY(what) say(#what, (long)(what))

static char top[] = "/tmp/namesXXXXXX";
static int events;

static void say(const char *what, long answer) {
  printf("%s: %ld%s%s\n", what, answer, answer < 0 ? " " : "", answer < 0 ? strerrorname_np(errno) : "");
}

static void where(const char *what, int fd) {
  char link[64], path[256] = "";
  sprintf(link, "/proc/self/fd/%d", fd);
  readlink(link, path, sizeof path - 1);
  int is_below = strncmp(path, top, strlen(top)) == 0;
  printf("  %s is %s\n", what, is_below ? path + strlen(top) : path);
}
#define WHERE(fd) where(#fd, fd)

static void mapped(void) {
  char line[512];
  FILE *maps = fopen("/proc/self/maps", "r");
  while (fgets(line, sizeof line, maps)) {
    char *at = strstr(line, top);
    if (at) printf("  %s is mapped\n", strtok(at + strlen(top), "\n"));
  }
  fclose(maps);
}

/** What names in the directory something was done to. */
static void watched(void) {
  char bytes[4096] __attribute__((aligned(8)));
  ssize_t size = read(events, bytes, sizeof bytes);
  for (char *at = bytes; at < bytes + size;) {
    struct inotify_event *event = (void *)at;
    printf("  %s %x\n", event->name, event->mask);
    at += sizeof *event + event->len;
  }
}

static void moved(int a, int l) {
  WHERE(a);
  mapped();
  SAY(rename("a", "b"));
  WHERE(a);
  mapped();
  mkdir("d", 0700);
  SAY(rename("b", "d/c"));
  WHERE(a);
  SAY(rename("d", "e"));
  WHERE(a);
  WHERE(l);
  SAY(rename("l", "m"));
  WHERE(a);
  WHERE(l);
}

static void replaced(int a, int l) {
  int o = open("o", O_RDWR | O_CREAT, 0600);
  SAY(rename("o", "m"));
  WHERE(o);
  WHERE(l);
  WHERE(a);
  SAY(renameat2(AT_FDCWD, "m", AT_FDCWD, "e/c", RENAME_EXCHANGE));
  WHERE(o);
  WHERE(a);
  SAY(unlink("m"));
  WHERE(a);
  WHERE(l);
  int m = open("m", O_RDWR | O_CREAT, 0600);
  WHERE(a);
  WHERE(m);
  char link[64];
  sprintf(link, "/proc/self/fd/%d", a);
  int again = open(link, O_RDWR);
  WHERE(again);
}

static void kinds(void) {
  int place = open("e/c", O_PATH), open_place = open("e/c", O_RDWR);
  SAY(rename("e/c", "g"));
  WHERE(place);
  WHERE(open_place);
  SAY(rename("g", "g"));
  WHERE(place);
  symlink("g", "s");
  int link = open("s", O_PATH | O_NOFOLLOW);
  SAY(rename("s", "t"));
  WHERE(link);
  mkfifo("fifo", 0600);
  int fifo = open("fifo", O_RDWR);
  SAY(rename("fifo", "other"));
  WHERE(fifo);
  int directory = open("e", O_RDONLY);
  SAY(rename("e", "h"));
  WHERE(directory);
  SAY(rmdir("h"));
  WHERE(directory);
}

static void told(void) {
  int w = open("w", O_RDWR | O_CREAT, 0600);
  events = inotify_init1(IN_NONBLOCK);
  inotify_add_watch(events, ".", IN_MODIFY | IN_ATTRIB | IN_CLOSE_WRITE);
  SAY(write(w, "1", 1));
  watched();
  SAY(rename("w", "v"));
  SAY(write(w, "2", 1));
  watched();
  SAY(fchmod(w, 0640));
  watched();
  SAY(unlink("v"));
  SAY(ftruncate(w, 0));
  watched();
  SAY(close(w));
  watched();
}

int main(void) {
  mkdtemp(top);
  chdir(top);
  int a = open("a", O_RDWR | O_CREAT, 0600);
  link("a", "l");
  int l = open("l", O_RDWR);
  ftruncate(a, 4096);
  mmap(NULL, 4096, PROT_READ, MAP_SHARED, a, 0);
  moved(a, l);
  replaced(a, l);
  kinds();
  told();
  return 0;
}
