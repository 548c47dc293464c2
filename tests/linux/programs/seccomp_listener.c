// Calls that a filter leaves to another process, which is told of them, answers, and gives descriptors.
// Recorded from Linux: the emulator lets nobody filter calls.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __riscv
#define ARCH AUDIT_ARCH_RISCV64
#else
#define ARCH AUDIT_ARCH_X86_64
#endif

#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS SECCOMP_IOW(4, __u64)
#endif
#define NOTIF_ID_WRONG SECCOMP_IOR(2, __u64)

#define ONE SYS_sched_get_priority_max
#define S(code, k) BPF_STMT(code, k)

static int listen_to(int flags, int call) {
  struct sock_filter rows[] = {S(BPF_LD | BPF_W | BPF_ABS, 0), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
                               S(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF), S(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  struct sock_fprog program = {4, rows};
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags | SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
}

static void line(const char *what, long answer) {
  printf("%s: %ld %s\n", what, answer, answer < 0 ? strerrorname_np(errno) ?: "of no name" : "");
  fflush(stdout);
}
#define SAY(what) line(#what, (long)(what))

static int link_ends[2], report[2], child;

static void send_file(int file) {
  char byte = 'x', space[CMSG_SPACE(sizeof file)] = {0};
  struct iovec piece = {&byte, 1};
  struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space};
  struct cmsghdr *head = CMSG_FIRSTHDR(&message);
  *head = (struct cmsghdr){.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof file)};
  memcpy(CMSG_DATA(head), &file, sizeof file);
  if (sendmsg(link_ends[1], &message, 0) != 1) perror("sendmsg");
}
static int receive_file(void) {
  char byte, space[CMSG_SPACE(sizeof(int))];
  struct iovec piece = {&byte, 1};
  struct msghdr message = {.msg_iov = &piece, .msg_iovlen = 1, .msg_control = space, .msg_controllen = sizeof space};
  int file = -1;
  if (recvmsg(link_ends[0], &message, MSG_CMSG_CLOEXEC) == 1) memcpy(&file, CMSG_DATA(CMSG_FIRSTHDR(&message)), 4);
  return file;
}

/** A child whose calls of one kind this process decides about; it does the deed, and is heard at its end. */
static int begin_for(int flags, int call, void (*deed)(void)) {
  socketpair(AF_UNIX, SOCK_STREAM, 0, link_ends);
  pipe(report);
  fflush(stdout);
  child = fork();
  if (child == 0) {
    dup2(report[1], 1);
    int file = listen_to(flags, call);
    send_file(file);
    close(file);
    deed();
    fflush(stdout);
    _exit(0);
  }
  close(link_ends[1]), close(report[1]);
  return receive_file();
}
static void end(int listener) {
  int status, count;
  char text[4096];
  waitpid(child, &status, 0);
  while ((count = read(report[0], text, sizeof text)) > 0) fwrite(text, 1, count, stdout);
  if (status != 0) printf("status %x\n", status);
  close(listener), close(report[0]), close(link_ends[0]);
  fflush(stdout);
}
/** The child says that it has come somewhere. */
static void here(void) { write(link_ends[1], "y", 1); }
static void there(void) {
  char byte;
  read(link_ends[0], &byte, 1);
}

static int request(int listener, struct seccomp_notif *notif) {
  memset(notif, 0, sizeof *notif);
  return ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, notif);
}
static int reply(int listener, __u64 id, int error, __s64 value, unsigned flags) {
  struct seccomp_notif_resp resp = {.id = id, .error = error, .val = value, .flags = flags};
  return ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &resp);
}
static int valid(int listener, __u64 id) { return ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id); }
static int ready(int listener, int wait) {
  struct pollfd one = {listener, POLLIN | POLLOUT};
  return poll(&one, 1, wait) < 0 ? -1 : one.revents;
}

