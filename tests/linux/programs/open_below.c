// Opening what lies below a directory and nothing else, as `openat2` does it: what a path may go through,
// and what it may not ask.
// Recorded from Linux: the emulator does not know this call.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static void say(const char *what, long answer) {
  printf("%s: %ld%s%s\n", what, answer, answer < 0 ? " " : "", answer < 0 ? strerrorname_np(errno) : "");
}

static int below;

static long opened(int fd, const char *path, unsigned long flags, unsigned long mode, unsigned long resolve, size_t size) {
  struct { struct open_how how; char more[8192]; } asked = {{flags, mode, resolve}};
  if (size == 32) asked.more[4] = 1;
  long answer = syscall(SYS_openat2, fd, path, &asked, size);
  if (answer >= 0) close(answer);
  return answer < 0 ? -1 : 0;
}

static void try(const char *path) {
  static const unsigned long all[] = {0, RESOLVE_BENEATH, RESOLVE_IN_ROOT, RESOLVE_NO_SYMLINKS, RESOLVE_NO_MAGICLINKS, RESOLVE_NO_XDEV};
  printf("%s:", path);
  // Whether what an absolute link leads to lies in another file system is a matter of the machine.
  for (int at = 0; at < (strcmp(path, "absolute") && strcmp(path, "/tmp") ? 6 : 5); at++) printf(" %s", opened(below, path, O_RDONLY, 0, all[at], 24) == 0 ? "good" : strerrorname_np(errno));
  printf("\n");
}

int main(void) {
  setvbuf(stdout, NULL, _IONBF, 0);
  char top[] = "/tmp/belowXXXXXX", path[200];
  mkdtemp(top);
  chdir(top);
  mkdir("in", 0755);
  mkdir("in/deeper", 0755);
  mkdir("in/proc", 0755);
  close(open("outside", O_CREAT | O_WRONLY, 0644));
  close(open("in/inside", O_CREAT | O_WRONLY, 0644));
  close(open("in/tmp", O_CREAT | O_WRONLY, 0644));
  symlink("inside", "in/link");
  symlink("../outside", "in/out");
  symlink("/tmp", "in/absolute");
  symlink("deeper/..", "in/around");
  symlink("../inside", "in/deeper/up");
  symlink("/proc/self/exe", "in/magic");
  sprintf(path, "%s/in", top);
  below = open(path, O_PATH | O_DIRECTORY);
  try("inside");
  try("deeper/../inside");
  try("../outside");
  try("deeper/../../outside");
  try("..");
  try(".");
  try("/inside");
  try("/tmp");
  try("link");
  try("out");
  try("absolute");
  try("around/inside");
  try("deeper/up");
  try("none");
  try("/..");
  try("/../../inside");
  int root = open("/", O_PATH);
  say("through a mount", opened(root, "proc/self/maps", O_RDONLY, 0, RESOLVE_NO_XDEV, 24));
  say("through a magic link", opened(root, "proc/self/exe", O_RDONLY, 0, RESOLVE_NO_MAGICLINKS, 24));
  say("and below", opened(root, "proc/self/exe", O_RDONLY, 0, RESOLVE_BENEATH, 24));
  say("and as its root", opened(root, "proc/self/fd/0", O_RDONLY, 0, RESOLVE_IN_ROOT, 24));
  say("a link of its own", opened(root, "proc/self/cmdline", O_RDONLY, 0, RESOLVE_NO_MAGICLINKS | RESOLVE_BENEATH, 24));
  say("a link itself", opened(below, "link", O_PATH | O_NOFOLLOW, 0, RESOLVE_NO_SYMLINKS, 24));
  say("both", opened(below, "inside", 0, 0, RESOLVE_BENEATH | RESOLVE_IN_ROOT, 24));
  say("an unknown way", opened(below, "inside", 0, 0, 0x40, 24));
  say("an unknown flag", opened(below, "inside", 1UL << 40, 0, 0, 24));
  say("another unknown flag", opened(below, "inside", 1UL << 30, 0, 0, 24));
  say("permissions of nothing", opened(below, "inside", 0, 0644, 0, 24));
  say("odd permissions", opened(below, "new", O_CREAT | O_RDWR, 0200000, 0, 24));
  say("a place to write", opened(below, "inside", O_PATH | O_RDWR, 0, 0, 24));
  say("a directory that is made", opened(below, "new", O_CREAT | O_DIRECTORY, 0644, 0, 24));
  say("made, if it is known", opened(below, "new", O_CREAT, 0644, RESOLVE_CACHED, 24));
  say("too short", opened(below, "inside", 0, 0, 0, 16));
  say("longer, and nothing there", opened(below, "inside", 0, 0, 0, 64));
  say("longer, and something there", opened(below, "inside", 0, 0, 0, 32));
  say("too long", opened(below, "inside", 0, 0, 0, 8000));
  say("made below", opened(below, "new", O_CREAT | O_EXCL | O_WRONLY, 0600, RESOLVE_BENEATH, 24));
  say("made outside", opened(below, "../new", O_CREAT | O_WRONLY, 0600, RESOLVE_BENEATH, 24));
  say("by no descriptor", opened(-1, "/inside", 0, 0, RESOLVE_IN_ROOT, 24));
  say("nowhere", syscall(SYS_openat2, below, "inside", 8, 24));
  sprintf(path, "rm -r %s", top);
  return 0;
}
