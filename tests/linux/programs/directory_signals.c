// Directories that tell by signals what happens in them: of what, how often, to whom.
// Recorded from Linux: the emulator keeps for itself what comes with signals.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SAY(what) (errno = 0, say(#what, (long)(what)))
static void say(const char *what, long answer) {
  printf("%s: %ld%s%s\n", what, answer, answer < 0 ? " " : "", answer < 0 ? strerrorname_np(errno) : "");
}

#define ALL (DN_ACCESS | DN_MODIFY | DN_CREATE | DN_DELETE | DN_RENAME | DN_ATTRIB)
static const char *NAMES[] = {"access", "modify", "create", "delete", "rename", "attrib"};
static int first, second, own;
static sigset_t wanted;

/** What has been told since this was asked last: by which descriptors. */
static void told(const char *what) {
  struct timespec at_once = {0, 0};
  siginfo_t info;
  printf("  %s:", what);
  while (sigtimedwait(&wanted, &info, &at_once) > 0) {
    if (info.si_signo == SIGIO) printf(" plain");
    else if (info.si_fd == first || info.si_fd == second) printf(info.si_fd == first ? " first" : " second");
    else printf(" another");
    if (info.si_signo != SIGIO && (info.si_code != 3 || info.si_band != 0x441)) printf("?");
  }
  printf("\n");
}

static void put(const char *path, const char *text) {
  int fd = open(path, O_CREAT | O_WRONLY, 0600);
  write(fd, text, strlen(text));
  close(fd);
}
static void read_all(const char *path) {
  DIR *directory = opendir(path);
  while (readdir(directory));
  closedir(directory);
}

/** All that can happen in a directory, and what is told of it. */
static void happen(void) {
  char byte;
  put("watched/file", "");
  told("a new file");
  put("watched/file", "abc");
  told("a write");
  int fd = open("watched/file", O_RDWR);
  read(fd, &byte, 1);
  told("a read");
  ftruncate(fd, 1);
  told("shorter");
  fchmod(fd, 0644);
  told("a mode");
  futimens(fd, NULL);
  told("times");
  close(fd);
  truncate("watched/file", 0);
  told("shorter by its path");
  put("watched/file", "abc");
  told("another write");
  close(open("watched/file", O_WRONLY | O_TRUNC));
  told("emptied");
  rename("watched/file", "watched/other");
  told("another name");
  rename("watched/other", "elsewhere");
  told("moved away");
  rename("elsewhere", "watched/file");
  told("moved here");
  link("watched/file", "watched/link");
  told("a link");
  mkdir("watched/below", 0700);
  told("a directory");
  renameat2(AT_FDCWD, "watched/file", AT_FDCWD, "watched/below", RENAME_EXCHANGE);
  told("exchanged");
  renameat2(AT_FDCWD, "watched/file", AT_FDCWD, "watched/below", RENAME_EXCHANGE);
  told("exchanged again");
  put("watched/below/deep", "abc");
  told("a file further down");
  read_all("watched/below");
  told("a look further down");
  chmod("watched/below", 0755);
  told("its mode");
  unlink("watched/below/deep");
  rmdir("watched/below");
  told("no directory");
  unlink("watched/link");
  told("no link");
  unlink("watched/file");
  told("no file");
  read_all("watched");
  told("a look");
  chmod("watched", 0755);
  told("its own mode");
}

static void refusals(void) {
  int file = open("plain", O_CREAT | O_RDWR, 0600), place = open("watched", O_PATH), ends[2];
  pipe(ends);
  SAY(fcntl(file, F_NOTIFY, DN_ACCESS));
  SAY(fcntl(ends[0], F_NOTIFY, DN_MODIFY));
  SAY(fcntl(file, F_NOTIFY, 0x40));
  SAY(fcntl(file, F_NOTIFY, 0));
  SAY(fcntl(file, F_NOTIFY, DN_MULTISHOT));
  SAY(fcntl(place, F_NOTIFY, DN_ACCESS));
  SAY(fcntl(99, F_NOTIFY, DN_ACCESS));
  SAY(fcntl(first, F_NOTIFY, 0x40));
  SAY(fcntl(first, F_NOTIFY, 0));
  close(file), close(place), close(ends[0]), close(ends[1]);
}

