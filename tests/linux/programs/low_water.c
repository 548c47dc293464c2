// How many bytes a socket waits for before there is something to read: who waits for how many, and how.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#define SAY(call) say(#call, (long)(call))

static int from, to;
static char bytes[64];

static void say(const char *call, long answer) {
  printf("%s: %ld %s\n", call, answer, answer < 0 ? strerrorname_np(errno) : "");
}

static void got(const char *call, long answer) {
  printf("%s: %ld %s %.*s\n", call, answer, answer < 0 ? strerrorname_np(errno) : "", answer > 0 ? (int)answer : 0, bytes);
}

static int low(int fd, int value) {
  return setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &value, sizeof value);
}

static int told(int fd, int option) {
  int value = -1;
  socklen_t size = sizeof value;
  return getsockopt(fd, SOL_SOCKET, option, &value, &size) < 0 ? -errno : value;
}

static int listening(int family, struct sockaddr_storage *name, socklen_t *size) {
  int fd = socket(family, SOCK_STREAM, 0);
  struct sockaddr_in address = {AF_INET, 0, {htonl(INADDR_LOOPBACK)}};
  sa_family_t any = AF_UNIX;
  bind(fd, family == AF_UNIX ? (void *)&any : (void *)&address, family == AF_UNIX ? sizeof any : sizeof address);
  *size = sizeof *name;
  getsockname(fd, (void *)name, size);
  listen(fd, 4);
  return fd;
}

static void joined(int family, int value) {
  struct sockaddr_storage name;
  socklen_t size;
  int fd = listening(family, &name, &size);
  if (value) low(fd, value);
  from = socket(family, SOCK_STREAM, 0);
  connect(from, (void *)&name, size);
  to = accept(fd, NULL, NULL);
  close(fd);
}

static void parted(void) {
  close(from), close(to);
}

// What was sent to a stream over a network is there at once, or soon.
static void put(const char *text) {
  int before = 0, now = 0;
  ioctl(to, FIONREAD, &before);
  write(from, text, strlen(text));
  while (now < before + (int)strlen(text)) ioctl(to, FIONREAD, &now);
}

static void values(int family, int type) {
  int fd = socket(family, type, 0), small = 10000, byte = 0;
  printf("at first %d", told(fd, SO_RCVLOWAT));
  for (int value = 0; value <= 9; value += 3) printf(", %d %d", low(fd, value), told(fd, SO_RCVLOWAT));
  // How much there is room for over a network is a matter of the machine.
  printf(", all %d %d", low(fd, -1), type == SOCK_STREAM && family == AF_INET ? told(fd, SO_RCVLOWAT) >= 1 << 20 : told(fd, SO_RCVLOWAT));
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
  printf(", more than there is room for %d %d\n", low(fd, 30000), told(fd, SO_RCVLOWAT));
  SAY(setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &byte, 1));
  SAY(setsockopt(fd, SOL_SOCKET, SO_SNDLOWAT, &small, sizeof small));
  printf("to send %d\n", told(fd, SO_SNDLOWAT));
  close(fd);
}

static void *pieces(void *text) {
  for (const char *at = text; *at; at += 2) usleep(3000), write(from, at, 2);
  return NULL;
}

