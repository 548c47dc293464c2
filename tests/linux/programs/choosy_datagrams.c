// Who is connected hears from nobody else, by datagrams over the network and between processes.
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
#include <sys/uio.h>
#include <sys/un.h>
#include <unistd.h>

#define SAY(what) say(#what, (long)(what))
static void say(const char *what, long answer) {
  printf("%s: %ld%s%s\n", what, answer, answer < 0 ? " " : "", answer < 0 ? strerrorname_np(errno) : "");
  fflush(stdout);
}

static int bound(struct sockaddr_in *name) {
  int fd = socket(AF_INET, SOCK_DGRAM, 0);
  socklen_t length = sizeof *name;
  *name = (struct sockaddr_in){AF_INET, 0, {htonl(INADDR_LOOPBACK)}};
  bind(fd, (void *)name, sizeof *name);
  getsockname(fd, (void *)name, &length);
  return fd;
}

static void network(void) {
  struct sockaddr_in choosy_name, friend_name, stranger_name;
  int choosy = bound(&choosy_name), friend = bound(&friend_name), stranger = bound(&stranger_name);
  char bytes[16];
  SAY(sendto(stranger, "early", 5, 0, (void *)&choosy_name, sizeof choosy_name));
  SAY(connect(choosy, (void *)&friend_name, sizeof friend_name));
  SAY(recv(choosy, bytes, 16, MSG_DONTWAIT));
  SAY(sendto(stranger, "strange", 7, 0, (void *)&choosy_name, sizeof choosy_name));
  SAY(recv(choosy, bytes, 16, MSG_DONTWAIT));
  SAY(connect(stranger, (void *)&choosy_name, sizeof choosy_name));
  SAY(send(stranger, "unheard", 7, 0));
  SAY(send(stranger, "refused", 7, 0));
  SAY(sendto(friend, "friendly", 8, 0, (void *)&choosy_name, sizeof choosy_name));
  SAY(recv(choosy, bytes, 16, MSG_DONTWAIT));
  SAY(sendto(choosy, "to a stranger", 13, 0, (void *)&stranger_name, sizeof stranger_name));
  SAY(recv(stranger, bytes, 16, MSG_DONTWAIT));
}

/** Every way to send that does not say to whom. */
static void written(int fd) {
  struct iovec pieces[] = {{"two ", 4}, {"pieces", 6}};
  struct pollfd one = {fd, POLLOUT, 0};
  int ends[2];
  pipe(ends);
  write(ends[1], "moved", 5);
  SAY(write(fd, "written", 7));
  SAY(write(fd, "", 0));
  SAY(writev(fd, pieces, 2));
  SAY(splice(ends[0], NULL, fd, NULL, 5, 0));
  SAY(poll(&one, 1, 0));
}

static void local(void) {
  struct sockaddr_un one = {AF_UNIX, "\0choosy one"}, two = {AF_UNIX, "\0choosy two"}, nothing = {AF_UNSPEC};
  int choosy = socket(AF_UNIX, SOCK_DGRAM, 0), friend = socket(AF_UNIX, SOCK_DGRAM, 0), stranger = socket(AF_UNIX, SOCK_DGRAM, 0);
  char bytes[16];
  SAY(bind(choosy, (void *)&one, sizeof one));
  SAY(bind(friend, (void *)&two, sizeof two));
  SAY(sendto(stranger, "early", 5, 0, (void *)&one, sizeof one));
  SAY(connect(choosy, (void *)&two, sizeof two));
  SAY(sendto(stranger, "strange", 7, 0, (void *)&one, sizeof one));
  SAY(connect(stranger, (void *)&one, sizeof one));
  SAY(send(stranger, "strange", 7, 0));
  written(stranger);
  SAY(sendto(friend, "friendly", 8, 0, (void *)&one, sizeof one));
  SAY(connect(friend, (void *)&one, sizeof one));
  SAY(send(friend, "friendly", 8, 0));
  SAY(recv(choosy, bytes, 16, MSG_DONTWAIT));
  SAY(recv(choosy, bytes, 16, MSG_DONTWAIT));
  SAY(recv(choosy, bytes, 16, MSG_DONTWAIT));
  SAY(connect(choosy, (void *)&nothing, sizeof nothing));
  SAY(connect(stranger, (void *)&one, sizeof one));
  SAY(send(stranger, "heard", 5, 0));
  SAY(recv(choosy, bytes, 16, MSG_DONTWAIT));
  written(stranger);
  for (int i = 0; i < 5; i++) SAY(recv(choosy, bytes, 16, MSG_DONTWAIT));
  SAY(connect(choosy, (void *)&two, sizeof two));
  written(stranger);
  SAY(recv(choosy, bytes, 16, MSG_DONTWAIT));
}

/** Packets can be empty, and who sends where nobody is any more is told so and not killed. */
static void packets(void) {
  char bytes[16];
  int ends[2];
  socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends);
  SAY(write(ends[0], "", 0));
  SAY(write(ends[0], "one", 3));
  SAY(recv(ends[1], bytes, 16, MSG_DONTWAIT));
  SAY(recv(ends[1], bytes, 16, MSG_DONTWAIT));
  SAY(recv(ends[1], bytes, 16, MSG_DONTWAIT));
  close(ends[1]);
  SAY(write(ends[0], "two", 3));
  SAY(write(ends[0], "", 0));
}

int main(void) {
  network();
  local();
  packets();
  return 0;
}
