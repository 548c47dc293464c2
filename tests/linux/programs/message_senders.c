// Who sent a message: what the receiver asks to be told, what a sender may say of itself, and how much of
// it there is room for; and streams that are read across what was sent.
// Recorded from Linux: the emulator tells the numbers of processes of the machine that it runs on.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SO_PASSPIDFD
#define SO_PASSPIDFD 76
#define SO_PEERPIDFD 77
#endif
#ifndef SO_PEERGROUPS
#define SO_PEERGROUPS 59
#endif

static int first, ends[2];

static void say(const char *what, long answer) {
  printf("%s: %ld%s%s\n", what, answer, answer < 0 ? " " : "", answer < 0 ? strerrorname_np(errno) : "");
}

static const char *whose(int pid) {
  return pid == first ? "the first" : pid == getpid() ? "this one" : pid == getppid() ? "the parent" : pid == 0 ? "nobody" : "another";
}

// Send a word with parts beside it: credentials if `who`, a descriptor if `fd` is one.
static long tell(int to, const char *word, const struct ucred *who, int fd) {
  char room[CMSG_SPACE(sizeof(struct ucred)) + CMSG_SPACE(sizeof(int))] = {0};
  struct iovec part = {(void *)word, strlen(word)};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = room};
  struct cmsghdr *one = (void *)room;
  if (who) {
    one->cmsg_len = CMSG_LEN(sizeof *who);
    one->cmsg_level = SOL_SOCKET;
    one->cmsg_type = SCM_CREDENTIALS;
    memcpy(CMSG_DATA(one), who, sizeof *who);
    message.msg_controllen += CMSG_SPACE(sizeof *who);
    one = (void *)(room + message.msg_controllen);
  }
  if (fd >= 0) {
    one->cmsg_len = CMSG_LEN(sizeof fd);
    one->cmsg_level = SOL_SOCKET;
    one->cmsg_type = SCM_RIGHTS;
    memcpy(CMSG_DATA(one), &fd, sizeof fd);
    message.msg_controllen += CMSG_SPACE(sizeof fd);
  }
  if (message.msg_controllen == 0) message.msg_control = NULL;
  return sendmsg(to, &message, MSG_NOSIGNAL);
}

// Receive at most `most` bytes with room for so many beside them, and print all of it.
static void hear(int from, size_t most, size_t beside, int flags) {
  char bytes[64], room[256] = {0};
  struct iovec part = {bytes, most};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = beside ? room : NULL, .msg_controllen = beside};
  long got = recvmsg(from, &message, flags);
  if (got < 0) return say("recvmsg", got);
  printf("  \"%.*s\" beside %zu%s%s", (int)got, bytes, (size_t)message.msg_controllen,
         message.msg_flags & MSG_CTRUNC ? " cut" : "", message.msg_flags & MSG_TRUNC ? " short" : "");
  for (size_t at = 0; at + sizeof(struct cmsghdr) <= message.msg_controllen;) {
    struct cmsghdr *one = (void *)(room + at);
    printf(" | %d %d length %zu", one->cmsg_level, one->cmsg_type, (size_t)one->cmsg_len);
    if (one->cmsg_type == SCM_CREDENTIALS && one->cmsg_len >= CMSG_LEN(sizeof(struct ucred))) {
      struct ucred *who = (void *)CMSG_DATA(one);
      printf(": %s, %d, %d", whose(who->pid), who->uid, who->gid);
    }
    if (one->cmsg_type == SCM_RIGHTS) {
      int fd;
      memcpy(&fd, CMSG_DATA(one), sizeof fd);
      printf(": %s", fcntl(fd, F_GETFD) >= 0 ? "open" : "closed");
      close(fd);
    }
    at += CMSG_ALIGN(one->cmsg_len);
  }
  printf("\n");
}

static void ask(int fd, int how) { setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &how, sizeof how); }

