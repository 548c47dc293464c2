// When the locks of a process on a file end: as soon as any descriptor of the file is closed, in whichever
// way, and not with one that only stands for its place.
// Recorded from Linux: the emulator lets no child share descriptors, and does not execute itself.
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char stack[65536];

/* Whether another process finds the file locked. */
static void look(const char *when) {
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    struct flock lock = {F_WRLCK};
    fcntl(open("file", O_RDWR), F_GETLK, &lock);
    printf("%s: %s\n", when, lock.l_type == F_UNLCK ? "free" : "locked");
    fflush(stdout);
    _exit(0);
  }
  waitpid(child, NULL, 0);
}

static int lock(int fd) {
  struct flock lock = {F_WRLCK};
  fcntl(fd, F_SETLK, &lock);
  return open("file", O_RDONLY | O_CLOEXEC);
}

static void *close_it(void *fd) {
  close(*(int *)fd);
  return NULL;
}

static int close_in_child(void *fd) {
  close(*(int *)fd);
  return 0;
}

static void in_others(int fd) {
  int other = lock(fd);
  pthread_t thread;
  if (fork() == 0) {
    close(fd);
    _exit(0);
  }
  wait(NULL);
  look("closed by a child");
  pthread_create(&thread, NULL, close_it, &other);
  pthread_join(thread, NULL);
  look("closed by a thread");
  other = lock(fd);
  clone(close_in_child, stack + sizeof stack, CLONE_FILES | SIGCHLD, &other);
  wait(NULL);
  look("closed by a child with the same descriptors");
  other = lock(fd);
  if (fork() == 0) {
    lock(open("file", O_RDWR));
    _exit(0);
  }
  wait(NULL);
  look("refused to a child");
}

int main(int count, char **words) {
  if (count > 1) {
    look(words[1]);
    return 0;
  }
  int fd = open("file", O_CREAT | O_RDWR, 0600);
  lock(fd);
  look("at first");
  close(open("file", O_PATH));
  look("a place closed");
  close(dup(fd));
  look("a copy closed");
  dup2(1, lock(fd));
  look("another put over it");
  int other = lock(fd);
  syscall(SYS_close_range, other, other, 0);
  look("a range closed");
  other = lock(fd);
  syscall(SYS_close_range, other, other, 1 << 2);
  look("a range marked");
  close(other);
  in_others(fd);
  lock(fd);
  fcntl(fd, F_SETFD, 0);
  fflush(stdout);
  if (vfork() == 0) {
    execl("/proc/self/exe", "program", "after a child's exec", NULL);
    _exit(1);
  }
  wait(NULL);
  look("after that");
  execl("/proc/self/exe", "program", "after exec, which closes", NULL);
  return 1;
}