static void asks(void) {
  for (int one = 0; one < 4; one++) {
    long answer = syscall(ONE, 0x1122334455667788, 2L, 3L, 4L, 5L, -6L);
    printf("  answer %lx, error %s\n", answer, answer == -1 ? strerrorname_np(errno) : "none");
    fflush(stdout);
  }
}

static void answers(void) {
  struct seccomp_notif notif;
  int listener = begin_for(0, ONE, asks);
  printf("ready %x\n", ready(listener, -1));
  SAY(request(listener, &notif));
  printf("the child %d, call %d, machine %d, flags %d, place %d\n", notif.pid == child, notif.data.nr == ONE,
         notif.data.arch == ARCH, notif.flags, notif.data.instruction_pointer != 0);
  for (int one = 0; one < 6; one++) printf("%llx ", notif.data.args[one]);
  printf("\nready %x\n", ready(listener, -1));
  SAY(valid(listener, notif.id));
  SAY(ioctl(listener, NOTIF_ID_WRONG, &notif.id));
  SAY(valid(listener, notif.id + 1));
  SAY(ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, 8));
  SAY(reply(listener, notif.id + 1, 0, 0, 0));
  SAY(reply(listener, notif.id, 0, 0, 2));
  SAY(reply(listener, notif.id, 0, 1, SECCOMP_USER_NOTIF_FLAG_CONTINUE));
  SAY(reply(listener, notif.id, -1, 0, SECCOMP_USER_NOTIF_FLAG_CONTINUE));
  SAY(ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, 8));
  SAY(reply(listener, notif.id, 0, 0x123456789abcdef0, 0));
  __u64 next = notif.id + 1;
  while (ready(listener, -1) != POLLIN) usleep(1000);
  puts("the next is there");
  SAY(valid(listener, next));
  SAY(reply(listener, next, 0, 0, 0));
  notif.pid = 1;
  SAY(ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &notif));
  SAY(ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, 8));
  void *zeros = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  SAY(ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, zeros));
  printf("ready %x\n", ready(listener, -1));
  SAY(request(listener, &notif));
  printf("the same %d\n", notif.id == next);
  SAY(reply(listener, notif.id, -EXDEV, 7, 0));
  SAY(request(listener, &notif));
  SAY(reply(listener, notif.id, 0, 0, SECCOMP_USER_NOTIF_FLAG_CONTINUE));
  SAY(request(listener, &notif));
  SAY(reply(listener, notif.id, 0, -3, 0));
  waitid(P_PID, child, NULL, WEXITED | WNOWAIT);
  printf("ready %x\n", ready(listener, -1));
  SAY(request(listener, &notif));
  SAY(valid(listener, notif.id));
  end(listener);
}

static void nothing(void) { pause(); }
static void questions(void) {
  char text[64] = {0}, path[64];
  int listener = begin_for(0, ONE, nothing);
  SAY(ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, 0));
  SAY(ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, 1));
  SAY(ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, 2));
  SAY(ioctl(listener, TCGETS, text));
  SAY(ioctl(listener, FIONREAD, text));
  SAY(read(listener, text, 8));
  SAY(write(listener, text, 8));
  SAY(lseek(listener, 0, SEEK_SET));
  SAY(fcntl(listener, F_GETFL));
  SAY(ready(listener, 0));
  sprintf(path, "/proc/self/fd/%d", listener);
  SAY(readlink(path, text, sizeof text));
  puts(text);
  kill(child, SIGKILL);
  printf("ready %x\n", ready(listener, -1));
  end(listener);
}

static void second(void) {
  int first = listen_to(0, ONE);
  SAY(first > 0 ? fcntl(first, F_GETFD) : -1);
  SAY(listen_to(0, SYS_sched_get_priority_min));
  close(first);
  SAY(syscall(ONE, 0));
  SAY(listen_to(0, SYS_sched_get_priority_min) == first);
  SAY(listen_to(SECCOMP_FILTER_FLAG_TSYNC, ONE));
  close(first);
  SAY(listen_to(SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_TSYNC_ESRCH, ONE) == first);
  setrlimit(RLIMIT_NOFILE, &(struct rlimit){3, 3});
  SAY(listen_to(0, ONE));
  SAY(prctl(PR_GET_SECCOMP));
}

