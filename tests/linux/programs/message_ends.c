// Messages that are cut off, and files that travel in them; stacks that handlers give back; futexes that
// are asked for what makes no sense.
// Recorded from Linux: the emulator makes any kind of socket, and knows no stack that is put away.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define SAY(call) say(#call, (long)(call))

static void say(const char *call, long answer) {
  printf("%s: %ld%s%s\n", call, answer, answer < 0 ? " " : "", answer < 0 ? strerrorname_np(errno) : "");
}

static volatile int pipes_broken, alarms;
static void broken(int signal) { pipes_broken++; }
static void ring(int signal) { alarms++; }

static void cut_off(void) {
  int ends[2];
  char bytes[8];
  socketpair(AF_UNIX, SOCK_DGRAM, 0, ends);
  send(ends[0], "hello", 5, 0);
  SAY(recv(ends[1], bytes, 2, MSG_PEEK));
  SAY(recv(ends[1], bytes, 2, MSG_PEEK | MSG_TRUNC));
  SAY(recv(ends[1], bytes, 2, MSG_TRUNC));
  SAY(recv(ends[1], bytes, 2, MSG_DONTWAIT));
  send(ends[0], "again", 5, 0);
  struct iovec part = {bytes, 3};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  SAY(recvmsg(ends[1], &message, 0));
  printf("it says so: %d\n", (message.msg_flags & MSG_TRUNC) != 0);
  socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends);
  close(ends[0]);
  SAY(send(ends[1], "x", 1, 0));
  printf("no signal for what is no stream: %d\n", pipes_broken);
  socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
  close(ends[0]);
  SAY(send(ends[1], "x", 1, 0));
  printf("but for a stream: %d\n", pipes_broken);
  SAY(socket(AF_UNIX, 99, 0));
  struct sockaddr_un nowhere = {AF_UNIX, "nowhere"};
  socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
  SAY(sendto(ends[0], "x", 1, 0, (void *)&nowhere, sizeof nowhere));
}

static void patience(void) {
  int ends[2];
  char byte;
  struct timeval second = {1, 0};
  struct sigaction again = {.sa_handler = ring, .sa_flags = SA_RESTART};
  struct itimerval soon = {.it_value.tv_usec = 20000};
  sigaction(SIGALRM, &again, NULL);
  socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
  setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &second, sizeof second);
  setitimer(ITIMER_REAL, &soon, NULL);
  SAY(recv(ends[0], &byte, 1, 0));
  printf("who waits so long at most does not begin again: %d\n", alarms);
}

static int send_files(int to, int file, int count) {
  char byte = 'x';
  char *control = calloc(1, CMSG_SPACE(count * sizeof(int)));
  struct iovec part = {&byte, 1};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control,
                           .msg_controllen = CMSG_SPACE(count * sizeof(int))};
  struct cmsghdr *head = CMSG_FIRSTHDR(&message);
  head->cmsg_level = SOL_SOCKET;
  head->cmsg_type = SCM_RIGHTS;
  head->cmsg_len = CMSG_LEN(count * sizeof(int));
  for (int i = 0; i < count; i++) ((int *)CMSG_DATA(head))[i] = file;
  int answer = sendmsg(to, &message, MSG_DONTWAIT);
  free(control);
  return answer;
}

static void files(void) {
  int ends[2];
  socketpair(AF_UNIX, SOCK_STREAM, 0, ends);
  SAY(send_files(ends[0], 1, 254));
  SAY(send_files(ends[0], 1, 253));
  char byte, control[CMSG_SPACE(sizeof(int))];
  struct iovec part = {&byte, 1};
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control,
                           .msg_controllen = sizeof control};
  SAY(recvmsg(ends[1], &message, MSG_CMSG_CLOEXEC));
  int file = *(int *)CMSG_DATA(CMSG_FIRSTHDR(&message));
  printf("there was no room for all: %d, closed by execve: %d\n",
         (message.msg_flags & MSG_CTRUNC) != 0, fcntl(file, F_GETFD));
  // Both ends in each other's way, and nobody has them any more.
  send_files(ends[0], ends[0], 1);
  send_files(ends[0], ends[1], 1);
  send_files(ends[1], ends[0], 1);
  close(ends[0]);
  close(ends[1]);
}

static char stack[65536];

static void on_stack(int signal) {
  char here;
  stack_t now, off = {.ss_flags = SS_DISABLE};
  sigaltstack(NULL, &now);
  printf("on the stack: %d, which is put away: %d %d\n", &here >= stack && &here < stack + sizeof stack,
         now.ss_flags == SS_DISABLE, sigaltstack(&off, NULL));
}

static void stacks(void) {
  stack_t own = {.ss_sp = stack, .ss_size = sizeof stack, .ss_flags = (int)(1u << 31)}, now;
  struct sigaction action = {.sa_handler = on_stack, .sa_flags = SA_ONSTACK};
  sigaction(SIGUSR1, &action, NULL);
  SAY(sigaltstack(&own, NULL));
  raise(SIGUSR1);
  sigaltstack(NULL, &now);
  printf("and there again: %d %x\n", now.ss_sp == stack, now.ss_flags);
}

static long futex(void *word, int operation, int value, long extra, void *other, int bits) {
  return syscall(SYS_futex, word, operation, value, extra, other, bits);
}

static void futexes(void) {
  int one = 0, two = 0;
  SAY(futex(NULL, FUTEX_WAKE, 1, 0, NULL, 0));
  SAY(futex(NULL, FUTEX_WAKE_PRIVATE, 1, 0, NULL, 0));
  SAY(futex(&one, FUTEX_REQUEUE, -1, 1, &two, 0));
  SAY(futex(&one, FUTEX_CMP_REQUEUE, 1, -1, &two, 0));
  SAY(futex(&one, FUTEX_WAKE | FUTEX_CLOCK_REALTIME, 1, 0, NULL, 0));
}

int main(void) {
  setvbuf(stdout, NULL, _IONBF, 0);
  signal(SIGPIPE, broken);
  cut_off();
  patience();
  files();
  stacks();
  futexes();
  return 0;
}
