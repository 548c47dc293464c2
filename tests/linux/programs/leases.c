// Leases: who holds one is told before others open the file, and they wait until it is given back.
// Recorded from Linux: the emulator shows the host's locks, and keeps for itself what comes with signals.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAY(what) (errno = 0, say(#what, (long)(what)))
static void say(const char *what, long answer) {
  printf("%s: %ld%s%s\n", what, answer, answer < 0 ? " " : "", answer < 0 ? strerrorname_np(errno) : "");
}
static const char *NAME[] = {"read", "write", "none"};
#define LEASE(file) printf("  lease: %s\n", NAME[fcntl(file, F_GETLEASE)])

static volatile sig_atomic_t count;
static siginfo_t told;
static void note(int signal, siginfo_t *info, void *context) { told = *info, count++; }
static int results[2];

/** The leases on a file, as /proc has them. */
static void show(int file) {
  struct stat about;
  char line[256], number[32];
  fstat(file, &about);
  sprintf(number, ":%lu ", (unsigned long)about.st_ino);
  FILE *locks = fopen("/proc/locks", "r");
  while (fgets(line, sizeof line, locks)) {
    char *at = strstr(line, "LEASE"), *pid = at ? strpbrk(at + 18, "0123456789") : NULL;
    if (!at || !strstr(line, number)) continue;
    int isOwn = atoi(pid) == getpid();
    char *end = strstr(line, number) + strlen(number);
    printf("  %.*s%s ... %s", (int)(pid - at), at, isOwn ? "mine" : "another's", end);
  }
  fclose(locks);
}

/** Somebody else opens the file, and says how that went. */
static int opener(int flags, int file) {
  int pid = fork();
  if (pid > 0) return pid;
  close(file);
  errno = 0;
  int opened = flags < 0 ? truncate("leased", 1) : open("leased", flags);
  int result = opened < 0 ? errno : 0;
  write(results[1], &result, sizeof result);
  _exit(0);
}
static void result(const char *what, int pid) {
  int answer = -1;
  read(results[0], &answer, sizeof answer);
  waitpid(pid, NULL, 0);
  printf("%s: %s, told %d\n", what, answer == 0 ? "done" : strerrorname_np(answer), count);
  count = 0;
}

/** Until somebody waits, and the holder knows. */
static void until_waiting(int pid) {
  char path[64], name[64] = "";
  sprintf(path, "/proc/%d/wchan", pid);
  for (int tries = 0; tries < 5000 && (strcmp(name, "__break_lease") != 0 || count == 0); tries++) {
    usleep(1000);
    int fd = open(path, O_RDONLY), size = read(fd, name, sizeof name - 1);
    name[size < 0 ? 0 : size] = 0;
    close(fd);
  }
  printf("  it waits in %s\n", name);
}

static void refusals(void) {
  int directory = open(".", O_RDONLY), ends[2], file = open("leased", O_RDONLY);
  pipe(ends);
  SAY(fcntl(directory, F_SETLEASE, F_RDLCK));
  SAY(fcntl(directory, F_SETLEASE, F_UNLCK));
  SAY(fcntl(directory, F_GETLEASE));
  SAY(fcntl(ends[0], F_SETLEASE, F_RDLCK));
  SAY(fcntl(ends[0], F_GETLEASE));
  SAY(fcntl(open("/dev/null", O_RDONLY), F_SETLEASE, F_RDLCK));
  SAY(fcntl(open("leased", O_PATH), F_SETLEASE, F_RDLCK));
  SAY(fcntl(open("leased", O_PATH), F_GETLEASE));
  SAY(fcntl(open("leased", O_PATH), F_SETSIG, SIGIO));
  SAY(fcntl(99, F_SETLEASE, F_RDLCK));
  SAY(fcntl(file, F_SETLEASE, 3));
  SAY(fcntl(file, F_SETLEASE, -1));
  SAY(fcntl(file, F_SETLEASE, F_UNLCK));
  int memory = memfd_create("memory", 0);
  SAY(fcntl(memory, F_SETLEASE, F_RDLCK));
  SAY(fcntl(memory, F_SETLEASE, F_WRLCK));
  seteuid(1000);
  SAY(fcntl(file, F_SETLEASE, F_RDLCK));
  SAY(fcntl(file, F_SETLEASE, 3));
  SAY(fcntl(file, F_SETLEASE, F_UNLCK));
  SAY(fcntl(directory, F_SETLEASE, F_RDLCK));
  SAY(fcntl(file, F_GETLEASE));
  seteuid(0);
  close(file);
}