static void writes_where_told(void) {
  long fd = syscall(ONE, 0);
  printf("  told %d\n", fd > 2);
  SAY(write(fd, "one", 3));
  SAY(fcntl(fd, F_GETFD));
  SAY(write(50, "two", 3));
  SAY(fcntl(50, F_GETFD));
  fd = syscall(ONE, 0);
  printf("  told %d\n", fd > 2);
  SAY(write(fd, "three", 5));
  setrlimit(RLIMIT_NOFILE, &(struct rlimit){3, 3});
  SAY(syscall(ONE, 0));
}

static int listener;
static int give(__u64 id, unsigned flags, int source, unsigned where, unsigned file_flags) {
  struct seccomp_notif_addfd one = {id, flags, source, where, file_flags};
  return ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &one);
}
static void gifts(void) {
  struct seccomp_notif notif;
  int ends[2];
  char text[64] = {0};
  pipe2(ends, O_CLOEXEC);
  listener = begin_for(0, ONE, writes_where_told);
  request(listener, &notif);
  struct { struct seccomp_notif_addfd one; char more[8]; } large = {{notif.id, 0, ends[1], 0, 0}, {0, 1}};
#define SIZED(bytes) _IOC(_IOC_WRITE, '!', 3, bytes)
  SAY(ioctl(listener, SIZED(23), &large));
  SAY(ioctl(listener, SIZED(4096), &large));
  SAY(ioctl(listener, SIZED(32), &large));
  SAY(ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, 8));
  SAY(give(notif.id, 4, ends[1], 0, 0));
  SAY(give(notif.id, 0, ends[1], 7, 0));
  SAY(give(notif.id, 0, ends[1], 0, O_APPEND));
  SAY(give(notif.id, 0, 99, 0, 0));
  SAY(give(notif.id + 1, 0, ends[1], 0, 0));
  SAY(give(notif.id, SECCOMP_ADDFD_FLAG_SETFD, ends[1], 1 << 30, 0));
  large.more[1] = 0;
  int fd = ioctl(listener, SIZED(32), &large);
  SAY(fd > 2);
  SAY(give(notif.id, SECCOMP_ADDFD_FLAG_SETFD, ends[1], 50, O_CLOEXEC));
  SAY(reply(listener, notif.id, 0, fd, 0));
  request(listener, &notif);
  SAY(read(ends[0], text, 64));
  puts(text);
  SAY(give(notif.id, SECCOMP_ADDFD_FLAG_SEND, ends[1], 0, 0) > 2);
  request(listener, &notif);
  SAY(read(ends[0], text, 64));
  SAY(give(notif.id, SECCOMP_ADDFD_FLAG_SEND, ends[1], 0, 0));
  SAY(give(notif.id, SECCOMP_ADDFD_FLAG_SEND | SECCOMP_ADDFD_FLAG_SETFD, ends[1], 3, 0));
  SAY(valid(listener, notif.id));
  SAY(give(notif.id, SECCOMP_ADDFD_FLAG_SEND | SECCOMP_ADDFD_FLAG_SETFD, ends[1], 2, 0));
  end(listener);
}

static void handler(int signal) { write(1, "  a handler\n", 12); }
static void interrupted(int flags) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
  sigaction(SIGUSR1, &action, NULL);
  here();
  SAY(syscall(ONE, 0));
  here();
}
static void once(void) { interrupted(0); }
static void again(void) { interrupted(SA_RESTART); }

