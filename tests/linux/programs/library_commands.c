// Programs that the library starts: through a shell, by name, by descriptor, with what is to be done before.
// Recorded from Linux: the emulator has the host execute, which cannot execute programs of RISC-V.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;
static char self[4096];

// Where there is no shell, this program is one, of four words.
static int be_shell(const char *command) {
  char word[64] = {0}, *rest;
  if (!strncmp(command, "exit ", 5)) return atoi(command + 5);
  if (!strncmp(command, "echo ", 5)) return puts(!strcmp(command + 5, "$NAME") ? getenv("NAME") : command + 5), 0;
  if (!strncmp(command, "kill ", 5)) return raise(atoi(command + 6)), 1;
  if (!strcmp(command, "cat")) for (int one; (one = getchar()) != EOF;) putchar(one);
  return strcmp(command, "cat") ? 127 : 0;
}
static void have_shell(void) {
  if (!access("/bin/sh", X_OK)) return;
  mkdir("/bin", 0755);
  int from = open(self, O_RDONLY), to = open("/bin/sh", O_WRONLY | O_CREAT | O_EXCL, 0755);
  char bytes[65536];
  for (ssize_t size; (size = read(from, bytes, sizeof bytes)) > 0;) write(to, bytes, size);
  close(to), close(from);
}
static void tell(const char *what, int status) {
  if (status == -1) printf("%s: %s\n", what, strerror(errno));
  else if (WIFSIGNALED(status)) printf("%s: signal %d\n", what, WTERMSIG(status));
  else printf("%s: %d\n", what, WEXITSTATUS(status));
  fflush(stdout);
}
static volatile sig_atomic_t chld;
static void note(int signal) { chld++; }
static void through_shell(void) {
  char line[64] = {0};
  FILE *pipe = popen("echo from a shell", "r"), *other = popen("cat", "w");
  printf("read %s", fgets(line, 64, pipe));
  printf("end %d, apart %d", fgets(line, 64, pipe) == NULL, fileno(pipe) != fileno(other));
  printf(", cloexec %d\n", fcntl(fileno(pipe), F_GETFD));
  tell("closed", pclose(pipe));
  fputs("to a shell\n", other);
  tell("closed", pclose(other));
  tell("exits", pclose(popen("exit 7", "r")));
  tell("dies", pclose(popen("kill -9 $$", "r")));
  pipe = popen("echo x", "re");
  printf("cloexec %d", fcntl(fileno(pipe), F_GETFD)), pclose(pipe);
  errno = 0;
  printf(", odd mode %d", popen("echo", "q") == NULL);
  printf(" %s\n", strerror(errno));
  setenv("NAME", "a value", 1);
  fflush(stdout);
  tell("system", system("exit 5"));
  tell("system", system("echo $NAME"));
  tell("system", system("kill -15 $$"));
  printf("a shell is there %d\n", system(NULL) != 0);
  struct sigaction action = {.sa_handler = note}, now;
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGCHLD, &action, NULL);
  fflush(stdout);
  tell("system", system("exit 0"));
  sigaction(SIGINT, NULL, &now);
  printf("handlers are back %d, child heard %d\n", now.sa_handler == note, chld);
  signal(SIGCHLD, SIG_DFL);
}
static void in_child(const char *what, void (*act)(void)) {
  int status;
  fflush(stdout);
  if (fork() == 0) act(), _exit(errno);
  wait(&status);
  tell(what, status);
}
static void by_list(void) { execl(self, "list", "say", "one", "two words", NULL); }
static void by_environment(void) {
  char *environment[] = {"NAME=its own", "OTHER=2", NULL};
  execle(self, "list", "say", "with", NULL, environment);
}
static void by_path(void) { setenv("PATH", "/nowhere:/tmp/own bin:/", 1), execlp("own-program", "path", "say", NULL); }
static void by_vector(void) {
  char *words[] = {"vector", "say", NULL}, *environment[] = {"NAME=vector's", NULL};
  setenv("PATH", "/tmp/own bin", 1), execvpe("own-program", words, environment);
}
static void by_missing(void) { setenv("PATH", "/nowhere:/etc", 1), execlp("own-program", "x", NULL); }
static void by_refused(void) { setenv("PATH", "/tmp/own bin/closed:/nowhere", 1), execlp("own-program", "x", NULL); }
static void by_descriptor(void) {
  char *words[] = {"descriptor", "say", NULL}, *environment[] = {NULL};
  fexecve(open(self, O_RDONLY | O_CLOEXEC), words, environment);
}
static void by_memory(void) {
  char *words[] = {"memory", "say", NULL}, bytes[65536];
  int from = open(self, O_RDONLY), to = memfd_create("program", MFD_CLOEXEC);
  for (ssize_t size; (size = read(from, bytes, sizeof bytes)) > 0;) write(to, bytes, size);
  fexecve(to, words, environ);
}
static void by_bad(void) {
  char *words[] = {"bad", NULL};
  fexecve(77, words, words + 1);
}
static void programs(void) {
  mkdir("/tmp/own bin", 0755), mkdir("/tmp/own bin/closed", 0755);
  symlink(self, "/tmp/own bin/own-program");
  close(open("/tmp/own bin/closed/own-program", O_CREAT | O_WRONLY, 0644));
  int text = open("/tmp/own bin/text", O_CREAT | O_WRONLY, 0755);
  write(text, "exit 9", 6), close(text);
  in_child("execl", by_list), in_child("execle", by_environment), in_child("execlp", by_path), in_child("execvpe", by_vector);
  in_child("missing", by_missing), in_child("refused", by_refused), in_child("fexecve", by_descriptor), in_child("of memory", by_memory);
  in_child("a bad descriptor", by_bad);
}
static void spawn(const char *what, const char *path, posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes) {
  char *words[] = {"spawned", "say", NULL}, *environment[] = {"NAME=spawned", NULL};
  pid_t child = -1;
  int status;
  fflush(stdout);
  int how = strchr(path, '/') ? posix_spawn(&child, path, actions, attributes, words, environment) : posix_spawnp(&child, path, actions, attributes, words, environment);
  if (how) printf("%s: %s\n", what, strerror(how));
  else waitpid(child, &status, 0), tell(what, status);
}
static void spawns(void) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t set;
  posix_spawn_file_actions_init(&actions), posix_spawnattr_init(&attributes);
  setenv("PATH", "/tmp/own bin", 1);
  spawn("by name", "own-program", NULL, NULL), spawn("no name", "there-is-none", NULL, NULL), spawn("a directory", "/tmp", NULL, NULL);
  posix_spawn_file_actions_addopen(&actions, 9, "/tmp/own bin/out", O_CREAT | O_WRONLY | O_TRUNC, 0644);
  posix_spawn_file_actions_adddup2(&actions, 9, 1);
  posix_spawn_file_actions_addclose(&actions, 9);
  posix_spawn_file_actions_addchdir_np(&actions, "/tmp");
  sigemptyset(&set), sigaddset(&set, SIGUSR1);
  posix_spawnattr_setsigmask(&attributes, &set);
  signal(SIGUSR2, SIG_IGN);
  sigemptyset(&set), sigaddset(&set, SIGUSR2);
  posix_spawnattr_setsigdefault(&attributes, &set);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  spawn("with much to do", self, &actions, &attributes);
  char line[128] = {0};
  FILE *out = fopen("/tmp/own bin/out", "r");
  while (fgets(line, 128, out)) printf("  %s", line);
  fclose(out);
  posix_spawn_file_actions_addclose(&actions, 9), posix_spawn_file_actions_adddup2(&actions, 99, 1);
  spawn("what cannot be done", self, &actions, &attributes);
  posix_spawn_file_actions_destroy(&actions), posix_spawnattr_destroy(&attributes);
}
static int say(int count, char **words) {
  sigset_t set;
  struct sigaction action;
  char place[64];
  sigprocmask(SIG_SETMASK, NULL, &set), sigaction(SIGUSR2, NULL, &action);
  printf("%s said", words[0]);
  for (int one = 2; one < count; one++) printf(" <%s>", words[one]);
  printf(", NAME %s, blocked %d, ignored %d, leads %d, in /tmp %d\n", getenv("NAME") ? getenv("NAME") : "-", sigismember(&set, SIGUSR1), action.sa_handler == SIG_IGN,
         getpgrp() == getpid(), !strcmp(getcwd(place, 64), "/tmp"));
  return fflush(stdout), 20 + count;
}

int main(int count, char **words) {
  if (count > 2 && !strcmp(words[1], "-c")) return be_shell(words[count - 1]);
  if (count > 1 && !strcmp(words[1], "say")) return say(count, words);
  self[readlink("/proc/self/exe", self, sizeof self - 1)] = 0;
  have_shell(), chdir("/");
  through_shell(), programs(), spawns();
  static const char *const left[] = {"own-program", "out", "text", "closed/own-program"};
  for (int one = 0; one < 4; one++) sprintf(self, "/tmp/own bin/%s", left[one]), unlink(self);
  printf("%d", rmdir("/tmp/own bin/closed"));
  printf(" %d\n", rmdir("/tmp/own bin"));
  return 0;
}