static void conflicts(void) {
  int writer = open("leased", O_RDWR), reader = open("leased", O_RDONLY);
  SAY(fcntl(reader, F_SETLEASE, F_RDLCK));
  SAY(fcntl(writer, F_SETLEASE, F_WRLCK));
  close(reader);
  SAY(fcntl(writer, F_SETLEASE, F_RDLCK));
  SAY(fcntl(writer, F_SETLEASE, F_WRLCK));
  SAY(fcntl(writer, F_SETLEASE, F_WRLCK));
  SAY(fcntl(writer, F_SETLEASE, F_RDLCK));
  SAY(fcntl(writer, F_GETOWN) == getpid());
  LEASE(writer);
  show(writer);
  SAY(fcntl(writer, F_SETLEASE, F_UNLCK));
  SAY(fcntl(writer, F_GETOWN));
  close(writer);
  int one = open("leased", O_RDONLY), two = open("leased", O_RDONLY);
  SAY(fcntl(one, F_SETLEASE, F_RDLCK));
  SAY(fcntl(two, F_SETLEASE, F_RDLCK));
  SAY(fcntl(two, F_SETLEASE, F_WRLCK));
  show(one);
  close(two);
  SAY(fcntl(one, F_SETLEASE, F_WRLCK));
  LEASE(one);
  show(one);
  SAY(fcntl(one, F_SETLEASE, F_RDLCK));
  LEASE(one);
  close(one);
}

static void impatient(void) {
  int file = open("leased", O_RDWR);
  fcntl(file, F_SETLEASE, F_WRLCK);
  result("opened by its path only", opener(O_PATH | O_NONBLOCK, file));
  result("read at once", opener(O_RDONLY | O_NONBLOCK, file));
  LEASE(file);
  show(file);
  result("read at once again", opener(O_RDONLY | O_NONBLOCK, file));
  result("written at once", opener(O_WRONLY | O_NONBLOCK, file));
  LEASE(file);
  show(file);
  result("written at once again", opener(O_RDWR | O_NONBLOCK, file));
  SAY(open("leased", O_RDONLY | O_NONBLOCK));
  SAY(fcntl(file, F_SETLEASE, F_UNLCK));
  result("nothing in the way", opener(O_RDWR | O_NONBLOCK, file));
  close(file);
  file = open("leased", O_RDONLY);
  fcntl(file, F_SETLEASE, F_RDLCK);
  result("written at once", opener(O_WRONLY | O_NONBLOCK, file));
  int other = open("leased", O_RDONLY);
  SAY(fcntl(other, F_SETLEASE, F_RDLCK));
  SAY(fcntl(file, F_SETLEASE, F_RDLCK));
  LEASE(file);
  close(file);
  SAY(fcntl(other, F_SETLEASE, F_RDLCK));
  close(other);
}

static void patient(void) {
  int file = open("leased", O_RDWR);
  write(file, "abc", 3);
  fcntl(file, F_SETLEASE, F_WRLCK);
  fcntl(file, F_SETSIG, SIGRTMIN + 1);
  int pid = opener(O_WRONLY | O_TRUNC, file);
  until_waiting(pid);
  struct stat about;
  fstat(file, &about);
  printf("  %ld bytes, signal %d, code %d, events %lx, itself %d\n", (long)about.st_size, told.si_signo - SIGRTMIN,
         told.si_code, told.si_band, told.si_fd == file);
  SAY(fcntl(file, F_SETLEASE, F_RDLCK));
  SAY(fcntl(file, F_SETLEASE, F_UNLCK));
  SAY(fcntl(file, F_GETSIG));
  result("emptied", pid);
  fstat(file, &about);
  printf("  %ld bytes\n", (long)about.st_size);
  close(file);
}

