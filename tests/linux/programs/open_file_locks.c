// Locks that belong to open files: whole files, ranges, and what closing the last descriptor does.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAY(what) say(#what, (long)(what))
static void say(const char *what, long answer) {
  printf("%s: %ld %s\n", what, answer, answer < 0 ? strerror(errno) : "");
  fflush(stdout);
}
static int range(int fd, int command, int type, long from, long length) {
  struct flock lock = {type, SEEK_SET, from, length, 0};
  int answer = fcntl(fd, command, &lock);
  if (command == F_OFD_GETLK) printf("type %d, pid %d, ", lock.l_type, lock.l_pid);
  return answer;
}

int main(void) {
  int a = open("locked", O_RDWR | O_CREAT, 0600), b = open("locked", O_RDWR);
  SAY(flock(a, LOCK_EX));
  SAY(flock(b, LOCK_SH | LOCK_NB));
  int copy = dup(a);
  close(a);
  SAY(flock(b, LOCK_SH | LOCK_NB));
  close(copy);
  SAY(flock(b, LOCK_EX | LOCK_NB));
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    close(b);
    int own = open("locked", O_RDWR);
    _exit(flock(own, LOCK_EX | LOCK_NB) < 0 ? errno : 0);
  }
  int status;
  waitpid(child, &status, 0);
  printf("child: %s\n", strerror(WEXITSTATUS(status)));
  close(b);
  a = open("locked", O_RDWR), b = open("locked", O_RDWR);
  SAY(flock(a, LOCK_EX | LOCK_NB));
  SAY(range(a, F_OFD_SETLK, F_WRLCK, 0, 10));
  SAY(range(b, F_OFD_SETLK, F_RDLCK, 5, 10));
  SAY(range(b, F_OFD_SETLK, F_RDLCK, 10, 10));
  SAY(range(b, F_OFD_GETLK, F_WRLCK, 0, 5));
  SAY(range(a, F_SETLK, F_WRLCK, 10, 1));
  SAY(range(a, F_OFD_SETLK, F_WRLCK, 10, 1));
  close(b);
  SAY(range(a, F_OFD_SETLK, F_WRLCK, 10, 1));
  struct flock odd = {F_WRLCK, SEEK_SET, 0, 1, 5};
  SAY(fcntl(a, F_OFD_SETLK, &odd));
  unlink("locked");
  return 0;
}
