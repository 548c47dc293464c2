// The bits that lend an owner and a group to who executes a file: who may set them, and what takes them
// away.
// Recorded from Linux: the emulator's processes are the host's users, which may not become others.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { USER = 1000, OTHER = 2000 };
static const char *const name = "lent/file";

static void show(const char *what, long answer) {
  struct stat now;
  stat(name, &now);
  printf("%s: %s, %04o\n", what, answer < 0 ? strerror(errno) : "done", now.st_mode & 07777);
}

/* As user 0 again: the file's group, and what may be done with it. */
static void again(gid_t group, mode_t mode) {
  seteuid(0);
  chown(name, USER, group);
  chmod(name, mode);
  seteuid(USER);
}

static void permissions(void) {
  again(USER, 0644);
  show("chmod of an own group's", chmod(name, 06755));
  again(OTHER, 0644);
  show("chmod of another group's", chmod(name, 06755));
  show("chmod of another group's, no execution", chmod(name, 02644));
  int fd = open(name, O_RDONLY);
  show("fchmod of another group's", fchmod(fd, 07777));
  close(fd);
  again(OTHER, 02755);
  show("chmod of what another had set", chmod(name, 02711));
}

static void writes(const char *who, gid_t group, mode_t mode) {
  printf("%s, group %d, %04o:\n", who, group, mode);
  char byte = 1;
  int plain = open("lent/plain", O_RDONLY), fd, keep = geteuid();
#define AGAIN (again(group, mode), seteuid(keep), fd = open(name, O_RDWR))
  AGAIN, show("opened", fd);
  show("nothing written", write(fd, "", 0));
  show("written", write(fd, "a", 1)), close(fd);
  AGAIN, show("ftruncate", ftruncate(fd, 1)), close(fd);
  AGAIN, show("truncate", truncate(name, 5)), close(fd);
  AGAIN, show("fallocate", fallocate(fd, 0, 0, 10)), close(fd);
  AGAIN, show("sendfile", sendfile(fd, plain, NULL, 1)), close(fd);
  AGAIN, show("read", read(fd, &byte, 1)), close(fd);
  AGAIN, close(fd), show("O_TRUNC", close(open(name, O_WRONLY | O_TRUNC)));
  AGAIN, show("chown to the same", chown(name, -1, USER)), close(fd);
  AGAIN, show("chown to nobody", chown(name, -1, -1)), close(fd);
  AGAIN, show("utimensat", utimensat(AT_FDCWD, name, NULL, 0)), close(fd);
  close(plain);
}

static void show_made(const char *what, const char *path, long answer) {
  struct stat now;
  lstat(path, &now);
  printf("%s: %s, group %d, %04o\n", what, answer < 0 ? strerror(errno) : "done", now.st_gid,
         now.st_mode & 07777);
}

static void inherited(const char *who) {
  int keep = geteuid();
  printf("%s, in a directory that lends its group:\n", who);
  seteuid(0);
  mkdir("lent/shared", 0777);
  chown("lent/shared", USER, OTHER);
  chmod("lent/shared", 02777);
  seteuid(keep);
#define MADE(path, what) show_made(#what, path, what), remove(path)
  MADE("lent/shared/a", open("lent/shared/a", O_CREAT | O_WRONLY, 02755));
  MADE("lent/shared/a", open("lent/shared/a", O_CREAT | O_WRONLY, 06644));
  MADE("lent/shared/a", mknod("lent/shared/a", S_IFREG | 02755, 0));
  MADE("lent/shared/a", mkfifo("lent/shared/a", 0640));
  MADE("lent/shared/a", symlink("/", "lent/shared/a"));
  umask(0010);
  MADE("lent/shared/a", open("lent/shared/a", O_CREAT | O_WRONLY, 02755));
  umask(0);
  show_made("mkdir", "lent/shared/b", mkdir("lent/shared/b", 0755));
  MADE("lent/shared/b", chmod("lent/shared/b", 02755));
}

int main(void) {
  gid_t groups[] = {USER};
  umask(0);
  mkdir("lent", 0777);
  close(open(name, O_CREAT | O_RDWR, 0644));
  int plain = open("lent/plain", O_CREAT | O_RDWR, 0644);
  write(plain, "abc", 3);
  close(plain);
  setgroups(1, groups);
  setegid(USER);
  seteuid(USER);
  permissions();
  writes("a user", USER, 06755);
  writes("a user", USER, 06745);
  writes("a user", OTHER, 06744);
  inherited("a user");
  seteuid(0);
  writes("user 0", USER, 06755);
  inherited("user 0");
  return 0;
}
