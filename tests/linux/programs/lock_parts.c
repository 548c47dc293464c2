// Locks on parts of a file: what meets its like becomes one, what is overlaid is cut, and another
// process is told of the first that is in its way.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define MANY 3000

static int file;

static void lock(int type, long start, long length) {
  struct flock wanted = {.l_type = type, .l_start = start, .l_len = length};
  if (fcntl(file, F_SETLK, &wanted)) perror("F_SETLK");
}

/* What another process, which wants the whole file, is told piece by piece. */
static void look(const char *when) {
  printf("%s:", when);
  fflush(stdout);
  if (fork() == 0) {
    long at = 0;
    for (int count = 0; count < 12; count++) {
      struct flock wanted = {.l_type = F_WRLCK, .l_start = at};
      if (fcntl(file, F_GETLK, &wanted) || wanted.l_type == F_UNLCK) break;
      printf(" %s %ld+%ld", wanted.l_type == F_RDLCK ? "read" : "write", (long)wanted.l_start,
             (long)wanted.l_len);
      if (wanted.l_len == 0) break;
      at = wanted.l_start + wanted.l_len;
    }
    puts("");
    fflush(stdout);
    _exit(0);
  }
  wait(NULL);
}

static void parts(void) {
  lock(F_WRLCK, 40, 10);
  lock(F_WRLCK, 0, 10);
  lock(F_WRLCK, 20, 10);
  look("three, not in order");
  lock(F_WRLCK, 10, 10);
  look("one between");
  lock(F_RDLCK, 30, 10);
  look("one of another type");
  lock(F_RDLCK, 5, 10);
  look("one within");
  lock(F_UNLCK, 33, 2);
  look("a hole");
  lock(F_UNLCK, 0, 8);
  look("less at the start");
  lock(F_RDLCK, 12, 30);
  look("one over all");
  lock(F_WRLCK, 45, 0);
  look("to the end of all files");
  lock(F_UNLCK, 100, 0);
  look("not to the end");
  lock(F_UNLCK, 0, 0);
  look("none");
}

static void many(void) {
  for (long at = 0; at < MANY; at++) lock(F_WRLCK, at * 7919 % MANY * 2, 1);
  lock(F_UNLCK, 10, MANY * 2 - 20);
  look("of many");
  for (long at = 0; at < MANY; at++) lock(F_WRLCK, at * 2 + 1, 1);
  for (long at = MANY; at-- > 0;) lock(F_WRLCK, at * 2, 1);
  look("as many as bytes");
  lock(F_UNLCK, 0, 0);
}

static void readers(void) {
  int ready[2], over[2];
  pipe(ready), pipe(over);
  lock(F_RDLCK, 10, 10);
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    lock(F_RDLCK, 0, 15);
    write(ready[1], "", 1);
    read(over[0], &(char){0}, 1);
    _exit(0);
  }
  read(ready[0], &(char){0}, 1);
  struct flock wanted = {.l_type = F_WRLCK, .l_start = 12, .l_len = 4};
  fcntl(file, F_GETLK, &wanted);
  printf("another reader: %ld+%ld, the child's: %d\n", (long)wanted.l_start, (long)wanted.l_len,
         wanted.l_pid == child);
  wanted = (struct flock){.l_type = F_RDLCK, .l_start = 0, .l_len = 30};
  printf("a third reads: %d\n", fcntl(file, F_SETLK, &wanted));
  write(over[1], "", 1);
  wait(NULL);
  look("alone again");
}

int main(void) {
  file = open("parts", O_RDWR | O_CREAT, 0600);
  parts();
  many();
  readers();
  unlink("parts");
}
