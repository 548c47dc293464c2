// What a process reads of itself and of others in /proc, what it may write there, and what it may not see.
// Recorded from Linux: the emulator shows the files of the machine that it runs on.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void say(const char *what, long answer) {
  printf("%s: %ld%s%s\n", what, answer, answer < 0 ? " " : "", answer < 0 ? strerrorname_np(errno) : "");
}

static char text[65536];

static int content(const char *path) {
  int fd = open(path, O_RDONLY);
  if (fd < 0) return -1;
  int length = 0, more;
  while ((more = read(fd, text + length, sizeof text - 1 - length)) > 0) length += more;
  int error = errno;
  close(fd);
  errno = error;
  text[length] = 0;
  return more < 0 ? -1 : length;
}

static void show(const char *path) {
  if (content(path) < 0) say(path, -1);
  else printf("%s: %s%s", path, text, strchr(text, '\n') ? "" : "\n");
}

static void put(const char *path, const char *what) {
  int fd = open(path, O_WRONLY);
  printf("%s to %s: ", what, path);
  long answer = fd < 0 ? -1 : write(fd, what, strlen(what));
  say("", answer);
  if (fd >= 0) close(fd);
}

static void modes(void) {
  static const char *all[] = {
    "auxv", "cgroup", "clear_refs", "cmdline", "comm", "coredump_filter", "cwd", "environ", "exe", "fd", "fdinfo",
    "gid_map", "io", "limits", "map_files", "maps", "mem", "mountinfo", "mounts", "mountstats", "net", "ns",
    "oom_adj", "oom_score", "oom_score_adj", "pagemap", "personality", "projid_map", "root", "sched", "schedstat",
    "setgroups", "smaps", "smaps_rollup", "stat", "statm", "status", "syscall", "task", "timens_offsets", "timers",
    "timerslack_ns", "uid_map", "wchan"};
  for (size_t at = 0; at < sizeof all / sizeof *all; at++) {
    char path[64];
    struct stat now;
    sprintf(path, "/proc/self/%s", all[at]);
    if (lstat(path, &now)) say(path, -1);
    else printf("%s: %o, %ld bytes, %d %d\n", all[at], now.st_mode, (long)(at == 9 ? 0 : now.st_size), now.st_uid, now.st_gid);
  }
}

static void namespaces(void) {
  static const char *all[] = {"cgroup", "ipc", "mnt", "net", "pid", "pid_for_children", "time", "time_for_children", "user", "uts"};
  for (int at = 0; at < 10; at++) {
    char path[64], name[64] = "", here[64];
    struct stat now;
    unsigned long number = 0;
    sprintf(path, "/proc/self/ns/%s", all[at]);
    readlink(path, name, sizeof name);
    sscanf(strchr(name, '['), "[%lu", &number);
    *strchr(name, '[') = 0;
    stat(path, &now);
    sprintf(here, "/proc/%d/ns/%s", getppid(), all[at]);
    struct stat other;
    stat(here, &other);
    int fd = open(path, O_RDONLY);
    char byte;
    printf("%s leads to %s %d %o, the parent's: %d; ", all[at], name, now.st_ino == number, now.st_mode, now.st_ino == other.st_ino);
    say("read", read(fd, &byte, 1));
    close(fd);
  }
  int fd = open("/proc/self/ns/uts", O_RDONLY);
  say("there again", setns(fd, 0));
  say("by its kind", setns(fd, 0x04000000));
  say("by another kind", setns(fd, 0x40000000));
  say("users", setns(open("/proc/self/ns/user", O_RDONLY), 0));
  say("what is none", setns(0, 0));
  say("what is not open", setns(99, 0));
  int pid = syscall(SYS_pidfd_open, getpid(), 0);
  say("as a process", setns(pid, 0x04000000 | 0x40000000));
  say("nowhere", setns(pid, 0));
  say("elsewhere", setns(pid, 1));
}

static void numbers(void) {
  long before[4], after[4];
  char bytes[1000];
  int ends[2], other[2];
  pipe(ends);
  pipe(other);
  content("/proc/self/io");
  sscanf(text, "rchar: %ld wchar: %ld syscr: %ld syscw: %ld", before, before + 1, before + 2, before + 3);
  content("/proc/self/io");
  sscanf(text, "rchar: %ld wchar: %ld syscr: %ld syscw: %ld", after, after + 1, after + 2, after + 3);
  printf("reading that: %d %ld %ld %ld\n", after[0] - before[0] > 60, after[1] - before[1], after[2] - before[2], after[3] - before[3]);
  memcpy(before, after, sizeof before);
  write(ends[1], bytes, 1000);
  read(ends[0], bytes, 300);
  read(ends[0], bytes, 1000);
  read(-1, bytes, 1);
  write(ends[0], bytes, 1);
  splice(ends[0], NULL, other[1], NULL, 100, SPLICE_F_NONBLOCK);
  content("/proc/self/io");
  sscanf(text, "rchar: %ld wchar: %ld syscr: %ld syscw: %ld", after, after + 1, after + 2, after + 3);
  printf("moving a thousand: %d %ld %ld %ld\n", after[0] - before[0] > 1060, after[1] - before[1], after[2] - before[2], after[3] - before[3]);
  printf("%s", strstr(text, "read_bytes") ? "and of disks\n" : "");
}