static void kinds(void) {
  static const int all[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET};
  for (int at = 0; at < 3; at++) {
    printf("kind %d\n", at);
    socketpair(AF_UNIX, all[at], 0, ends);
    tell(ends[0], "plain", NULL, -1);
    hear(ends[1], 64, 256, 0);
    tell(ends[0], "before", NULL, -1);
    ask(ends[1], 1);
    hear(ends[1], 64, 256, 0);
    tell(ends[0], "after", NULL, -1);
    tell(ends[0], "file", NULL, 0);
    hear(ends[1], 64, 256, MSG_PEEK);
    hear(ends[1], 64, 256, 0);
    if (at > 0) hear(ends[1], 64, 256, 0);
    tell(ends[0], "no room", NULL, 0);
    hear(ends[1], 64, 0, 0);
    tell(ends[0], "little room", NULL, 0);
    hear(ends[1], 64, 20, 0);
    tell(ends[0], "room for one", NULL, 0);
    hear(ends[1], 64, CMSG_SPACE(sizeof(struct ucred)), 0);
    tell(ends[0], "odd room", NULL, 0);
    hear(ends[1], 64, CMSG_SPACE(sizeof(struct ucred)) + CMSG_LEN(sizeof(int)), 0);
    ask(ends[1], 0);
    ask(ends[0], 1);
    tell(ends[0], "the sender asks", NULL, -1);
    hear(ends[1], 64, 256, 0);
    tell(ends[0], "a file", NULL, 0);
    hear(ends[1], 64, 18, 0);
    tell(ends[0], "a file", NULL, 0);
    hear(ends[1], 64, CMSG_SPACE(sizeof(int)), 0);
    close(ends[0]);
    ask(ends[1], 1);
    if (at != 1) hear(ends[1], 64, 256, 0);
    close(ends[1]);
  }
}

static void said(void) {
  struct ucred mine = {getpid(), getuid(), getgid()};
  socketpair(AF_UNIX, SOCK_DGRAM, 0, ends);
  ask(ends[1], 1);
  say("what is true", tell(ends[0], "true", &mine, -1));
  hear(ends[1], 64, 256, 0);
  struct ucred other = {getpid(), 1234, 4321};
  say("another user", tell(ends[0], "user", &other, 0));
  hear(ends[1], 64, 256, 0);
  struct ucred parent = {getppid(), 0, 0};
  say("another process", tell(ends[0], "process", &parent, -1));
  hear(ends[1], 64, 256, 0);
  struct ucred gone = {4000000, 0, 0};
  say("a process that is not there", tell(ends[0], "x", &gone, -1));
  struct ucred none = {getpid(), -1, 0};
  say("no user", tell(ends[0], "x", &none, -1));
  hear(ends[1], 64, 256, MSG_DONTWAIT);
}

static void refused(void) {
  setresgid(50, 60, 70);
  setresuid(100, 200, 300);
  say("user", getuid());
  struct ucred who = {getpid(), 100, 50};
  say("the real ones", tell(ends[0], "real", &who, -1));
  hear(ends[1], 64, 256, 0);
  who.uid = 200, who.gid = 70;
  say("effective and saved", tell(ends[0], "saved", &who, -1));
  hear(ends[1], 64, 256, 0);
  say("nothing said", tell(ends[0], "nothing", NULL, -1));
  hear(ends[1], 64, 256, 0);
  who.uid = 0;
  say("another user", tell(ends[0], "x", &who, -1));
  who.uid = 100, who.gid = 0;
  say("another group", tell(ends[0], "x", &who, -1));
  who.gid = 50, who.pid = getppid();
  say("another process", tell(ends[0], "x", &who, -1));
  hear(ends[1], 64, 256, MSG_DONTWAIT);
}

// Parts beside a message that make no sense.
static long odd(int level, int type, size_t length, size_t whole) {
  char room[256] = {0};
  struct iovec part = {"odd", 3};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = room, .msg_controllen = whole};
  struct cmsghdr *one = (void *)room;
  one->cmsg_len = length;
  one->cmsg_level = level;
  one->cmsg_type = type;
  return sendmsg(ends[0], &message, 0);
}

