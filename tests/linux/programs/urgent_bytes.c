// A byte that a stream over a network has past all others: who takes it, who is told, and where it was.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>
#include <linux/netlink.h>

#define SAY(call) say(#call, (long)(call))

static int from, to;
static char bytes[64];

static void say(const char *call, long answer) {
  printf("%s: %ld %s\n", call, answer, answer < 0 ? strerrorname_np(errno) : "");
}

static int setting(int fd, int option, int value) {
  return setsockopt(fd, SOL_SOCKET, option, &value, sizeof value);
}

static int ready(int fd) {
  struct pollfd one = {fd, POLLIN | POLLPRI | POLLRDNORM | POLLRDBAND | POLLRDHUP};
  poll(&one, 1, 0);
  return one.revents;
}

// Where the stream stands: at the urgent byte or not, how much can be read, and for what it is ready.
static void state(void) {
  int waiting = -1;
  ioctl(to, FIONREAD, &waiting);
  printf(" (mark %d, %d bytes, %x)\n", sockatmark(to), waiting, ready(to));
}

static void joined(int inLine) {
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in name = {AF_INET, 0, {htonl(INADDR_LOOPBACK)}};
  socklen_t size = sizeof name;
  bind(fd, (void *)&name, size);
  getsockname(fd, (void *)&name, &size);
  if (inLine) setting(fd, SO_OOBINLINE, 1);
  listen(fd, 4);
  from = socket(AF_INET, SOCK_STREAM, 0);
  connect(from, (void *)&name, size);
  to = accept(fd, NULL, NULL);
  close(fd);
}

static void parted(void) {
  close(from), close(to);
}

static void put(const char *text, int flags) {
  printf("%s \"%s\": %zd", flags ? "urgent" : "plain", text, send(from, text, strlen(text), flags));
  usleep(500);
  state();
}

static void get(int count, int flags) {
  ssize_t answer = recv(to, bytes, count, flags | MSG_DONTWAIT);
  printf("%s%s %d: ", flags & MSG_PEEK ? "look at" : "take", flags & MSG_OOB ? " urgent" : "", count);
  if (answer < 0) printf("%s", strerrorname_np(errno));
  else printf("%zd %.*s", answer, (int)answer, bytes);
  state();
}

static void taken(void) {
  joined(0);
  get(9, MSG_OOB);
  put("abc", MSG_OOB), put("de", 0);
  get(9, MSG_PEEK), get(9, MSG_OOB | MSG_PEEK), get(9, 0);
  get(9, MSG_OOB), get(9, MSG_OOB), get(9, MSG_PEEK), get(9, 0), get(9, 0);
  printf("passed\n");
  put("x", MSG_OOB), put("yes", 0), get(9, MSG_PEEK), get(9, 0), get(9, MSG_OOB);
  printf("within\n");
  put("abx", MSG_OOB), get(1, 0), get(9, MSG_OOB), put("cd", 0), get(9, 0), get(1, 0), get(9, 0);
  printf("none of it\n");
  put("", MSG_OOB), put("x", MSG_OOB), get(0, 0), get(0, MSG_OOB), get(1, MSG_OOB), get(1, 0);
  parted();
}

static void replaced(void) {
  joined(0);
  put("ax", MSG_OOB), put("by", MSG_OOB), put("cz", MSG_OOB);
  get(9, MSG_PEEK), get(1, 0), get(9, 0), get(9, MSG_PEEK), get(9, MSG_OOB), get(9, 0);
  printf("at the mark\n");
  put("x", MSG_OOB), put("y", MSG_OOB), get(9, MSG_OOB), get(9, MSG_OOB), get(9, 0);
  printf("when it was taken\n");
  put("abx", MSG_OOB), get(1, MSG_OOB), put("cdy", MSG_OOB), get(9, 0), get(9, 0), get(9, MSG_OOB);
  printf("and again\n");
  put("abx", MSG_OOB), get(1, MSG_OOB), put("cdy", MSG_OOB), get(1, MSG_OOB), put("ef", 0);
  get(9, 0), get(9, 0), get(9, 0);
  parted();
}

static void in_line(void) {
  joined(1);
  put("abx", MSG_OOB), put("cd", 0), get(1, MSG_OOB), get(9, MSG_PEEK), get(9, 0), get(9, 0);
  put("abx", MSG_OOB), setting(to, SO_OOBINLINE, 0), get(1, MSG_OOB), setting(to, SO_OOBINLINE, 1);
  get(9, 0), get(9, 0), get(9, 0);
  parted();
}

