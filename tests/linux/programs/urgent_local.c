// A byte that a stream within the machine has past all others: each leaves a mark of its own.
// Recorded from Linux: the emulator shows the kernel that it runs on, and not every one has this.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAY(call) say(#call, (long)(call))

static int ends[2];
static char bytes[64];

static void say(const char *call, long answer) {
  printf("%s: %ld %s\n", call, answer, answer < 0 ? strerrorname_np(errno) : "");
}

static void set(int option, int value) {
  setsockopt(ends[1], SOL_SOCKET, option, &value, sizeof value);
}

static void state(void) {
  struct pollfd one = {ends[1], POLLIN | POLLPRI | POLLRDNORM | POLLRDBAND | POLLRDHUP};
  poll(&one, 1, 0);
  printf(" (mark %d, %x)\n", sockatmark(ends[1]), one.revents);
}

static void begin(const char *what) {
  printf("%s\n", what);
  close(ends[0]), close(ends[1]);
  socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
}

static void put(const char *text, int flags) {
  printf("%s \"%s\": %zd", flags ? "urgent" : "plain", text, send(ends[0], text, strlen(text), flags | MSG_NOSIGNAL));
  state();
}

static void get(int count, int flags) {
  ssize_t answer = recv(ends[1], bytes, count, flags | MSG_DONTWAIT);
  printf("%s%s %d: ", flags & MSG_PEEK ? "look at" : "take", flags & MSG_OOB ? " urgent" : "", count);
  if (answer < 0) printf("%s", strerrorname_np(errno));
  else printf("%zd %.*s", answer, count < answer ? count : (int)answer, bytes);
  state();
}

static void taken(void) {
  begin("taken");
  put("abc", MSG_OOB), put("de", 0), get(9, MSG_PEEK), get(9, MSG_OOB | MSG_PEEK), get(9, 0);
  get(9, MSG_OOB), get(9, MSG_OOB), get(9, MSG_PEEK), get(9, 0), get(9, 0);
  begin("passed");
  put("x", MSG_OOB), put("yes", 0), get(9, MSG_PEEK), get(9, 0), get(9, MSG_OOB);
  put("x", MSG_OOB), get(9, 0), get(9, MSG_OOB);
  begin("taken before what precedes it");
  put("ab", 0), get(1, MSG_OOB), put("x", MSG_OOB), get(1, MSG_OOB), get(1, 0), put("cd", 0);
  get(9, 0), get(9, MSG_PEEK), get(9, 0);
  begin("nothing of it");
  put("", MSG_OOB), get(0, MSG_OOB), put("x", MSG_OOB), get(0, MSG_OOB), get(5, MSG_OOB);
  put("y", MSG_OOB), get(0, 0);
}

static void many(void) {
  begin("one behind the other");
  put("ax", MSG_OOB), put("by", MSG_OOB), put("cz", MSG_OOB), get(9, MSG_PEEK), get(1, 0), get(9, 0);
  get(9, MSG_PEEK), get(9, 0);
  begin("taken one by one");
  put("abx", MSG_OOB), get(1, MSG_OOB), put("cdy", MSG_OOB), get(1, MSG_OOB), put("ef", 0);
  get(9, 0), get(9, 0), get(9, 0), get(9, 0);
  begin("the first is taken");
  put("abx", MSG_OOB), get(1, MSG_OOB), put("cdy", MSG_OOB), get(9, 0), get(9, 0), get(9, MSG_OOB);
  begin("the second is taken");
  put("x", MSG_OOB), put("y", MSG_OOB), get(1, MSG_OOB), put("w", MSG_OOB), get(9, 0), get(9, 0);
  begin("with nothing between");
  put("x", MSG_OOB), get(1, MSG_OOB), put("y", MSG_OOB), get(1, MSG_OOB), put("data", 0), get(9, 0);
}

static void in_line(void) {
  begin("with all others");
  set(SO_OOBINLINE, 1);
  put("abx", MSG_OOB), put("cd", 0), get(1, MSG_OOB), get(9, MSG_PEEK), get(9, 0), get(9, 0);
  begin("with all others, but too late");
  put("abx", MSG_OOB), get(1, MSG_OOB), set(SO_OOBINLINE, 1), get(9, 0), get(9, 0);
}

static void counted(void) {
  int count = -1;
  begin("counted");
  SAY(send(ends[0], "abx", 3, MSG_OOB));
  ioctl(ends[1], FIONREAD, &count);
  printf("%d wait", count);
  recv(ends[1], bytes, 1, MSG_OOB);
  ioctl(ends[1], FIONREAD, &count);
  printf(", %d when it is taken", count);
  recv(ends[1], bytes, 9, 0);
  ioctl(ends[1], FIONREAD, &count);
  printf(", %d\n", count);
}