static void kinds(void) {
  for (int kind = 0; kind < 6; kind++) {
    printf("%s\n", NAMES[kind]);
    fcntl(first, F_NOTIFY, 1u << kind | DN_MULTISHOT);
    happen();
    fcntl(first, F_NOTIFY, 0);
  }
  printf("all\n");
  fcntl(first, F_NOTIFY, ALL | DN_MULTISHOT);
  happen();
  fcntl(first, F_NOTIFY, 0);
}

static void once(void) {
  printf("once\n");
  SAY(fcntl(first, F_NOTIFY, DN_CREATE));
  SAY(fcntl(first, F_NOTIFY, DN_DELETE));
  SAY(fcntl(second, F_NOTIFY, DN_CREATE | DN_MULTISHOT));
  put("watched/file", "");
  told("a new file");
  unlink("watched/file");
  told("no file");
  put("watched/file", "");
  told("a new file");
  unlink("watched/file");
  SAY(fcntl(first, F_NOTIFY, DN_CREATE));
  SAY(fcntl(first, F_NOTIFY, DN_DELETE | DN_MULTISHOT));
  put("watched/file", "");
  unlink("watched/file");
  told("both");
  SAY(fcntl(second, F_NOTIFY, 0));
  SAY(fcntl(first, F_NOTIFY, 0));
}

/** What is asked for through one descriptor ends with any that a process has of the same open directory. */
static void copies(void) {
  printf("copies\n");
  int copy = dup(first);
  fcntl(first, F_NOTIFY, DN_ATTRIB | DN_MULTISHOT);
  chmod("watched", 0755);
  told("a mode");
  fcntl(copy, F_NOTIFY, DN_ATTRIB);
  chmod("watched", 0755);
  told("a mode by the copy");
  if (fork() == 0) exit(0);
  wait(NULL);
  chmod("watched", 0755);
  told("a mode after a child");
  int ends[2];
  char byte;
  pipe(ends);
  int pid = fork();
  if (pid == 0) {
    fcntl(first, F_NOTIFY, DN_ATTRIB | DN_MULTISHOT);
    write(ends[1], "x", 1);
    for (;;) pause();
  }
  read(ends[0], &byte, 1);
  chmod("watched", 0755);
  told("a mode, which a child asked about, too");
  kill(pid, SIGKILL);
  waitpid(pid, NULL, 0);
  chmod("watched", 0755);
  told("a mode after that");
  close(copy);
  chmod("watched", 0755);
  told("a mode after the copy is closed");
  fcntl(first, F_NOTIFY, DN_ATTRIB | DN_MULTISHOT);
  copy = dup(first);
  dup2(second, copy);
  chmod("watched", 0755);
  told("a mode after the copy is another's");
  close(copy);
}

static void plain(void) {
  printf("plain\n");
  int fd = open("watched", O_RDONLY);
  SAY(fcntl(fd, F_GETOWN));
  SAY(fcntl(fd, F_NOTIFY, DN_CREATE | DN_DELETE | DN_MULTISHOT));
  SAY(fcntl(fd, F_GETOWN) == getpid());
  put("watched/file", "");
  unlink("watched/file");
  told("both, as one");
  SAY(fcntl(fd, F_SETOWN, 0));
  put("watched/file", "");
  told("nobody is told");
  SAY(fcntl(fd, F_SETOWN, getpid()));
  unlink("watched/file");
  told("somebody is");
  close(fd);
  put("watched/file", "");
  told("nobody any more");
  unlink("watched/file");
}

static void gone(void) {
  printf("gone\n");
  mkdir("watched/below", 0700);
  own = open("watched/below", O_RDONLY);
  fcntl(own, F_SETSIG, SIGRTMIN + 1);
  SAY(fcntl(own, F_NOTIFY, ALL | DN_MULTISHOT));
  rmdir("watched/below");
  told("a directory that is gone");
  SAY(fcntl(own, F_NOTIFY, ALL));
  SAY(fcntl(own, F_NOTIFY, 0));
  close(own);
}

int main(void) {
  setvbuf(stdout, NULL, _IONBF, 0);
  sigemptyset(&wanted);
  sigaddset(&wanted, SIGIO);
  sigaddset(&wanted, SIGRTMIN + 1);
  sigprocmask(SIG_BLOCK, &wanted, NULL);
  mkdir("watched", 0700);
  first = open("watched", O_RDONLY), second = open("watched", O_RDONLY | O_DIRECTORY);
  fcntl(first, F_SETSIG, SIGRTMIN + 1);
  fcntl(second, F_SETSIG, SIGRTMIN + 1);
  refusals();
  kinds();
  once();
  copies();
  plain();
  gone();
  return 0;
}