static void refused(void) {
  int pair[2], one = socket(AF_INET, SOCK_STREAM, 0), mark;
  SAY(send(one, "a", 1, MSG_OOB | MSG_NOSIGNAL));
  SAY(recv(one, bytes, 1, MSG_OOB));
  SAY(sockatmark(one));
  SAY(listen(one, 1));
  SAY(recv(one, bytes, 1, MSG_OOB));
  SAY(sockatmark(one));
  SAY(ioctl(one, FIONREAD, &mark));
  one = socket(AF_INET, SOCK_DGRAM, 0);
  struct sockaddr_in name = {AF_INET, 0, {htonl(INADDR_LOOPBACK)}};
  socklen_t size = sizeof name;
  bind(one, (void *)&name, size);
  getsockname(one, (void *)&name, &size);
  SAY(sendto(one, "a", 1, MSG_OOB, (void *)&name, size));
  SAY(sendto(one, "a", 1, 0, (void *)&name, size));
  SAY(recv(one, bytes, 1, MSG_OOB));
  SAY(recv(one, bytes, 1, MSG_ERRQUEUE));
  SAY(sockatmark(one));
  one = socket(AF_INET6, SOCK_DGRAM, 0);
  struct sockaddr_in6 newer = {AF_INET6, 0, 0, IN6ADDR_LOOPBACK_INIT};
  size = sizeof newer;
  bind(one, (void *)&newer, size);
  getsockname(one, (void *)&newer, &size);
  SAY(sendto(one, "a", 1, MSG_OOB, (void *)&newer, size));
  SAY(recv(one, bytes, 1, MSG_OOB));
  socketpair(AF_UNIX, SOCK_DGRAM, 0, pair);
  SAY(send(pair[0], "a", 1, MSG_OOB));
  SAY(recv(pair[1], bytes, 1, MSG_OOB));
  socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair);
  SAY(send(pair[0], "a", 1, MSG_OOB));
  SAY(recv(pair[1], bytes, 1, MSG_OOB));
  SAY(send(socket(AF_UNIX, SOCK_SEQPACKET, 0), "a", 1, MSG_OOB));
  SAY(recv(socket(AF_UNIX, SOCK_SEQPACKET, 0), bytes, 1, MSG_OOB));
  one = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
  SAY(send(one, "a", 1, MSG_OOB));
  SAY(recv(one, bytes, 1, MSG_OOB));
  SAY(sockatmark(one));
  pipe(pair);
  SAY(sockatmark(pair[0]));
}

static volatile int urgent, code, band, number;

static void take(int signal) {
  char byte = '-';
  int answer = recv(to, &byte, 1, MSG_OOB);
  urgent += answer == 1 ? byte : 1000;
}

static void note(int signal, siginfo_t *info, void *context) {
  number = signal, code = info->si_code;
  if (info->si_code == POLL_PRI) band = info->si_band;
}

// Sends from another process, when this one waits or soon will.
static void later(const char *text) {
  if (fork() > 0) return;
  signal(SIGURG, SIG_IGN);
  usleep(100000);
  for (; *text; text++) usleep(1000), send(from, text, 1, *text == '!' ? MSG_OOB : 0);
  _exit(0);
}

static void signalled(void) {
  joined(0);
  setpgid(0, 0);
  for (int which = 0; which < 2; which++) {
    struct sigaction action = {.sa_handler = take, .sa_flags = which ? SA_RESTART : 0};
    sigaction(SIGURG, &action, NULL);
    SAY(fcntl(to, F_SETOWN, which ? -getpgrp() : getpid()));
    later("!yes");
    setting(to, SO_RCVLOWAT, 3);
    ssize_t answer = recv(to, bytes, 3, 0);
    printf("waits: %zd %s", answer, answer < 0 ? strerrorname_np(errno) : "");
    wait(NULL);
    if (answer < 0) answer = recv(to, bytes, 3, 0);
    printf(" %zd %.3s, urgent '%c'\n", answer, bytes, urgent);
    urgent = 0;
  }
  struct sigaction action = {.sa_sigaction = note, .sa_flags = SA_SIGINFO};
  sigaction(SIGURG, &action, NULL);
  send(from, "x", 1, MSG_OOB);
  while (number == 0) usleep(100);
  printf("signal %d from the kernel %d\n", number == SIGURG, code == SI_KERNEL);
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, NULL);
  sigaction(SIGRTMIN, &action, NULL);
  SAY(fcntl(to, F_SETOWN, getpid()));
  SAY(fcntl(to, F_SETSIG, SIGRTMIN));
  SAY(fcntl(to, F_SETFL, O_ASYNC));
  send(from, "y", 1, MSG_OOB);
  sigdelset(&all, SIGRTMIN);
  while (band == 0) sigsuspend(&all);
  printf("told of it as asked for %x\n", band);
  sigprocmask(SIG_UNBLOCK, &all, NULL);
  signal(SIGRTMIN, SIG_IGN), signal(SIGURG, SIG_DFL);
  parted();
}

