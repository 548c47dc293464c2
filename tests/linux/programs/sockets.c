#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>
static void give(int s, int fd) {
  char c = 'f', buf[CMSG_SPACE(sizeof fd)]; struct iovec v = {&c, 1};
  struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = buf, .msg_controllen = sizeof buf};
  struct cmsghdr *h = CMSG_FIRSTHDR(&m); h->cmsg_level = SOL_SOCKET; h->cmsg_type = SCM_RIGHTS; h->cmsg_len = CMSG_LEN(sizeof fd);
  memcpy(CMSG_DATA(h), &fd, sizeof fd); printf("%zd\n", sendmsg(s, &m, 0));
}
static int take(int s) {
  char c, buf[CMSG_SPACE(sizeof(int))]; struct iovec v = {&c, 1}; int fd = -1;
  struct msghdr m = {.msg_iov = &v, .msg_iovlen = 1, .msg_control = buf, .msg_controllen = sizeof buf};
  printf("%zd\n", recvmsg(s, &m, 0)); struct cmsghdr *h = CMSG_FIRSTHDR(&m);
  if (h && h->cmsg_type == SCM_RIGHTS) memcpy(&fd, CMSG_DATA(h), sizeof fd);
  return fd;
}
int main(void) {
  int p[2]; char b[64] = {0};
  printf("%d\n", socketpair(AF_UNIX, SOCK_STREAM, 0, p));
  write(p[0], "hello", 5); printf("%zd %s\n", read(p[1], b, 64), b);
  printf("%zd %d\n", recv(p[1], b, 64, MSG_DONTWAIT), errno);
  int fd = open("passed", O_RDWR | O_CREAT, 0600); write(fd, "content", 7);
  give(p[0], fd); close(fd);
  int got = take(p[1]); memset(b, 0, 64); printf("%d ", got >= 0); printf("%zd %s\n", pread(got, b, 64, 0), b); unlink("passed");
  shutdown(p[0], SHUT_WR); printf("%zd\n", read(p[1], b, 64)); write(p[1], "back", 4); memset(b, 0, 64); printf("%zd %s\n", read(p[0], b, 64), b);
  close(p[1]); printf("%zd\n", read(p[0], b, 64)); printf("%zd %d\n", send(p[0], "x", 1, MSG_NOSIGNAL), errno);
  struct sockaddr_un a = {AF_UNIX, "server"};
  int s = socket(AF_UNIX, SOCK_STREAM, 0);
  printf("%d\n", bind(s, (void *)&a, sizeof a)); printf("%d %d\n", bind(socket(AF_UNIX, SOCK_STREAM, 0), (void *)&a, sizeof a), errno);
  printf("%d\n", listen(s, 5));
  if (fork() == 0) { int c = socket(AF_UNIX, SOCK_STREAM, 0); int r = connect(c, (void *)&a, sizeof a); write(c, r == 0 ? "connected" : "refused", 9); read(c, b, 64); _exit(strcmp(b, "answer")); }
  int c = accept(s, NULL, NULL); memset(b, 0, 64); printf("%d ", c >= 0); printf("%zd %s\n", read(c, b, 64), b); write(c, "answer", 7);
  int st; wait(&st); printf("%d\n", WEXITSTATUS(st)); unlink("server");
  printf("%d %d\n", connect(socket(AF_UNIX, SOCK_STREAM, 0), (void *)&a, sizeof a), errno);
  socketpair(AF_UNIX, SOCK_DGRAM, 0, p); send(p[0], "one", 3, 0); send(p[0], "second", 6, 0);
  printf("%zd %zd\n", recv(p[1], b, 2, 0), recv(p[1], b, 64, 0));
  printf("%d\n", socket(AF_UNIX, 77, 0) == -1);
  return 0;
}