static void pages(void) {
  uint64_t words[5];
  char *at = mmap(NULL, 5 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  at[0] = at[8192] = 1;
  munmap(at + 4 * 4096, 4096);
  int fd = open("/proc/self/pagemap", O_RDONLY);
  say("entries", pread(fd, words, sizeof words, (uintptr_t)at / 4096 * 8));
  for (int one = 0; one < 5; one++) printf(" %d%d%d", (int)(words[one] >> 63), (int)(words[one] >> 61 & 1), (int)(words[one] >> 56 & 1));
  printf("\n");
  say("a part of one", pread(fd, words, 4, 0));
  say("between two", pread(fd, words, 8, 4));
  say("beyond all", pread(fd, words, 8, 1L << 60));
}

static void wishes(void) {
  show("/proc/self/oom_score_adj");
  put("/proc/self/oom_score_adj", "500");
  show("/proc/self/oom_score_adj");
  show("/proc/self/oom_adj");
  put("/proc/self/oom_score_adj", "1001");
  put("/proc/self/oom_score_adj", "some");
  if (fork() == 0) {
    show("/proc/self/oom_score_adj");
    setuid(1000);
    prctl(PR_SET_DUMPABLE, 1);
    put("/proc/self/oom_score_adj", "600");
    _exit(0);
  }
  wait(NULL);
  put("/proc/self/oom_score_adj", "0\n");
  show("/proc/self/coredump_filter");
  put("/proc/self/coredump_filter", "0x7f");
  show("/proc/self/coredump_filter");
  put("/proc/self/coredump_filter", "x");
  put("/proc/self/timerslack_ns", "70000");
  say("slack", prctl(PR_GET_TIMERSLACK));
  put("/proc/self/clear_refs", "1");
  put("/proc/self/clear_refs", "9");
  put("/proc/self/comm", "another name that is long\n");
  show("/proc/self/comm");
  if (fork() == 0) {
    char path[64];
    sprintf(path, "/proc/%d/comm", getppid());
    int fd = open(path, O_WRONLY);
    say("another's name", write(fd, "x", 1));
    _exit(0);
  }
  wait(NULL);
  put("/proc/self/maps", "x");
  show("/proc/self/personality");
  show("/proc/self/uid_map");
  show("/proc/self/timens_offsets");
}

static void timers(void) {
  timer_t one;
  struct sigevent by = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value.sival_int = 7};
  timer_create(CLOCK_MONOTONIC, &by, &one);
  content("/proc/self/timers");
  char *pid = strstr(text, "pid.");
  printf("%.*s...%s", (int)(pid - text), text, strchr(pid, '\n'));
}

static void descriptors(void) {
  char path[64];
  int fd = eventfd(5, 0), pid = syscall(SYS_pidfd_open, getpid(), 0);
  sprintf(path, "/proc/self/fdinfo/%d", fd);
  content(path);
  printf("%s\n", strstr(text, "eventfd-count") ? "a count" : "none");
  sprintf(path, "/proc/self/fdinfo/%d", pid);
  content(path);
  char *line = strstr(text, "Pid:");
  printf("a process: %d\n", line && atoi(line + 4) == getpid());
  struct stat now;
  sprintf(path, "/proc/self/fd/%d", open("/dev/null", O_WRONLY));
  lstat(path, &now);
  printf("written to: %o\n", now.st_mode);
  sprintf(path, "/proc/self/fd/%d", open("/dev/null", O_RDONLY));
  lstat(path, &now);
  printf("read: %o\n", now.st_mode);
}

// The line of a table with a word in it, without what differs from one run to the next.
static void line(const char *path, const char *word) {
  content(path);
  for (char *at = strtok(text, "\n"); at; at = strtok(NULL, "\n")) {
    if (!strstr(at, word)) continue;
    char fields[20][40] = {0};
    int count = 0;
    for (char *one = at; count < 20 && sscanf(one, "%39s", fields[count]) == 1; count++) {
      one = strstr(one, fields[count]) + strlen(fields[count]);
    }
    if (strstr(path, "unix")) printf("%s %s %s %s %s %s\n", fields[1], fields[2], fields[3], fields[4], fields[5], fields[7]);
    else printf("%s %s %s %s %s %s\n", fields[1], fields[2], fields[3], fields[4], fields[5], fields[7]);
  }
}

