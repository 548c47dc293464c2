// Sending more than there is room for, where nobody wants to wait: as much as fits, then nothing.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#define SIZE (1 << 20)
static char bytes[SIZE];

static ssize_t with_send(int fd, int flags) { return send(fd, bytes, SIZE, flags); }
static ssize_t with_sendmsg(int fd, int flags) {
  struct iovec pieces[] = {{bytes, SIZE / 2}, {bytes, SIZE / 2}};
  struct msghdr message = {.msg_iov = pieces, .msg_iovlen = 2};
  return sendmsg(fd, &message, flags);
}
static ssize_t with_write(int fd, int flags) { return write(fd, bytes, SIZE); }

// The other end's network may still make room when the first answers: ask until there is none.
static void fill(const char *what, int ends[2], ssize_t (*sends)(int, int), int flags) {
  size_t sent = 0, got = 0;
  int isSome = 0;
  ssize_t size;
  while ((size = sends(ends[0], flags)) > 0) {
    sent += size;
    isSome |= size < SIZE;
  }
  printf("%s: some %d, then %s\n", what, isSome, strerror(errno));
  close(ends[0]);
  while ((size = read(ends[1], bytes, SIZE)) > 0) got += size;
  printf("all that was sent came: %d\n", sent == got);
  close(ends[1]);
}

static void local(int ends[2]) { socketpair(AF_UNIX, SOCK_STREAM, 0, ends); }

static void network(int ends[2]) {
  struct sockaddr_in name = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof name;
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  bind(listener, (struct sockaddr *)&name, sizeof name);
  listen(listener, 1);
  getsockname(listener, (struct sockaddr *)&name, &size);
  ends[0] = socket(AF_INET, SOCK_STREAM, 0);
  connect(ends[0], (struct sockaddr *)&name, size);
  ends[1] = accept(listener, NULL, NULL);
  close(listener);
}

int main(void) {
  void (*makes[])(int[2]) = {local, network};
  for (int kind = 0; kind < 2; kind++) {
    int ends[2], on = 1;
    makes[kind](ends);
    fill("send, MSG_DONTWAIT", ends, with_send, MSG_DONTWAIT);
    makes[kind](ends);
    fill("sendmsg, MSG_DONTWAIT", ends, with_sendmsg, MSG_DONTWAIT);
    makes[kind](ends);
    ioctl(ends[0], FIONBIO, &on);
    fill("send, FIONBIO", ends, with_send, 0);
    makes[kind](ends);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    fill("sendmsg, O_NONBLOCK", ends, with_sendmsg, 0);
    makes[kind](ends);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    fill("write, O_NONBLOCK", ends, with_write, 0);
  }
  return 0;
}
