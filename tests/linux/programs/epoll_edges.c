// epoll where it tells of changes only, once only, and of sets that are in each other.
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

static void told(const char *when, int set) {
  struct epoll_event found[8];
  int count = epoll_wait(set, found, 8, 0);
  printf("%s:", when);
  for (int i = 0; i < count; i++) printf(" %x/%d", found[i].events, (int)found[i].data.u32);
  printf("\n");
}

static int want(int set, int how, int fd, unsigned events, int number) {
  struct epoll_event event = {.events = events, .data.u32 = number};
  errno = 0;
  epoll_ctl(set, how, fd, &event);
  return errno;
}

static void edges(void) {
  int set = epoll_create1(0), pipes[2];
  char c;
  pipe(pipes);
  want(set, EPOLL_CTL_ADD, pipes[0], EPOLLIN | EPOLLET, 1);
  told("nothing yet", set);
  write(pipes[1], "ab", 2);
  told("two bytes", set);
  told("the same two", set);
  write(pipes[1], "c", 1);
  told("a third", set);
  read(pipes[0], &c, 1);
  told("one was read, which is nothing to read", set);
  want(set, EPOLL_CTL_MOD, pipes[0], EPOLLIN | EPOLLET, 1);
  told("wanted anew", set);
  want(set, EPOLL_CTL_MOD, pipes[0], EPOLLIN | EPOLLONESHOT, 1);
  told("once", set);
  write(pipes[1], "d", 1);
  told("and no more", set);
  int both[2];
  socketpair(AF_UNIX, SOCK_STREAM, 0, both);
  want(set, EPOLL_CTL_ADD, both[0], EPOLLIN | EPOLLRDHUP | EPOLLET, 2);
  write(both[0], "to the other", 12);
  told("what is sent is nothing to read", set);
  shutdown(both[1], SHUT_WR);
  told("the other will send no more", set);
  shutdown(both[0], SHUT_WR);
  told("nor will this one", set);
  int count = eventfd(0, EFD_NONBLOCK);
  want(set, EPOLL_CTL_ADD, count, EPOLLIN | EPOLLET, 3);
  eventfd_write(count, 3);
  told("a count", set);
  eventfd_t value;
  eventfd_read(count, &value);
  told("taken", set);
}

static void duplicates(void) {
  int set = epoll_create1(0), both[2];
  socketpair(AF_UNIX, SOCK_STREAM, 0, both);
  int other = dup(both[0]);
  want(set, EPOLL_CTL_ADD, both[0], EPOLLIN, 4);
  close(both[0]);
  write(both[1], "x", 1);
  told("the descriptor is gone, the file is not", set);
  printf("it cannot be named: %d\n", want(set, EPOLL_CTL_DEL, both[0], 0, 0) == EBADF);
  close(other);
  told("now it is", set);
}

static void nested(void) {
  int sets[7], count = eventfd(1, 0);
  for (int i = 0; i < 7; i++) sets[i] = epoll_create1(0);
  want(sets[0], EPOLL_CTL_ADD, count, EPOLLIN, 5);
  for (int i = 1; i < 7; i++) {
    printf("%d in %d: %s\n", i - 1, i, strerror(want(sets[i], EPOLL_CTL_ADD, sets[i - 1], EPOLLIN, i)));
  }
  told("through all of them", sets[4]);
  printf("in a ring: %s\n", strerror(want(sets[0], EPOLL_CTL_ADD, sets[3], EPOLLIN, 0)));
  printf("in itself: %s\n", strerror(want(sets[0], EPOLL_CTL_ADD, sets[0], EPOLLIN, 0)));
  want(sets[3], EPOLL_CTL_DEL, sets[2], 0, 0);
  printf("no ring: %s\n", strerror(want(sets[0], EPOLL_CTL_ADD, sets[3], EPOLLIN, 0)));
}

static void exclusive(void) {
  int set = epoll_create1(0), count = eventfd(1, 0), inner = epoll_create1(0);
  printf("alone: %s\n", strerror(want(set, EPOLL_CTL_ADD, count, EPOLLIN | EPOLLEXCLUSIVE, 1)));
  printf("changed: %s\n", strerror(want(set, EPOLL_CTL_MOD, count, EPOLLIN, 1)));
  int other = eventfd(1, 0);
  unsigned once = EPOLLIN | EPOLLEXCLUSIVE | EPOLLONESHOT;
  printf("once: %s\n", strerror(want(set, EPOLL_CTL_ADD, other, once, 1)));
  printf("a set: %s\n", strerror(want(set, EPOLL_CTL_ADD, inner, EPOLLIN | EPOLLEXCLUSIVE, 1)));
  errno = 0;
  epoll_ctl(99, EPOLL_CTL_ADD, count, NULL);
  printf("no event, no set: %s\n", strerror(errno));
}

int main(void) {
  setvbuf(stdout, NULL, _IONBF, 0);
  edges();
  duplicates();
  nested();
  exclusive();
  return 0;
}