static void odd_parts(void) {
  socketpair(AF_UNIX, SOCK_DGRAM, 0, ends);
  say("credentials too short", odd(SOL_SOCKET, SCM_CREDENTIALS, 20, 24));
  say("credentials too long", odd(SOL_SOCKET, SCM_CREDENTIALS, 32, 32));
  say("an unknown kind", odd(SOL_SOCKET, 99, 20, 24));
  say("another level", odd(41, 99, 20, 24));
  say("a head that is too short", odd(SOL_SOCKET, SCM_RIGHTS, 8, 24));
  say("a part that is too long", odd(SOL_SOCKET, SCM_RIGHTS, 40, 24));
  say("less than a head", odd(SOL_SOCKET, 99, 8, 8));
  say("no descriptors", odd(SOL_SOCKET, SCM_RIGHTS, 16, 16));
  say("a bad descriptor", (odd(SOL_SOCKET, SCM_RIGHTS, 20, 24), close(0), odd(SOL_SOCKET, SCM_RIGHTS, 20, 24)));
}

static void streams(void) {
  char bytes[64];
  socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
  int fd = dup(1);
  tell(ends[0], "one", NULL, -1);
  tell(ends[0], "two", NULL, fd);
  tell(ends[0], "three", NULL, fd);
  tell(ends[0], "four", NULL, -1);
  hear(ends[1], 64, 256, MSG_PEEK);
  hear(ends[1], 4, 256, 0);
  hear(ends[1], 64, 256, 0);
  hear(ends[1], 64, 256, 0);
  hear(ends[1], 64, 256, MSG_DONTWAIT);
  ask(ends[1], 1);
  struct ucred who = {getpid(), 7, 7};
  tell(ends[0], "mine ", NULL, -1);
  tell(ends[0], "still mine ", NULL, -1);
  tell(ends[0], "a lie ", &who, -1);
  tell(ends[0], "mine again", NULL, -1);
  hear(ends[1], 64, 256, 0);
  hear(ends[1], 64, 256, 0);
  hear(ends[1], 64, 256, 0);
  if (fork() == 0) {
    for (int at = 0; at < 4; at++) write(ends[0], "part", 4), usleep(1000);
    _exit(0);
  }
  say("all is waited for", recv(ends[1], bytes, 16, MSG_WAITALL));
  wait(NULL);
  write(ends[0], "rest", 4);
  shutdown(ends[0], SHUT_WR);
  say("but not behind the end", recv(ends[1], bytes, 16, MSG_WAITALL));
  say("or in a hurry", (socketpair(AF_UNIX, SOCK_STREAM, 0, ends), write(ends[0], "x", 1), recv(ends[1], bytes, 16, MSG_WAITALL | MSG_DONTWAIT)));
  struct timeval soon = {0, 20000};
  setsockopt(ends[1], SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof soon);
  write(ends[0], "xyz", 3);
  say("or for long", recv(ends[1], bytes, 16, MSG_WAITALL));
  say("nothing for long", recv(ends[1], bytes, 16, MSG_WAITALL));
}

static void as_processes(void) {
  int on = 1, fd = -1, status;
  socklen_t length = sizeof fd;
  say("nobody's", getsockopt(socket(AF_UNIX, SOCK_STREAM, 0), SOL_SOCKET, SO_PEERPIDFD, &fd, &length));
  socketpair(AF_UNIX, SOCK_DGRAM, 0, ends);
  say("the other end's", getsockopt(ends[0], SOL_SOCKET, SO_PEERPIDFD, &fd, &length));
  struct pollfd one = {fd, POLLIN, 0};
  say("it lives", poll(&one, 1, 0));
  say("asked for", setsockopt(ends[1], SOL_SOCKET, SO_PASSPIDFD, &on, sizeof on));
  pid_t child = fork();
  if (child == 0) {
    write(ends[0], "I", 1);
    _exit(0);
  }
  char bytes[8], room[64] = {0};
  struct iovec part = {bytes, 8};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = room, .msg_controllen = sizeof room};
  say("received", recvmsg(ends[1], &message, 0));
  struct cmsghdr *head = (void *)room;
  printf("%zu: %zu %d %d\n", (size_t)message.msg_controllen, (size_t)head->cmsg_len, head->cmsg_level, head->cmsg_type);
  memcpy(&one.fd, CMSG_DATA(head), sizeof fd);
  say("it ends", poll(&one, 1, -1));
  printf("closed with exec: %d\n", fcntl(one.fd, F_GETFD));
  siginfo_t info = {0};
  say("it can be waited for", waitid(P_PIDFD, one.fd, &info, WEXITED));
  printf("it is the child: %d\n", info.si_pid == child);
}

