// Sockets of one machine: how many packets fit, what who is left hears, which kinds there are, and what
// becomes of ends that are on their way to nobody.
// Recorded from Linux: the emulator runs on whatever the host has.
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define SAY(call) say(#call, (long)(call))

static char bytes[300000];

static void say(const char *call, long answer) {
  printf("%s: %ld%s%s\n", call, answer, answer < 0 ? " " : "", answer < 0 ? strerrorname_np(errno) : "");
}

static void fit(int type, int length) {
  int ends[2], sent = 0, read = 0;
  socketpair(AF_UNIX, type, 0, ends);
  while (send(ends[0], bytes, length, MSG_DONTWAIT) >= 0) sent++;
  const char *why = strerrorname_np(errno);
  struct pollfd room = {ends[0], POLLOUT};
  while (sent > 0 && poll(&room, 1, 0) == 0 && recv(ends[1], bytes, sizeof bytes, 0) >= 0) read++;
  printf("of %d bytes %d fit, %s, and room for more is told of after %d\n", length, sent, why, read);
  close(ends[0]);
  close(ends[1]);
}

static void sizes(void) {
  static const int all[] = {0,    1,     192,   193,   704,    705,    1000,
                            8000, 16064, 16065, 60000, 212960, 212961};
  for (unsigned i = 0; i < sizeof all / sizeof *all; i++) fit(SOCK_DGRAM, all[i]);
  fit(SOCK_SEQPACKET, 1);
  fit(SOCK_SEQPACKET, 212961);
  int ends[2], size = 20000, sent = 0;
  socketpair(AF_UNIX, SOCK_DGRAM, 0, ends);
  setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
  while (send(ends[0], bytes, 100, MSG_DONTWAIT) >= 0) sent++;
  printf("with less room, %d\n", sent);
  SAY(send(ends[0], bytes, 39969, MSG_DONTWAIT));
  SAY(send(ends[1], bytes, 39969, MSG_DONTWAIT));
}

static void left(int type) {
  int ends[2], error;
  socklen_t length = sizeof error;
  socketpair(AF_UNIX, type, 0, ends);
  struct pollfd end = {ends[0], POLLIN | POLLOUT};
  send(ends[0], "a", 1, 0);
  send(ends[1], "bc", 2, 0);
  close(ends[1]);
  poll(&end, 1, 0);
  printf("who is left while something is unread: %x\n", end.revents);
  SAY(recv(ends[0], bytes, 1, 0));
  SAY(recv(ends[0], bytes, 1, 0));
  SAY(recv(ends[0], bytes, 1, 0));
  SAY(recv(ends[0], bytes, 1, 0));
  socketpair(AF_UNIX, type, 0, ends);
  send(ends[0], "a", 1, 0);
  close(ends[1]);
  SAY(send(ends[0], "a", 1, MSG_NOSIGNAL));
  getsockopt(ends[0], SOL_SOCKET, SO_ERROR, &error, &length);
  printf("%s\n", strerrorname_np(error));
  SAY(recv(ends[0], bytes, 1, 0));
}

static void kinds(void) {
  static const int types[] = {0, 4, 6, 9, 11, 15}, families[] = {AF_UNIX, AF_INET, AF_NETLINK, -1, 45, 46};
  for (unsigned f = 0; f < sizeof families / sizeof *families; f++) {
    for (unsigned t = 0; t < sizeof types / sizeof *types; t++) {
      if (families[f] == 45 && types[t] < 11) continue;
      int made = socket(families[f], types[t], 0);
      printf("%d %d: %s\n", families[f], types[t], made < 0 ? strerrorname_np(errno) : "made");
    }
  }
  SAY(socket(AF_UNIX, 9, 2));
  SAY(socket(AF_UNIX, SOCK_STREAM, -1));
  int raw = socket(AF_UNIX, SOCK_RAW, 0), type;
  socklen_t length = sizeof type;
  getsockopt(raw, SOL_SOCKET, SO_TYPE, &type, &length);
  printf("a raw one is of the kind %d\n", type);
}

static void others(void) {
  struct sockaddr_un path = {AF_UNIX, "heard"}, word = {AF_UNIX, "\0heard"};
  int datagrams = socket(AF_UNIX, SOCK_DGRAM, 0), packets = socket(AF_UNIX, SOCK_SEQPACKET, 0);
  int heard = socket(AF_UNIX, SOCK_STREAM, 0), also = socket(AF_UNIX, SOCK_STREAM, 0), ends[2];
  bind(heard, (void *)&path, sizeof path);
  bind(also, (void *)&word, 8);
  listen(heard, 1);
  listen(also, 1);
  SAY(sendto(datagrams, "a", 1, 0, (void *)&path, sizeof path));
  SAY(sendto(datagrams, "a", 1, 0, (void *)&word, 8));
  SAY(connect(packets, (void *)&path, sizeof path));
  SAY(connect(packets, (void *)&word, 8));
  SAY(sendto(packets, "a", 1, 0, (void *)&word, 8));
  socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends);
  SAY(sendto(ends[0], "a", 1, 0, (void *)&word, 8));
  int waits = socket(AF_UNIX, SOCK_STREAM, 0);
  connect(waits, (void *)&word, 8);
  close(also);
  SAY(read(waits, bytes, 1));
  SAY(read(waits, bytes, 1));
  unlink("heard");
}

static void send_end(int to, int end) {
  char control[CMSG_SPACE(sizeof end)];
  struct iovec part = {"x", 1};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control,
                           .msg_controllen = sizeof control};
  struct cmsghdr *head = CMSG_FIRSTHDR(&message);
  head->cmsg_level = SOL_SOCKET;
  head->cmsg_type = SCM_RIGHTS;
  head->cmsg_len = CMSG_LEN(sizeof end);
  memcpy(CMSG_DATA(head), &end, sizeof end);
  if (sendmsg(to, &message, 0) != 1) perror("sendmsg");
}

/** Whether a pipe ends whose writing end is in a circle; one of them may still be held by who listens. */
static int ends_in_circle(int is_held) {
  int pipes[2], one[2], other[2];
  pipe(pipes);
  socketpair(AF_UNIX, SOCK_STREAM, 0, one);
  send_end(one[0], pipes[1]);
  send_end(one[0], one[1]);
  send_end(one[1], one[0]);
  int kept = is_held ? dup(one[1]) : -1;
  close(one[0]);
  close(one[1]);
  close(pipes[1]);
  struct pollfd end = {pipes[0], POLLIN};
  // Whoever closes a socket has those looked for that nobody will receive.
  for (int i = 0; i < 50 && poll(&end, 1, is_held ? 1 : 20) == 0; i++) {
    socketpair(AF_UNIX, SOCK_STREAM, 0, other);
    close(other[0]);
    close(other[1]);
  }
  int answer = poll(&end, 1, 0);
  if (is_held) close(kept);
  close(pipes[0]);
  return answer;
}

int main(void) {
  sizes();
  left(SOCK_STREAM);
  left(SOCK_SEQPACKET);
  kinds();
  others();
  printf("a circle that nobody holds is let go: %d\n", ends_in_circle(0));
  printf("one that somebody holds is not: %d\n", ends_in_circle(1));
  return 0;
}
