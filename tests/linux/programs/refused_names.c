// Names that are not given, and a file that is not read without a trace.
// Recorded from Linux: the emulator's user owns all files.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

static void say(const char *what, long answer) {
  printf("%s: %s\n", what, answer < 0 ? strerror(errno) : "done");
}

/** A name of a socket that nobody has. */
static void socket_file(void) {
  struct stat facts;
  struct sockaddr_un name = {AF_UNIX, "socket"};
  int socket_of = socket(AF_UNIX, SOCK_STREAM, 0);
  say("the name of a socket", mknod("socket", S_IFSOCK | 0640, 0));
  say("once more", mknod("socket", S_IFSOCK | 0640, 0));
  say("its facts", stat("socket", &facts));
  printf("%o\n", facts.st_mode);
  say("opened", open("socket", O_RDWR));
  say("connected", connect(socket_of, (struct sockaddr *)&name, sizeof name));
  say("bound", bind(socket_of, (struct sockaddr *)&name, sizeof name));
  unlink("socket");
}

int main(void) {
  close(open("file", O_CREAT | O_RDWR, 0644));
  say("over .", renameat2(AT_FDCWD, "file", AT_FDCWD, ".", 0));
  say("not over .", renameat2(AT_FDCWD, "file", AT_FDCWD, ".", RENAME_NOREPLACE));
  say("from .", renameat2(AT_FDCWD, ".", AT_FDCWD, "new", RENAME_NOREPLACE));
  say("of the owner", open("file", O_RDONLY | O_NOATIME));
  if (chown("file", 5, 5)) return 1;
  say("who may all", open("file", O_RDONLY | O_NOATIME));
  int folder = open(".", O_RDONLY);
  say("room in a directory", fallocate(folder, 0, 0, 1));
  symlink("nowhere", "link");
  say("a directory through a link", mkdir("link/", 0700));
  unlink("link");
  struct statx facts;
  char old[256];
  say("statx without a path", syscall(SYS_statx, folder, 0, AT_EMPTY_PATH, STATX_SIZE, &facts));
  say("fstatat without a path", syscall(SYS_newfstatat, folder, 0, old, AT_EMPTY_PATH));
  say("without a descriptor", syscall(SYS_newfstatat, 99, 0, old, AT_EMPTY_PATH));
  say("without a flag", syscall(SYS_newfstatat, folder, 0, old, 0));
  if (seteuid(1)) return 1;
  say("a stranger", open("file", O_RDONLY | O_NOATIME));
  say("the same otherwise", open("file", O_RDONLY));
  if (seteuid(0)) return 1;
  unlink("file");
  socket_file();
}
