// Extended attributes: set, replaced, listed, removed, of files and of links, with errors.
// Recorded from Linux: the emulator answers with the host's file systems.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#define SAY(what) say(#what, (long)(what))
static void say(const char *what, long answer) {
  printf("%s: %ld %s\n", what, answer, answer < 0 ? strerror(errno) : "");
}

int main(void) {
  int fd = open("attributed", O_RDWR | O_CREAT, 0600);
  symlink("attributed", "attributed.link");
  char bytes[64] = {0};
  SAY(getxattr("attributed", "user.one", bytes, 64));
  SAY(setxattr("attributed", "user.one", "first", 5, XATTR_CREATE));
  SAY(setxattr("attributed", "user.one", "first", 5, XATTR_CREATE));
  SAY(setxattr("attributed", "user.two", "x", 1, XATTR_REPLACE));
  SAY(fsetxattr(fd, "user.two", "second", 6, 0));
  SAY(getxattr("attributed.link", "user.two", bytes, 64));
  puts(bytes);
  SAY(getxattr("attributed", "user.two", bytes, 3));
  SAY(getxattr("attributed", "user.two", NULL, 0));
  SAY(lgetxattr("attributed.link", "user.two", bytes, 64));
  SAY(lsetxattr("attributed.link", "user.two", "x", 1, 0));
  ssize_t size = flistxattr(fd, bytes, 64);
  int ones = 0;
  for (char *at = bytes; at < bytes + size; at += strlen(at) + 1) ones += !strncmp(at, "user.", 5);
  printf("%d names\n", ones);
  SAY(setxattr("attributed", "odd", "x", 1, 0));
  SAY(setxattr("attributed", "user.", "x", 1, 0));
  SAY(setxattr("attributed", "", "x", 1, 0));
  SAY(removexattr("attributed", "user.one"));
  SAY(removexattr("attributed", "user.one"));
  SAY(getxattr("missing", "user.one", bytes, 64));
  SAY(fgetxattr(99, "user.one", bytes, 64));
  SAY(fsetxattr(fd, "user.empty", "", 0, 0));
  SAY(fgetxattr(fd, "user.empty", bytes, 64));
  unlink("attributed");
  unlink("attributed.link");
  return 0;
}
