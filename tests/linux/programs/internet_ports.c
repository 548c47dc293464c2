// Whose a port is at which address, who is reached there, and what sockets are ready for that are not joined.
// Recorded from Linux: the emulator's sockets are those of the machine that it runs on.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static void say(const char *what, long answer) {
  printf("%s: %ld%s%s\n", what, answer, answer < 0 ? " " : "", answer < 0 ? strerrorname_np(errno) : "");
}

static void ready(const char *what, int fd) {
  struct pollfd one = {fd, 0xffff & ~POLLNVAL};
  poll(&one, 1, 100);
  printf("%s is ready for %x\n", what, one.revents);
}

static socklen_t name(struct sockaddr_storage *to, const char *host, int port) {
  struct sockaddr_in *old = (void *)to;
  struct sockaddr_in6 *new = (void *)to;
  memset(to, 0, sizeof *to);
  if (strchr(host, ':')) {
    new->sin6_family = AF_INET6, new->sin6_port = htons(port);
    inet_pton(AF_INET6, host, &new->sin6_addr);
    return sizeof *new;
  }
  old->sin_family = AF_INET, old->sin_port = htons(port);
  inet_pton(AF_INET, host, &old->sin_addr);
  return sizeof *old;
}

enum { REUSE = 1, LISTEN = 2, ONLY = 4, DATAGRAMS = 8 };

static int at(const char *host, int port, int how) {
  struct sockaddr_storage where;
  socklen_t length = name(&where, host, port);
  int fd = socket(where.ss_family, how & DATAGRAMS ? SOCK_DGRAM : SOCK_STREAM, 0), on = 1, off = 0;
  if (how & REUSE) setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (where.ss_family == AF_INET6) setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, how & ONLY ? &on : &off, sizeof on);
  int answer = bind(fd, (void *)&where, length);
  printf("%s%s%s%s%s", host, how & REUSE ? " reused" : "", how & ONLY ? " only" : "", how & DATAGRAMS ? " datagrams" : "", how & LISTEN ? " heard" : "");
  if (answer == 0 && how & LISTEN) answer = listen(fd, 5);
  say("", answer);
  if (answer == 0) return fd;
  close(fd);
  return -1;
}

static void reach(const char *host, int port, int listener) {
  struct sockaddr_storage where, here;
  socklen_t length = name(&where, host, port), room = sizeof here;
  int fd = socket(where.ss_family, SOCK_STREAM, 0);
  long answer = connect(fd, (void *)&where, length);
  printf("  to %s", host);
  say("", answer);
  if (answer == 0 && listener >= 0) {
    char text[64];
    int other = accept4(listener, (void *)&here, &room, SOCK_NONBLOCK);
    void *address = here.ss_family == AF_INET ? (void *)&((struct sockaddr_in *)&here)->sin_addr : (void *)&((struct sockaddr_in6 *)&here)->sin6_addr;
    printf("    from %s", inet_ntop(here.ss_family, address, text, sizeof text));
    room = sizeof here;
    getsockname(other, (void *)&here, &room);
    printf(" at %s\n", inet_ntop(here.ss_family, address, text, sizeof text));
    close(other);
  }
  close(fd);
}

static void reaching(const char *host, int port, int how) {
  int fd = at(host, port, how | LISTEN | REUSE);
  reach("127.0.0.1", port, fd);
  reach("127.0.0.2", port, fd);
  reach("::1", port, fd);
  reach("0.0.0.0", port, fd);
  reach("::ffff:127.0.0.1", port, fd);
  close(fd);
}

static void conflicts(void) {
  static const char *hosts[] = {"127.0.0.1", "127.0.0.2", "0.0.0.0", "::1", "::"};
  for (int one = 0; one < 5; one++) {
    printf("beside ");
    int fd = at(hosts[one], 40200 + one, 0);
    for (int other = 0; other < 5; other++) close(at(hosts[other], 40200 + one, 0));
    close(at("::", 40200 + one, ONLY));
    close(at(hosts[one], 40200 + one, REUSE));
    close(at(hosts[one], 40200 + one, DATAGRAMS));
    close(fd);
  }
  int first = at("127.0.0.1", 40210, REUSE), second = at("127.0.0.1", 40210, REUSE);
  say("the first listens", listen(first, 1));
  say("the second listens", listen(second, 1));
  close(at("127.0.0.1", 40210, REUSE));
  say("again", listen(first, 3));
  int one = at("127.0.0.1", 40211, REUSE | DATAGRAMS);
  close(at("127.0.0.1", 40211, REUSE | DATAGRAMS));
  close(one);
  close(at("127.0.0.1", 40211, DATAGRAMS));
}

static void refusals(void) {
  struct sockaddr_storage where;
  int length = name(&where, "127.0.0.1", 40250), error = 0, fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  socklen_t size = sizeof error;
  char byte;
  ready("a new stream", fd);
  ready("a new socket for datagrams", socket(AF_INET, SOCK_DGRAM, 0));
  ready("a stream of this machine", socket(AF_UNIX, SOCK_STREAM, 0));
  ready("packets of this machine", socket(AF_UNIX, SOCK_SEQPACKET, 0));
  ready("datagrams of this machine", socket(AF_UNIX, SOCK_DGRAM, 0));
  say("nobody is there", connect(fd, (void *)&where, length));
  ready("what was refused", fd);
  getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
  printf("because of %d\n", error);
  ready("the same, when that is known", fd);
  say("once more", connect(fd, (void *)&where, length));
  say("and again", connect(fd, (void *)&where, length));
  int waiting = socket(AF_INET, SOCK_STREAM, 0);
  say("nobody is there", connect(waiting, (void *)&where, length));
  ready("what was told so", waiting);
  say("receive", recv(waiting, &byte, 1, 0));
  int listener = at("127.0.0.1", 40250, LISTEN);
  ready("a listener", listener);
  say("now", connect(waiting, (void *)&where, length));
  ready("a listener who is called", listener);
  ready("who called", waiting);
}

int main(void) {
  setvbuf(stdout, NULL, _IONBF, 0);
  reaching("127.0.0.1", 40100, 0);
  reaching("0.0.0.0", 40101, 0);
  reaching("::1", 40102, 0);
  reaching("::", 40103, 0);
  reaching("::", 40104, ONLY);
  conflicts();
  refusals();
  return 0;
}
