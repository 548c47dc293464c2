// The network that has one machine in it: datagrams, streams, ports, options, errors.
// Recorded from Linux: the emulator answers with the host's network, which may be none or have other programs on it.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAY(what) say(#what, (long)(what))
static void say(const char *what, long answer) {
  printf("%s: %ld %s\n", what, answer, answer < 0 ? strerror(errno) : "");
  fflush(stdout);
}
static struct sockaddr_in at(int port) {
  struct sockaddr_in address = {AF_INET, htons(port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}
static int port_of(int fd) {
  struct sockaddr_in name;
  socklen_t length = sizeof name;
  getsockname(fd, (void *)&name, &length);
  printf("family %d, host %s, length %u\n", name.sin_family, inet_ntoa(name.sin_addr), length);
  return ntohs(name.sin_port);
}

static void datagrams(void) {
  int a = socket(AF_INET, SOCK_DGRAM, 0), b = socket(AF_INET, SOCK_DGRAM, IPPROTO_UDP);
  struct sockaddr_in any = at(0), from;
  SAY(bind(a, (void *)&any, sizeof any));
  struct sockaddr_in there = at(port_of(a));
  SAY(bind(b, (void *)&there, sizeof there));
  SAY(sendto(b, "hello", 5, 0, (void *)&there, sizeof there));
  char bytes[64] = {0};
  socklen_t length = sizeof from;
  SAY(recvfrom(a, bytes, 64, 0, (void *)&from, &length));
  int is_there = ntohs(from.sin_port) == port_of(b);
  printf("%s from %s, %d\n", bytes, inet_ntoa(from.sin_addr), is_there);
  SAY(connect(a, (void *)&from, sizeof from));
  SAY(send(a, "back", 4, 0));
  SAY(recv(b, bytes, 64, MSG_PEEK));
  SAY(recv(b, bytes, 2, 0));
  SAY(recv(b, bytes, 64, MSG_DONTWAIT));
  struct timeval soon = {0, 20000};
  SAY(setsockopt(b, SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof soon));
  SAY(recv(b, bytes, 64, 0));
  SAY(send(b, "to nobody", 9, 0));
  struct mmsghdr many[3] = {0};
  struct iovec pieces[3] = {{"one", 3}, {"second", 6}, {"3", 1}};
  for (int one = 0; one < 3; one++) many[one].msg_hdr.msg_iov = &pieces[one], many[one].msg_hdr.msg_iovlen = 1;
  SAY(sendmmsg(a, many, 3, 0));
  char in[3][8] = {0};
  for (int one = 0; one < 3; one++) pieces[one] = (struct iovec){in[one], 8};
  SAY(recvmmsg(b, many, 3, 0, NULL));
  for (int one = 0; one < 3; one++) printf("%s %u\n", in[one], many[one].msg_len);
  close(a);
  close(b);
}

static void streams(void) {
  int server = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  struct sockaddr_in any = at(0), peer;
  socklen_t length = sizeof peer;
  SAY(setsockopt(server, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one));
  SAY(bind(server, (void *)&any, sizeof any));
  SAY(listen(server, 4));
  struct sockaddr_in there = at(port_of(server));
  if (fork() == 0) {
    int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    char bytes[64] = {0};
    if (connect(client, (void *)&there, sizeof there)) _exit(9);
    write(client, "request", 7);
    int got = recv(client, bytes, 6, MSG_WAITALL);
    _exit(got == 6 && !strcmp(bytes, "answer") ? 3 : 4);
  }
  int client = accept4(server, (void *)&peer, &length, SOCK_CLOEXEC);
  char bytes[64] = {0};
  SAY(read(client, bytes, 64));
  printf("%s from %s\n", bytes, inet_ntoa(peer.sin_addr));
  SAY(setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one));
  SAY(write(client, "answer", 6));
  int status;
  wait(&status);
  printf("status %d\n", WEXITSTATUS(status));
  SAY(read(client, bytes, 64));
  close(client);
  client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  SAY(connect(client, (void *)&there, sizeof there));
  struct pollfd wait_for = {client, POLLOUT};
  SAY(poll(&wait_for, 1, 1000));
  int error = 5;
  length = sizeof error;
  SAY(getsockopt(client, SOL_SOCKET, SO_ERROR, &error, &length));
  printf("error %d\n", error);
  SAY(getpeername(client, (void *)&peer, &length));
  SAY(connect(client, (void *)&there, sizeof there));
  close(client);
  close(server);
  client = socket(AF_INET, SOCK_STREAM, 0);
  SAY(connect(client, (void *)&there, sizeof there));
  SAY(getpeername(client, (void *)&peer, &length));
  SAY(recv(client, bytes, 1, 0));
}

int main(void) {
  datagrams();
  streams();
  SAY(socket(AF_INET, SOCK_SEQPACKET, 0));
  SAY(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP));
  SAY(socket(99, SOCK_STREAM, 0));
  int fd = socket(AF_INET6, SOCK_DGRAM, 0);
  struct sockaddr_in far = at(80);
  far.sin_addr.s_addr = htonl(0x08080808);
  SAY(bind(socket(AF_INET, SOCK_DGRAM, 0), (void *)&far, sizeof far));
  struct sockaddr_in6 six = {AF_INET6, 0, 0, IN6ADDR_LOOPBACK_INIT};
  SAY(bind(fd, (void *)&six, sizeof six));
  int type = 0;
  socklen_t length = sizeof type;
  SAY(getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &length));
  printf("type %d\n", type);
  SAY(getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &type, &length));
  printf("domain %d\n", type);
  SAY(getsockopt(fd, SOL_SOCKET, 9999, &type, &length));
  return 0;
}
