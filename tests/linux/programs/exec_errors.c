// What execve answers for paths, files and arguments that it cannot take, and what it does take.
// Recorded from Linux: the emulator has the host execute, which cannot execute programs of RISC-V.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define TOP "/tmp/refused"
#define PROGRAM TOP "/program"
static char *self[] = {"program", "child", NULL}, *empty[] = {NULL};
static rlim_t stack_limit, space_limit, user_limit;

static void tell(const char *what, pid_t child) {
  int status;
  waitpid(child, &status, 0);
  if (WIFSIGNALED(status)) printf("%s: signal %d\n", what, WTERMSIG(status));
  else if (WEXITSTATUS(status) == 77) printf("%s: runs\n", what);
  else printf("%s: %s\n", what, strerror(WEXITSTATUS(status)));
  fflush(stdout);
}
static void at(const char *what, int fd, const char *path, char **args, char **environment, int flags) {
  pid_t child = fork();
  if (child == 0) {
    if (stack_limit) setrlimit(RLIMIT_STACK, &(struct rlimit){stack_limit, RLIM_INFINITY});
    if (stack_limit) personality(ADDR_NO_RANDOMIZE);
    if (space_limit) setrlimit(RLIMIT_AS, &(struct rlimit){space_limit, RLIM_INFINITY});
    if (user_limit) setrlimit(RLIMIT_NPROC, &(struct rlimit){user_limit, user_limit}), setuid(12345);
    if (fd == -1) syscall(SYS_execve, path, args, environment);
    else syscall(SYS_execveat, fd, path, args, environment, flags);
    _exit(errno);
  }
  tell(what, child);
}
static void with(const char *what, const char *path) { at(what, -1, path, self, empty, 0); }
static void copy(const char *path) {
  static char bytes[65536];
  int from = open("/proc/self/exe", O_RDONLY), to = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0755);
  for (ssize_t size; (size = read(from, bytes, sizeof bytes)) > 0;) write(to, bytes, size);
  close(to), close(from);
}
static void put(const char *path, const char *text, int mode) {
  int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0700);
  write(fd, text, strlen(text));
  fchmod(fd, mode);
  close(fd);
}
static char *long_text(size_t size) {
  char *text = malloc(size + 1);
  memset(text, 'x', size);
  text[size] = 0;
  return text;
}
static void paths(void) {
  with("missing", TOP "/none");
  with("below a file", PROGRAM "/x");
  with("a name of 256", long_text(256));
  with("a path of 4096", long_text(4096));
  symlink("loop", TOP "/loop");
  with("a loop", TOP "/loop");
  with("a directory", TOP);
  mkfifo(TOP "/fifo", 0755);
  with("a fifo", TOP "/fifo");
  with("a device", "/dev/null");
  chmod(PROGRAM, 0644);
  with("not executable", PROGRAM);
  chmod(PROGRAM, 0111);
  with("not readable", PROGRAM);
  chmod(PROGRAM, 0755);
  mkdir(TOP "/mounted", 0755);
  mount("none", TOP "/mounted", "tmpfs", MS_NOEXEC, "");
  copy(TOP "/mounted/program");
  with("where nothing is executed", TOP "/mounted/program");
  umount(TOP "/mounted");
  int fd = open(PROGRAM, O_WRONLY);
  with("open for writing", PROGRAM);
  close(fd);
  with("no path at all", NULL);
  with("a bad path", (char *)16);
  with("an empty path", "");
}
static void arguments(void) {
  char *bad[] = {(char *)16, NULL}, *one[] = {"program", "child", long_text(131071), NULL};
  char *more[] = {"program", "child", long_text(131072), NULL}, *many[64] = {"program", "child"};
  at("bad arguments", -1, PROGRAM, (char **)16, empty, 0);
  at("a bad argument", -1, PROGRAM, bad, empty, 0);
  at("a bad environment", -1, PROGRAM, self, bad, 0);
  at("a bad argument for nothing", -1, TOP "/none", bad, empty, 0);
  at("131071 bytes", -1, PROGRAM, one, empty, 0);
  at("131072 bytes", -1, PROGRAM, more, empty, 0);
  for (int at = 2; at < 17; at++) many[at] = one[2];
  at("15 times that", -1, PROGRAM, many, empty, 0);
  for (int at = 17; at < 20; at++) many[at] = one[2];
  at("18 times that", -1, PROGRAM, many, empty, 0);
  stack_limit = RLIM_INFINITY;
  for (int at = 20; at < 48; at++) many[at] = one[2];
  at("46 times that and a stack without a limit", -1, PROGRAM, many, empty, 0);
  for (int at = 48; at < 51; at++) many[at] = one[2];
  at("49 times that", -1, PROGRAM, many, empty, 0);
  stack_limit = 0;
  at("no arguments", -1, PROGRAM, NULL, NULL, 0);
  at("empty arguments", -1, PROGRAM, empty, empty, 0);
  stack_limit = 65536;
  one[2] = long_text(100000);
  at("a small stack", -1, PROGRAM, one, empty, 0);
  stack_limit = 0;
}
static void descriptors(void) {
  int top = open(TOP, O_RDONLY | O_DIRECTORY), file = open(PROGRAM, O_RDONLY | O_CLOEXEC);
  symlink("program", TOP "/link");
  put(TOP "/script", "#!" PROGRAM "\n", 0755);
  int script = open(TOP "/script", O_RDONLY | O_CLOEXEC), plain = open(TOP "/script", O_RDONLY);
  at("a bad flag", top, "program", self, empty, 0x8000);
  at("an empty path without its flag", file, "", self, empty, 0);
  at("an empty path", file, "", self, empty, AT_EMPTY_PATH);
  at("an empty path from here", AT_FDCWD, "", self, empty, AT_EMPTY_PATH);
  at("a bad descriptor", 99, "program", self, empty, 0);
  at("no directory", file, "program", self, empty, 0);
  at("from a directory", top, "program", self, empty, 0);
  at("a link", top, "link", self, empty, 0);
  at("a link that is not followed", top, "link", self, empty, AT_SYMLINK_NOFOLLOW);
  at("a script that goes", script, "", self, empty, AT_EMPTY_PATH);
  close(plain);
}
static void scripts(void) {
  char path[64], text[128];
  strcpy(text, "#!" PROGRAM "\n");
  for (int depth = 1; depth < 7; depth++) {
    sprintf(path, TOP "/deep%d", depth);
    put(path, text, 0755);
    sprintf(text, "#!%s\n", path);
    if (depth > 3) with(path, path);
  }
  put(TOP "/text", "just text\n", 0755);
  with("text", TOP "/text");
  put(TOP "/gone", "#!" TOP "/none\n", 0755);
  with("a script without its interpreter", TOP "/gone");
}
static void bounds(void) {
  rlim_t stacks[] = {8192, 16384};
  for (int one = 0; one < 2; one++) {
    stack_limit = stacks[one];
    with("a stack of few bytes", PROGRAM);
  }
  stack_limit = 0;
  space_limit = 65536;
  with("64 KiB of addresses", PROGRAM);
  space_limit = 1 << 30;
  with("1 GiB of addresses", PROGRAM);
  space_limit = 0;
}
static void users(void) {
  pid_t others[2];
  int ends[2];
  char byte;
  pipe(ends);
  for (int one = 0; one < 2; one++)
    if ((others[one] = fork()) == 0) {
      setuid(12345);
      write(ends[1], "r", 1);
      for (;;) pause();
    }
  for (int one = 0; one < 2; one++) read(ends[0], &byte, 1);
  close(ends[0]), close(ends[1]);
  user_limit = 1;
  with("a user with more processes than may be", PROGRAM);
  user_limit = 2;
  with("a user with one more", PROGRAM);
  user_limit = 0;
  for (int one = 0; one < 2; one++) kill(others[one], SIGKILL), waitpid(others[one], NULL, 0);
}

int main(int argc, char **argv) {
  if (argc == 1 && argv[0][0] == 0) return 77;
  if (argc > 1) return strcmp(argv[1], "child") && argv[0][0] != '/' && strncmp(argv[1], TOP, strlen(TOP)) ? 1 : 77;
  mkdir(TOP, 0755);
  copy(PROGRAM);
  paths();
  arguments();
  descriptors();
  scripts();
  bounds();
  users();
  if (fork() == 0) execl("/bin/rm", "rm", "-r", TOP, NULL), _exit(0);
  wait(NULL);
  return 0;
}