static void downgraded(void) {
  int file = open("leased", O_RDONLY);
  fcntl(file, F_SETLEASE, F_WRLCK);
  int pid = opener(O_RDONLY, file);
  until_waiting(pid);
  LEASE(file);
  SAY(fcntl(file, F_SETLEASE, F_RDLCK));
  result("read", pid);
  LEASE(file);
  show(file);
  result("read again", opener(O_RDONLY, file));
  pid = opener(-1, file);
  until_waiting(pid);
  LEASE(file);
  SAY(fcntl(file, F_SETLEASE, F_RDLCK));
  int other = open("leased", O_RDONLY);
  SAY(fcntl(other, F_SETLEASE, F_RDLCK));
  close(other);
  int copy = dup(file);
  close(file);
  LEASE(copy);
  close(copy);
  result("truncated", pid);
}

static void interrupted(int signal) {}
static void given_up(void) {
  int file = open("leased", O_RDONLY);
  fcntl(file, F_SETLEASE, F_RDLCK);
  int pid = fork();
  if (pid == 0) {
    struct sigaction act = {.sa_handler = interrupted};
    struct itimerval soon = {{0, 10000}, {0, 10000}};
    sigaction(SIGALRM, &act, NULL);
    setitimer(ITIMER_REAL, &soon, NULL);
    int answer = open("leased", O_WRONLY) < 0 ? errno : 0;
    write(results[1], &answer, sizeof answer);
    _exit(0);
  }
  result("given up", pid);
  LEASE(file);
  close(file);
}

/** All of a process group are told, where it is to be. */
static void told_together(void) {
  int file = open("leased", O_RDONLY);
  // Nobody else is in this one.
  setpgid(0, 0);
  SAY(fcntl(file, F_SETSIG, SIGRTMIN + 1));
  SAY(fcntl(file, F_SETSIG, 65));
  SAY(fcntl(file, F_SETSIG, -1));
  SAY(fcntl(file, F_GETSIG) == SIGRTMIN + 1);
  SAY(fcntl(file, F_SETOWN, -getpgrp()));
  SAY(fcntl(file, F_SETLEASE, F_RDLCK));
  SAY(fcntl(file, F_GETOWN) == -getpgrp());
  SAY(open("leased", O_WRONLY | O_NONBLOCK));
  printf("  told %d, by signal %d\n", count, told.si_signo - SIGRTMIN);
  close(file);
}

/** Who does not care is ended by the signal, and so is the lease. */
static void careless(void) {
  int ready[2];
  pipe(ready);
  int pid = fork();
  if (pid == 0) {
    signal(SIGIO, SIG_DFL);
    int answer = fcntl(open("leased", O_RDONLY), F_SETLEASE, F_RDLCK);
    write(ready[1], &answer, sizeof answer);
    for (;;) pause();
  }
  int answer, status;
  read(ready[0], &answer, sizeof answer);
  SAY(open("leased", O_WRONLY) >= 0);
  waitpid(pid, &status, 0);
  printf("ended by signal %d\n", WTERMSIG(status));
}

int main(void) {
  setvbuf(stdout, NULL, _IONBF, 0);
  struct sigaction act = {.sa_sigaction = note, .sa_flags = SA_SIGINFO | SA_RESTART};
  sigaction(SIGIO, &act, NULL);
  sigaction(SIGRTMIN + 1, &act, NULL);
  pipe(results);
  close(open("leased", O_CREAT | O_RDWR, 0666));
  refusals();
  conflicts();
  impatient();
  patient();
  downgraded();
  given_up();
  told_together();
  careless();
  return 0;
}