static volatile int urgent;

static void take(int signal) {
  char byte = '-';
  int answer = recv(ends[1], &byte, 1, MSG_OOB);
  urgent += answer == 1 ? byte : 1000;
}

static void later(const char *text) {
  if (fork() > 0) return;
  signal(SIGURG, SIG_IGN);
  usleep(100000);
  for (; *text; text++) usleep(1000), send(ends[0], text, 1, *text == '!' ? MSG_OOB : 0);
  _exit(0);
}

static void waiting(void) {
  begin("a signal");
  for (int which = 0; which < 2; which++) {
    struct sigaction action = {.sa_handler = take, .sa_flags = which ? SA_RESTART : 0};
    sigaction(SIGURG, &action, NULL);
    SAY(fcntl(ends[1], F_SETOWN, getpid()));
    later("!yes");
    ssize_t answer = recv(ends[1], bytes, 3, MSG_WAITALL);
    printf("waits: %zd %s", answer, answer < 0 ? strerrorname_np(errno) : "");
    if (answer < 0) answer = recv(ends[1], bytes, 3, MSG_WAITALL);
    wait(NULL);
    printf(" %zd %.3s, urgent '%c'\n", answer, bytes, urgent);
    urgent = 0;
  }
  signal(SIGURG, SIG_DFL);
  begin("the mark is an end");
  set(SO_RCVLOWAT, 9);
  later("ab!cd");
  printf("%zd", recv(ends[1], bytes, 9, 0));
  printf(" %zd", recv(ends[1], bytes, 1, MSG_OOB));
  wait(NULL);
  printf(" %zd\n", recv(ends[1], bytes, 9, MSG_DONTWAIT));
  begin("polled");
  struct pollfd one = {ends[1], POLLPRI};
  later("!");
  printf("poll %d", poll(&one, 1, -1));
  printf(" %x", one.revents);
  wait(NULL);
  fd_set except;
  FD_ZERO(&except);
  FD_SET(ends[1], &except);
  printf(", select %d\n", select(ends[1] + 1, NULL, NULL, &except, NULL));
}

static void beside(void) {
  begin("with a descriptor");
  char byte = 'x', control[CMSG_SPACE(sizeof(int))] = {0};
  struct iovec vector = {&byte, 1};
  struct msghdr head = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  struct cmsghdr *one = CMSG_FIRSTHDR(&head);
  one->cmsg_level = SOL_SOCKET, one->cmsg_type = SCM_RIGHTS, one->cmsg_len = CMSG_LEN(sizeof(int));
  int ways[2];
  pipe(ways);
  memcpy(CMSG_DATA(one), &ways[1], sizeof(int));
  for (int inLine = 0; inLine < 2; inLine++) {
    set(SO_OOBINLINE, inLine);
    head.msg_controllen = sizeof control;
    SAY(sendmsg(ends[0], &head, MSG_OOB));
    head.msg_controllen = sizeof control;
    SAY(recvmsg(ends[1], &head, inLine ? 0 : MSG_OOB));
    printf("'%c', control %d, flags %x\n", byte, (int)head.msg_controllen, head.msg_flags);
  }
  get(1, 0);
}

static void over(void) {
  begin("the end");
  put("x", MSG_OOB);
  shutdown(ends[0], SHUT_WR);
  state();
  get(9, MSG_OOB), get(9, 0), get(9, MSG_OOB);
  put("q", MSG_OOB);
  int one = socket(AF_UNIX, SOCK_STREAM, 0);
  SAY(send(one, "a", 1, MSG_OOB));
  SAY(send(one, "a", 0, MSG_OOB));
  SAY(recv(one, bytes, 1, MSG_OOB));
  SAY(sockatmark(one));
  struct sockaddr_un from;
  socklen_t size = sizeof from;
  begin("from nobody");
  send(ends[0], "abx", 3, MSG_OOB);
  SAY(recvfrom(ends[1], bytes, 9, MSG_OOB, (void *)&from, &size));
  printf("name %d\n", size);
  size = sizeof from;
  SAY(recvfrom(ends[1], bytes, 9, 0, (void *)&from, &size));
  printf("name %d\n", size);
}

int main(void) {
  setvbuf(stdout, NULL, _IONBF, 0);
  taken(), many(), in_line(), counted(), waiting(), beside(), over();
  return 0;
}