static void rests(void) { usleep(50000); }
static void signals(void) {
  struct seccomp_notif notif;
  int listener = begin_for(0, ONE, once);
  there();
  SAY(request(listener, &notif));
  kill(child, SIGUSR1);
  there();
  SAY(valid(listener, notif.id));
  SAY(reply(listener, notif.id, 0, 0, 0));
  end(listener);

  puts("before anybody looks:");
  listener = begin_for(0, ONE, once);
  there();
  ready(listener, -1);
  kill(child, SIGUSR1);
  there();
  SAY(request(listener, &notif));
  end(listener);

  puts("again:");
  listener = begin_for(0, ONE, again);
  there();
  SAY(request(listener, &notif));
  __u64 id = notif.id;
  kill(child, SIGUSR1);
  SAY(request(listener, &notif));
  printf("the next %d\n", notif.id == id + 1);
  SAY(reply(listener, notif.id, 0, 5, 0));
  end(listener);

  puts("to the end:");
  listener = begin_for(SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, ONE, once);
  there();
  SAY(request(listener, &notif));
  kill(child, SIGUSR1);
  usleep(50000);
  SAY(valid(listener, notif.id));
  SAY(reply(listener, notif.id, 0, 5, 0));
  end(listener);

  puts("killed:");
  listener = begin_for(SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, ONE, once);
  there();
  SAY(request(listener, &notif));
  kill(child, SIGKILL);
  while (ready(listener, -1) != POLLHUP) usleep(1000);
  SAY(valid(listener, notif.id));
  end(listener);

  puts("ended meanwhile:");
  listener = begin_for(0, ONE, rests);
  SAY(request(listener, &notif));
  end(listener);
  listener = begin_for(0, ONE, rests);
  printf("ready %x\n", ready(listener, -1));
  end(listener);

  puts("the one who looks:");
  sigaction(SIGALRM, &(struct sigaction){.sa_handler = handler}, NULL);
  listener = begin_for(0, ONE, nothing);
  ualarm(50000, 0);
  SAY(request(listener, &notif));
  kill(child, SIGKILL);
  SAY(request(listener, &notif));
  end(listener);
}

static void leaves(void) {
  here();
  SAY(syscall(ONE, 0));
  SAY(syscall(ONE, 0));
}
static void closed(void) {
  struct seccomp_notif notif;
  int listener = begin_for(0, ONE, leaves);
  SAY(request(listener, &notif));
  there();
  close(listener);
  end(-1);
}

static int pipe_ends[2];
static void reads(void) {
  char text[16] = {0};
  sigaction(SIGUSR1, &(struct sigaction){.sa_handler = handler}, NULL);
  SAY(read(pipe_ends[0], text, 16));
  puts(text);
  SAY(read(pipe_ends[0], text, 16));
}
/** A call that is let go on may have to wait. */
static void goes_on(void) {
  struct seccomp_notif notif;
  pipe(pipe_ends);
  int listener = begin_for(0, SYS_read, reads);
  SAY(request(listener, &notif));
  SAY(reply(listener, notif.id, 0, 0, SECCOMP_USER_NOTIF_FLAG_CONTINUE));
  usleep(50000);
  write(pipe_ends[1], "bytes", 5);
  SAY(request(listener, &notif));
  SAY(reply(listener, notif.id, 0, 0, SECCOMP_USER_NOTIF_FLAG_CONTINUE));
  usleep(50000);
  kill(child, SIGUSR1);
  end(listener);
}

static void *answers_thread(void *unused) {
  struct seccomp_notif notif;
  for (int one = 1; one < 4; one++) {
    while (listener == 0) usleep(1000);
    request(listener, &notif);
    reply(listener, notif.id, 0, one * 11, 0);
  }
}
static void threads(void) {
  pthread_t one;
  listener = 0;
  pthread_create(&one, NULL, answers_thread, NULL);
  listener = listen_to(0, ONE);
  SAY(syscall(ONE, 0));
  SAY(syscall(ONE, 0));
  SAY(syscall(ONE, 0));
}

int main(void) {
  puts("answers"), answers();
  puts("questions"), questions();
  puts("gifts"), gifts();
  puts("signals"), signals();
  puts("closed"), closed();
  puts("goes on"), goes_on();
  fflush(stdout);
  if (fork() == 0) threads(), _exit(0);
  wait(NULL);
  second();
  return 0;
}
