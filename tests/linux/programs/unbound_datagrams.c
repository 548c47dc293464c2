// What is left of the name of a socket for datagrams that is connected to nobody any more: the address
// and the port that somebody gave it, and none that the kernel chose.
// Recorded from Linux: the emulator's sockets are those of the machine that it runs on.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define SAY(what) say(#what, (long)(what))
static void say(const char *what, long answer) {
  printf("%s: %ld%s%s\n", what, answer, answer < 0 ? " " : "", answer < 0 ? strerrorname_np(errno) : "");
  fflush(stdout);
}

static const struct sockaddr nothing = {AF_UNSPEC};
static struct sockaddr_in to = {AF_INET};

static struct sockaddr_in name_of(int fd) {
  struct sockaddr_in name = {0};
  socklen_t length = sizeof name;
  getsockname(fd, (void *)&name, &length);
  return name;
}

static void where(int fd) {
  struct sockaddr_in name = name_of(fd);
  printf("  is at %s%s\n", inet_ntoa(name.sin_addr), name.sin_port == 0 ? "" : " with a port");
}

/** A port that nobody has. */
static int unused(void) {
  struct sockaddr_in name = {AF_INET};
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  bind(fd, (void *)&name, sizeof name);
  name = name_of(fd);
  close(fd);
  return name.sin_port;
}

/** Connect, and be connected no more. */
static void there_and_back(int fd) {
  where(fd);
  SAY(connect(fd, (void *)&to, sizeof to));
  where(fd);
  SAY(connect(fd, &nothing, sizeof nothing));
  where(fd);
}

static void named(unsigned address, int port) {
  struct sockaddr_in name = {AF_INET, port, {htonl(address)}};
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  SAY(bind(fd, (void *)&name, sizeof name));
  there_and_back(fd);
  SAY(port == 0 || name_of(fd).sin_port == port);
  SAY(bind(fd, (void *)&name, sizeof name));
  where(fd);
  close(fd);
}

static void unnamed(void) {
  int fd = socket(AF_INET, SOCK_DGRAM, 0), other = socket(AF_INET, SOCK_DGRAM, 0);
  char bytes[16];
  there_and_back(fd);
  there_and_back(fd);
  SAY(sendto(fd, "", 0, 0, (void *)&to, sizeof to));
  where(fd);
  SAY(connect(fd, &nothing, sizeof nothing));
  where(fd);
  SAY(connect(fd, (void *)&to, sizeof to));
  struct sockaddr_in had = name_of(fd);
  SAY(bind(other, (void *)&had, sizeof had));
  SAY(connect(fd, &nothing, sizeof nothing));
  SAY(bind(other, (void *)&had, sizeof had));
  SAY(sendto(fd, "mine", 4, 0, (void *)&had, sizeof had));
  SAY(recv(fd, bytes, 16, MSG_DONTWAIT));
  SAY(recv(other, bytes, 16, MSG_DONTWAIT));
  SAY(name_of(fd).sin_port != had.sin_port);
}

static void newer(void) {
  struct sockaddr_in6 peer = {AF_INET6, to.sin_port, 0, IN6ADDR_LOOPBACK_INIT}, name;
  int fd = socket(AF_INET6, SOCK_DGRAM, 0);
  char text[64];
  for (int i = 0; i < 2; i++) {
    socklen_t length = sizeof name;
    SAY(i == 0 ? connect(fd, (void *)&peer, sizeof peer) : connect(fd, &nothing, sizeof nothing));
    getsockname(fd, (void *)&name, &length);
    printf("  is at %s, %d\n", inet_ntop(AF_INET6, &name.sin6_addr, text, sizeof text), name.sin6_port != 0);
  }
}

int main(void) {
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int listener = socket(AF_INET, SOCK_DGRAM, 0);
  bind(listener, (void *)&to, sizeof to);
  to = name_of(listener);
  unnamed();
  named(INADDR_ANY, 0);
  named(INADDR_LOOPBACK, 0);
  named(INADDR_ANY, unused());
  named(INADDR_LOOPBACK, unused());
  newer();
  return 0;
}