static void names(void) {
  struct sockaddr_un name = {0};
  socklen_t length = sizeof name;
  int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
  name.sun_family = AF_UNIX;
  say("a name of its own", bind(fd, (void *)&name, sizeof name.sun_family));
  getsockname(fd, (void *)&name, &length);
  printf("it is %u long, with a zero: %d\n", length, name.sun_path[0] == 0);
  for (int at = 3; at < (int)length; at++) {
    if (!strchr("0123456789abcdef", ((char *)&name)[at])) printf("and %d\n", ((char *)&name)[at]);
  }
  say("it keeps it", bind(fd, (void *)&name, sizeof name.sun_family));
  int sender = socket(AF_UNIX, SOCK_DGRAM, 0);
  ask(sender, 1);
  say("who wants to be known", sendto(sender, "x", 1, 0, (void *)&name, length));
  length = sizeof name;
  getsockname(sender, (void *)&name, &length);
  printf("has a name: %u\n", length);
}

static void options(void) {
  struct ucred who;
  int value = -1, network = socket(AF_INET, SOCK_STREAM, 0);
  socklen_t length = 4;
  memset(&who, 0x55, sizeof who);
  socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
  say("a part of who it is", getsockopt(ends[0], SOL_SOCKET, SO_PEERCRED, &who, &length));
  printf("%d: %d %x\n", length, who.pid == getpid(), who.uid);
  length = -1;
  say("a length below zero", getsockopt(ends[0], SOL_SOCKET, SO_TYPE, &value, &length));
  length = 1;
  say("one byte", getsockopt(ends[0], SOL_SOCKET, SO_TYPE, &value, &length));
  printf("%d: %x\n", length, value);
  length = 100;
  say("much room", getsockopt(ends[0], SOL_SOCKET, SO_TYPE, &value, &length));
  printf("%d: %x\n", length, value);
  ask(ends[0], 77);
  length = 4;
  getsockopt(ends[0], SOL_SOCKET, SO_PASSCRED, &value, &length);
  printf("it is on: %d\n", value);
  value = 1;
  say("a little room", setsockopt(network, SOL_SOCKET, SO_SNDBUF, &value, sizeof value));
  getsockopt(network, SOL_SOCKET, SO_SNDBUF, &value, &length);
  printf("%d\n", value);
  setsockopt(network, SOL_SOCKET, SO_RCVBUF, (value = 1, &value), sizeof value);
  getsockopt(network, SOL_SOCKET, SO_RCVBUF, &value, &length);
  printf("%d\n", value);
  setsockopt(network, SOL_SOCKET, SO_SNDBUF, (value = 100000, &value), sizeof value);
  getsockopt(network, SOL_SOCKET, SO_SNDBUF, &value, &length);
  printf("%d\n", value);
  struct linger linger = {7, 8};
  say("half of it", setsockopt(network, SOL_SOCKET, SO_LINGER, &linger, 4));
  say("all of it", setsockopt(network, SOL_SOCKET, SO_LINGER, &linger, sizeof linger));
  length = sizeof linger;
  getsockopt(network, SOL_SOCKET, SO_LINGER, &linger, &length);
  printf("%d %d %d\n", length, linger.l_onoff, linger.l_linger);
  gid_t groups[8] = {9, 9, 9};
  setgroups(2, (gid_t[]){33, 44});
  socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
  length = 4;
  say("more groups than room", getsockopt(ends[0], SOL_SOCKET, SO_PEERGROUPS, groups, &length));
  say("they want", length);
  say("the other's groups", getsockopt(ends[0], SOL_SOCKET, SO_PEERGROUPS, groups, &length));
  printf("%d: %d %d %d\n", length, groups[0], groups[1], groups[2]);
}

int main(void) {
  setvbuf(stdout, NULL, _IONBF, 0);
  first = getpid();
  kinds();
  if (fork() == 0) {
    said();
    refused();
    return 0;
  }
  wait(NULL);
  if (fork() == 0) {
    odd_parts();
    return 0;
  }
  wait(NULL);
  streams();
  as_processes();
  names();
  options();
  return 0;
}
