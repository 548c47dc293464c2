// Datagrams that nobody takes: what their sender is told, and what its socket is ready for.
// Recorded from Linux: the emulator's sockets are those of the machine that it runs on.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAY(what) say(#what, (long)(what))
static void say(const char *what, long answer) {
  printf("%s: %ld%s%s\n", what, answer, answer < 0 ? " " : "", answer < 0 ? strerrorname_np(errno) : "");
  fflush(stdout);
}

static void ready(const char *what, int fd) {
  struct pollfd one = {fd, 0xffff & ~POLLNVAL};
  poll(&one, 1, 20);
  printf("%s: ready for %x\n", what, one.revents);
}

static int error_of(int fd) {
  int error = -1;
  socklen_t length = sizeof error;
  getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length);
  return error;
}

static struct sockaddr_in here;

static int bound(void) {
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  socklen_t length = sizeof here;
  here.sin_family = AF_INET, here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (bind(fd, (void *)&here, sizeof here)) perror("bind");
  getsockname(fd, (void *)&here, &length);
  return fd;
}

static void refused(void) {
  char bytes[8];
  int server = bound(), client = socket(AF_INET, SOCK_DGRAM, 0);
  close(server);
  SAY(connect(client, (void *)&here, sizeof here));
  ready("connected to nobody", client);
  SAY(send(client, "one", 3, 0));
  ready("refused", client);
  SAY(send(client, "two", 3, 0));
  ready("told", client);
  SAY(send(client, "three", 5, 0));
  SAY(recv(client, bytes, 8, 0));
  SAY(recv(client, bytes, 8, MSG_DONTWAIT));
  SAY(write(client, "four", 4));
  SAY(error_of(client));
  SAY(error_of(client));
  server = bound();
  SAY(send(client, "five", 4, 0));
  SAY(recv(server, bytes, 8, MSG_DONTWAIT));
  close(server);
  ready("the other end is gone", client);
  SAY(send(client, "six", 3, 0));
  SAY(sendto(client, "seven", 5, 0, (void *)&here, sizeof here));
  SAY(sendto(client, "eight", 5, 0, (void *)&here, sizeof here));
  ready("refused elsewhere", client);
  close(client);
  client = socket(AF_INET, SOCK_DGRAM, 0);
  SAY(sendto(client, "nine", 4, 0, (void *)&here, sizeof here));
  ready("connected to nothing", client);
  close(client);
}

static void dropped(void) {
  static char bytes[65536];
  int server = bound(), client = socket(AF_INET, SOCK_DGRAM, 0), sent = 0, got = 0;
  connect(client, (void *)&here, sizeof here);
  for (int one = 0; one < 2000; one++) sent += send(client, bytes, 1000, one % 2 ? MSG_DONTWAIT : 0) == 1000;
  printf("sent %d\n", sent);
  ready("a full one's other end", client);
  while (recv(server, bytes, 1000, MSG_DONTWAIT) == 1000) got++;
  printf("got %s\n", got > 0 && got < 2000 ? "some" : "none or all");
  SAY(send(client, bytes, 65507, 0));
  SAY(recv(server, bytes, 65536, MSG_DONTWAIT));
  SAY(send(client, bytes, 65508, 0));
  close(client);
  close(server);
}

/* Who waits for room, in either way, gets it when somebody receives. */
static void awaited(int server, int client) {
  char byte;
  pid_t child = fork();
  if (child == 0) {
    struct pollfd one = {client, POLLOUT};
    int sent = send(client, "b", 1, 0), polled = poll(&one, 1, -1);
    _exit(sent == 1 && polled == 1 && send(client, "c", 1, MSG_DONTWAIT) == 1 ? 0 : 1);
  }
  int status = -1;
  usleep(20000);
  SAY(recv(server, &byte, 1, 0));
  usleep(20000);
  SAY(recv(server, &byte, 1, 0));
  waitpid(child, &status, 0);
  SAY(status);
}

static void local(void) {
  int pair[2], server = socket(AF_UNIX, SOCK_DGRAM, 0), client = socket(AF_UNIX, SOCK_DGRAM, 0);
  struct sockaddr_un name = {AF_UNIX, "\0lost datagrams"};
  socketpair(AF_UNIX, SOCK_DGRAM, 0, pair);
  close(pair[1]);
  ready("half a pair", pair[0]);
  SAY(send(pair[0], "a", 1, MSG_DONTWAIT));
  SAY(send(pair[0], "a", 1, MSG_DONTWAIT));
  ready("no pair", pair[0]);
  SAY(bind(server, (void *)&name, sizeof name));
  SAY(connect(client, (void *)&name, sizeof name));
  int sent = 0;
  while (sent < 100 && send(client, "a", 1, MSG_DONTWAIT) == 1) sent++;
  printf("waiting %d %s\n", sent, strerrorname_np(errno));
  ready("a full one's other end", client);
  awaited(server, client);
  close(server);
  ready("a closed one's other end", client);
  SAY(send(client, "a", 1, 0));
  SAY(send(client, "a", 1, 0));
  ready("nobody's other end", client);
}

int main(void) {
  refused();
  dropped();
  local();
  return 0;
}