static void awaited(void) {
  joined(0);
  struct pollfd one = {to, POLLPRI};
  later("!");
  printf("poll %d", poll(&one, 1, -1));
  printf(" %x\n", one.revents);
  wait(NULL);
  get(1, MSG_OOB);
  fd_set except;
  FD_ZERO(&except);
  FD_SET(to, &except);
  later("!");
  printf("select %d", select(to + 1, NULL, NULL, &except, NULL));
  printf(" %d\n", FD_ISSET(to, &except) != 0);
  wait(NULL);
  get(1, MSG_OOB);
  struct epoll_event wanted = {EPOLLPRI}, changed = {EPOLLPRI | EPOLLET}, event = {0};
  int level = epoll_create1(0), edge = epoll_create1(0);
  epoll_ctl(level, EPOLL_CTL_ADD, to, &wanted), epoll_ctl(edge, EPOLL_CTL_ADD, to, &changed);
  later("!");
  printf("epoll %d", epoll_wait(level, &event, 1, -1));
  printf(" %x, again %d", event.events, epoll_wait(level, &event, 1, 0));
  wait(NULL);
  printf(", a change %d", epoll_wait(edge, &event, 1, -1));
  printf(", no other %d\n", epoll_wait(edge, &event, 1, 0));
  put("more", 0);
  printf("a change %d\n", epoll_wait(edge, &event, 1, 0));
  get(1, MSG_OOB);
  printf("and it is over: %d %d\n", epoll_wait(level, &event, 1, 0), epoll_wait(edge, &event, 1, 0));
  get(9, 0);
  setting(to, SO_RCVLOWAT, 3);
  put("x", MSG_OOB), put("ab", 0), put("c", 0), get(9, 0);
  put("ax", MSG_OOB), put("b", 0), get(1, 0);
  parted();
}

static void told(void) {
  joined(0);
  struct sockaddr_in name;
  char control[64];
  struct iovec vector = {"abx", 3}, place = {bytes, 9};
  struct msghdr out = {.msg_iov = &vector, .msg_iovlen = 1};
  struct msghdr in = {&name, sizeof name, &place, 1, control, sizeof control};
  SAY(sendmsg(from, &out, MSG_OOB));
  SAY(recvmsg(to, &in, MSG_OOB));
  printf("name %d, control %zu, flags %x\n", in.msg_namelen, in.msg_controllen, in.msg_flags);
  get(9, 0);
  socklen_t size = sizeof name;
  send(from, "x", 1, MSG_OOB);
  SAY(recvfrom(to, bytes, 1, MSG_OOB, (void *)&name, &size));
  printf("name %d\n", size);
  get(9, 0);
  int ends[2];
  pipe(ends);
  put("abx", MSG_OOB), put("cd", 0);
  SAY(splice(to, NULL, ends[1], NULL, 9, 0));
  SAY(splice(to, NULL, ends[1], NULL, 9, 0));
  get(9, 0);
  put("abx", MSG_OOB);
  printf("read %zd", read(to, bytes, 9));
  printf(" at the mark %d\n", sockatmark(to));
  put("cd", 0);
  printf("read %zd\n", read(to, bytes, 9));
  put("x", MSG_OOB);
  shutdown(from, SHUT_WR);
  state();
  get(9, MSG_OOB), get(9, 0), get(9, MSG_OOB);
  parted();
  joined(0);
  put("yx", MSG_OOB);
  close(from);
  state();
  get(9, MSG_OOB), get(9, 0), get(9, 0);
  close(to);
}

int main(void) {
  setvbuf(stdout, NULL, _IONBF, 0);
  taken(), replaced(), in_line(), refused(), signalled(), awaited(), told();
  return 0;
}
