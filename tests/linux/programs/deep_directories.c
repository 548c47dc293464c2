// Directories so deep that the kernel does not tell their path: the library finds it by itself.
// Recorded from Linux: the emulator's library does not find it.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define DEPTH 20

static char name[251];
static char path[8192];

static void say(const char *what, long answer) {
  printf("%s: %s\n", what, answer < 0 ? strerror(errno) : "some bytes");
}

static void ask(const char *where) {
  puts(where);
  say("  getcwd, 8192 bytes", syscall(SYS_getcwd, path, sizeof path));
  say("  getcwd, 4096 bytes", syscall(SYS_getcwd, path, 4096));
  say("  getcwd, 2 bytes", syscall(SYS_getcwd, path, 2));
  say("  /proc/self/cwd", readlink("/proc/self/cwd", path, sizeof path));
  say("  /proc/self/cwd, 10 bytes", readlink("/proc/self/cwd", path, 10));
}

int main(void) {
  memset(name, 'd', sizeof name - 1);
  ask("above:");
  int depth = 0;
  while (depth < DEPTH && !mkdir(name, 0700) && !chdir(name)) depth++;
  printf("%d directories\n", depth);
  ask("below:");
  char *found = getcwd(NULL, 0);
  if (found) printf("the library: %s\n", strlen(found) > DEPTH * 251 ? "all of it" : "a part");
  else printf("the library: %s\n", strerror(errno));
  free(found);
  while (depth-- > 0 && !chdir("..")) rmdir(name);
  say("getcwd again", syscall(SYS_getcwd, path, sizeof path));
}