#define WHILE_SENDING(text, call)                           \
  do {                                                      \
    pthread_t sender;                                       \
    pthread_create(&sender, NULL, pieces, (void *)text);    \
    got(#call, call);                                       \
    pthread_join(sender, NULL);                             \
    while (recv(to, bytes, sizeof bytes, MSG_DONTWAIT) > 0); \
  } while (0)

static void waits(int family) {
  joined(family, 0);
  SAY(low(to, 6));
  struct iovec vector[2] = {{bytes, 3}, {bytes + 3, 20}};
  struct msghdr head = {.msg_iov = vector, .msg_iovlen = 2};
  WHILE_SENDING("abcdef", recv(to, bytes, 64, 0));
  WHILE_SENDING("abcdef", read(to, bytes, 64));
  WHILE_SENDING("abcdef", readv(to, vector, 2));
  WHILE_SENDING("abcdef", recvmsg(to, &head, 0));
  WHILE_SENDING("abcdef", recv(to, bytes, 4, 0));
  WHILE_SENDING("abcdef", read(to, bytes, 5));
  put("abc");
  got("less is wanted", recv(to, bytes, 2, 0));
  got("less is there", recv(to, bytes, 9, MSG_DONTWAIT));
  got("nothing is there", recv(to, bytes, 9, MSG_DONTWAIT));
  got("nothing is wanted", read(to, bytes, 0));
  if (family == AF_INET) WHILE_SENDING("abcdef", recv(to, bytes, 64, MSG_PEEK));
  put("ab");
  if (family == AF_UNIX) got("looked at", recv(to, bytes, 64, MSG_PEEK));
  got("at once", recv(to, bytes, 64, MSG_PEEK | MSG_DONTWAIT));
  got("taken", recv(to, bytes, 64, MSG_DONTWAIT));
  SAY(low(to, 2));
  WHILE_SENDING("abcdef", recv(to, bytes, 6, MSG_WAITALL));
  SAY(low(to, 4));
  struct mmsghdr many[2] = {{{.msg_iov = vector, .msg_iovlen = 2}}, {{.msg_iov = vector, .msg_iovlen = 1}}};
  WHILE_SENDING("abcd", recvmmsg(to, many, 2, MSG_WAITFORONE, NULL));
  printf("of which the first has %d\n", many[0].msg_len);
  parted();
}

static void nothing(int signal) {
}

// Signals come until the call is over, as the first may come too early.
#define UNTIL_SIGNALLED(what, call) \
  do {                              \
    ualarm(20000, 20000);           \
    long answer = call;             \
    ualarm(0, 0);                   \
    got(what, answer);              \
  } while (0)

static void ends(int family) {
  joined(family, 0);
  low(to, 6);
  struct timeval soon = {0, 20000};
  SAY(setsockopt(to, SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof soon));
  put("abc");
  got("until the time is over", recv(to, bytes, 64, 0));
  put("abc");
  got("the same of read", read(to, bytes, 64));
  got("and there is nothing", recv(to, bytes, 64, 0));
  got("and there is nothing to read", read(to, bytes, 64));
  soon.tv_usec = 0;
  setsockopt(to, SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof soon);
  struct sigaction action = {.sa_handler = nothing};
  sigaction(SIGALRM, &action, NULL);
  put("abc");
  UNTIL_SIGNALLED("until a signal", recv(to, bytes, 64, 0));
  UNTIL_SIGNALLED("which finds nothing", recv(to, bytes, 64, 0));
  UNTIL_SIGNALLED("nor has read", read(to, bytes, 64));
  put("abc");
  shutdown(from, SHUT_WR);
  got("until the end", recv(to, bytes, 64, 0));
  got("which it is", recv(to, bytes, 64, 0));
  parted();
}

static int ready(int timeout) {
  struct pollfd one = {to, POLLIN | POLLRDNORM | POLLRDHUP};
  poll(&one, 1, timeout);
  return one.revents;
}

static void polled(int family) {
  joined(family, 0);
  low(to, 4);
  fd_set set;
  struct timeval now = {0};
  struct epoll_event wanted = {EPOLLIN | EPOLLET}, event;
  int many = epoll_create1(0);
  epoll_ctl(many, EPOLL_CTL_ADD, to, &wanted);
  for (int count = 1; count <= 5; count++) {
    put("x");
    FD_ZERO(&set);
    FD_SET(to, &set);
    printf("%d bytes: %x, selected %d", count, ready(0), select(to + 1, &set, NULL, NULL, &now));
    printf(", changed %d\n", epoll_wait(many, &event, 1, 0));
  }
  recv(to, bytes, 2, 0);
  printf("with two fewer %x\n", ready(0));
  printf("with fewer wanted %d %x", low(to, 2), ready(0));
  printf(", changed %d\n", epoll_wait(many, &event, 1, 0));
  while (recv(to, bytes, 64, MSG_DONTWAIT) > 0);
  low(to, 6);
  pthread_t sender;
  if (family == AF_INET) {
    int waiting = 0;
    pthread_create(&sender, NULL, pieces, "abcdef");
    printf("awaited %x", ready(-1));
    ioctl(to, FIONREAD, &waiting);
    printf(" with %d bytes\n", waiting);
    pthread_join(sender, NULL);
    recv(to, bytes, 64, 0);
  }
  put("x");
  shutdown(from, SHUT_WR);
  printf("at the end %x\n", ready(-1));
  close(many);
  parted();
}

static volatile int signals;

static void count(int signal) {
  signals++;
}

static void notices(void) {
  joined(AF_INET, 5);
  printf("who listens hands it on: %d\n", told(to, SO_RCVLOWAT));
  signal(SIGIO, count);
  fcntl(to, F_SETOWN, getpid());
  fcntl(to, F_SETFL, O_ASYNC);
  put("abc");
  printf("told of three: %d", signals > 0);
  put("de");
  while (signals == 0) usleep(100);
  printf(", of five: %d\n", signals > 0);
  fcntl(to, F_SETFL, 0);
  parted();
  joined(AF_UNIX, 5);
  printf("but not in the machine itself: %d\n", told(to, SO_RCVLOWAT));
  parted();
}

int main(void) {
  setvbuf(stdout, NULL, _IONBF, 0);
  values(AF_INET, SOCK_STREAM), values(AF_UNIX, SOCK_STREAM), values(AF_INET, SOCK_DGRAM);
  for (int which = 0; which < 2; which++) {
    int family = which == 0 ? AF_INET : AF_UNIX;
    printf("family %d\n", family);
    waits(family), ends(family), polled(family);
  }
  notices();
  return 0;
}
