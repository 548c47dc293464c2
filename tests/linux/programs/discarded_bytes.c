// MSG_TRUNC where a stream is received: over a network its bytes are discarded, not copied; a stream of
// the machine knows nothing of it.
// Recorded from Linux: the emulator answers with the host's network, which may be none.
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static char bytes[8];

static void say(const char *what, long answer) {
  printf("%s: %ld %s, \"%.8s\"\n", what, answer, answer < 0 ? strerror(errno) : "", bytes);
  memcpy(bytes, "--------", 8);
}

static long receive(int fd, size_t count, int flags) {
  struct iovec pieces[2] = {{bytes, 1}, {bytes + 1, count - 1}};
  struct msghdr header = {.msg_iov = pieces, .msg_iovlen = 2};
  long answer = recvmsg(fd, &header, flags);
  printf("flags %x, ", header.msg_flags);
  return answer;
}

static void stream(const char *name, int from, int to) {
  printf("%s:\n", name);
  write(to, "abcdefghijklmno", 15);
  say("peek", recv(from, bytes, 2, MSG_TRUNC | MSG_PEEK));
  say("recv", recv(from, bytes, 2, MSG_TRUNC));
  say("what follows", recv(from, bytes, 2, 0));
  say("recvmsg", receive(from, 3, MSG_TRUNC));
  say("what follows", receive(from, 3, 0));
  say("nothing", recv(from, bytes, 0, MSG_TRUNC));
  say("all", recv(from, bytes, 5, MSG_TRUNC | MSG_WAITALL));
  say("none", recv(from, bytes, 8, MSG_TRUNC | MSG_DONTWAIT));
}

static void urgent(int from, int to) {
  char byte = 0;
  printf("urgent:\n");
  send(to, "pq!", 3, MSG_OOB);
  while (!sockatmark(from)) recv(from, &byte, 1, 0);
  say("peek", recv(from, bytes, 8, MSG_OOB | MSG_PEEK | MSG_TRUNC));
  say("nothing", recv(from, bytes, 0, MSG_OOB | MSG_PEEK | MSG_TRUNC));
  say("recvmsg", receive(from, 8, MSG_OOB | MSG_TRUNC));
  say("again", recv(from, bytes, 8, MSG_OOB | MSG_TRUNC));
}

int main(void) {
  struct sockaddr_in address = {AF_INET, 0, {htonl(INADDR_LOOPBACK)}};
  socklen_t size = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM, 0), to = socket(AF_INET, SOCK_STREAM, 0), both[2];
  bind(listener, (struct sockaddr *)&address, size);
  getsockname(listener, (struct sockaddr *)&address, &size);
  listen(listener, 1);
  connect(to, (struct sockaddr *)&address, size);
  int from = accept(listener, NULL, NULL);
  memcpy(bytes, "--------", 8);
  stream("network", from, to);
  urgent(from, to);
  write(to, "rs", 2);
  say("no buffer", recv(from, NULL, 2, MSG_TRUNC));
  close(to);
  say("the end", recv(from, bytes, 8, MSG_TRUNC));
  socketpair(AF_UNIX, SOCK_STREAM, 0, both);
  stream("machine", both[0], both[1]);
  return 0;
}