static void network(void) {
  struct sockaddr_in name = {AF_INET, htons(40123), {htonl(INADDR_LOOPBACK)}};
  int listener = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  bind(listener, (void *)&name, sizeof name);
  listen(listener, 5);
  line("/proc/net/tcp", ":9CBB 00000000");
  int datagrams = socket(AF_INET, SOCK_DGRAM, 0);
  bind(datagrams, (void *)&name, sizeof name);
  line("/proc/self/net/udp", ":9CBB");
  struct sockaddr_un path = {AF_UNIX, "\0process files"};
  int unnamed = socket(AF_UNIX, SOCK_DGRAM, 0), named = socket(AF_UNIX, SOCK_STREAM, 0);
  bind(named, (void *)&path, sizeof(sa_family_t) + 9);
  line("/proc/net/unix", "@process");
  listen(named, 3);
  line("/proc/net/unix", "@process");
  connect(socket(AF_UNIX, SOCK_STREAM, 0), (void *)&path, sizeof(sa_family_t) + 9);
  line("/proc/net/unix", "@process");
  accept(named, NULL, NULL);
  line("/proc/net/unix", "@process");
  content("/proc/net/dev");
  printf("%d\n", strstr(text, "    lo:") != NULL);
}

static const char *what_others_ask[] = {
  "auxv", "cmdline", "comm", "cwd", "environ", "exe", "fd", "fdinfo/0", "fd/0", "io", "limits", "maps", "map_files",
  "mem", "ns/uts", "oom_score", "pagemap", "personality", "root", "smaps", "stat", "statm", "status", "syscall", "task"};

static void others(void) {
  int ready[2];
  char byte;
  pipe(ready);
  pid_t child = fork();
  if (child == 0) {
    close(ready[1]);
    read(ready[0], &byte, 1);
    _exit(0);
  }
  if (fork() == 0) {
    setgid(1000);
    setuid(1000);
    for (size_t at = 0; at < sizeof what_others_ask / sizeof *what_others_ask; at++) {
      char path[64];
      sprintf(path, "/proc/%d/%s", child, what_others_ask[at]);
      int fd = open(path, O_RDONLY);
      long answer = fd < 0 ? -1 : 0;
      if (fd >= 0 && strcmp(what_others_ask[at], "fd") && strcmp(what_others_ask[at], "task")) answer = read(fd, &byte, 1) < 0 ? -1 : 0;
      if (answer < 0 && errno == EISDIR) answer = 0;
      printf("%s", what_others_ask[at]);
      say("", answer);
      struct stat now;
      if (lstat(path, &now) == 0 && S_ISLNK(now.st_mode)) say("  where it leads", readlink(path, text, 100) < 0 ? -1 : 0);
    }
    _exit(0);
  }
  wait(NULL);
  close(ready[1]);
  while (wait(NULL) > 0) {}
}

// Whoever looks twice sees the same file.
static void again(void) {
  static const char *all[] = {"", "maps", "task", "fd", "fd/0", "fdinfo/0", "ns", "ns/pid", "net", "net/tcp", "exe"};
  for (size_t at = 0; at < sizeof all / sizeof *all; at++) {
    char path[64], other[64];
    struct stat one, two, three;
    sprintf(path, "/proc/self/%s", all[at]);
    sprintf(other, "/proc/%d/task/%d/%s", getpid(), getpid(), all[at]);
    lstat(path, &one);
    lstat(other, &three);
    lstat(path, &two);
    printf("\"%s\" is one: %d, the first task's another: %d\n", all[at], one.st_ino == two.st_ino, one.st_ino != three.st_ino);
  }
  int ends[2];
  char byte, path[64];
  pipe(ends);
  write(ends[1], "x", 1);
  close(ends[1]);
  sprintf(path, "/proc/self/fd/%d", ends[0]);
  int fd = open(path, O_RDONLY);
  say("a pipe without a writer opens", read(fd, &byte, 1));
  say("and is at its end", read(fd, &byte, 1));
}

int main(void) {
  setvbuf(stdout, NULL, _IONBF, 0);
  modes();
  if (fork() == 0) {
    namespaces();
    return 0;
  }
  wait(NULL);
  numbers();
  pages();
  wishes();
  timers();
  descriptors();
  network();
  others();
  again();
  show("/proc/sys/kernel/ostype");
  show("/proc/sys/kernel/overflowuid");
  show("/proc/sys/net/ipv4/ip_default_ttl");
  put("/proc/sys/kernel/ostype", "x");
  return 0;
}
