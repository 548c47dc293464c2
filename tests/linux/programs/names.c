#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
static void say(const char *what, int r) { printf("%s: %d %s\n", what, r, r < 0 ? strerror(errno) : ""); }
int main(void) {
  struct stat a, b;
  char text[100];
  say("mkdir", mkdir("d", 0755));
  say("mkdir again", mkdir("d", 0755));
  say("mkdir deep", mkdir("x/y", 0755));
  close(open("d/f", O_CREAT | O_WRONLY, 0600));
  say("link", link("d/f", "d/g"));
  stat("d/f", &a); stat("d/g", &b);
  printf("%d %d\n", a.st_ino == b.st_ino, (int)a.st_nlink);
  say("symlink", symlink("f", "d/s"));
  ssize_t n = readlink("d/s", text, sizeof text);
  printf("%zd %.*s\n", n, (int)n, text);
  lstat("d/s", &a);
  printf("%o %d\n", a.st_mode & 0170000, (int)a.st_size);
  say("symlink loop", symlink("loop", "loop"));
  say("open loop", open("loop", O_RDONLY));
  say("rename", rename("d/g", "d/h"));
  say("rename over", rename("d/h", "d/f"));
  say("rename missing", rename("nothing", "d/q"));
  say("rmdir full", rmdir("d"));
  say("unlink dir", unlink("d"));
  say("rmdir file", rmdir("d/f"));
  say("open file as dir", open("d/f/x", O_RDONLY));
  say("trailing slash", open("d/f/", O_RDONLY));
  say("O_DIRECTORY", open("d/f", O_RDONLY | O_DIRECTORY));
  say("O_NOFOLLOW", open("d/s", O_RDONLY | O_NOFOLLOW));
  char longname[300]; memset(longname, 'a', 299); longname[299] = 0;
  say("long", open(longname, O_RDONLY));
  say("unlink", unlink("d/f"));
  say("unlink", unlink("d/h"));
  say("dangling", open("d/s", O_RDONLY));
  unlink("d/s"); unlink("loop");
  say("rmdir", rmdir("d"));
  say("empty", open("", O_RDONLY));
  return 0;
}
