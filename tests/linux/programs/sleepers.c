// Where processes sleep, as /proc tells: the name of the kernel's function, and that there is one.
// Recorded from Linux: the emulator sleeps itself where it has no program sleep, and its names are the host's.
#define _GNU_SOURCE
#include <fcntl.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/msg.h>
#include <sys/select.h>
#include <sys/sem.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int ends[2], others[2], stream[2], packets[2], queue, set;
static char bytes[65536];

static void read_pipe(void) { read(ends[0], bytes, 1); }
static void write_pipe(void) { for (;;) write(ends[1], bytes, sizeof bytes); }
static void splice_empty(void) { splice(ends[0], NULL, others[1], NULL, 10, 0); }
static void splice_full(void) {
  fcntl(others[1], F_SETFL, O_NONBLOCK);
  while (write(others[1], bytes, 4096) > 0);
  fcntl(others[1], F_SETFL, 0);
  write(ends[1], bytes, 10);
  splice(ends[0], NULL, others[1], NULL, 10, 0);
}
static void tee_empty(void) { tee(ends[0], others[1], 10, 0); }
static void open_fifo(void) { open("fifo", O_RDONLY); }
static void read_stream(void) { read(stream[0], bytes, 1); }
static void write_stream(void) { for (;;) write(stream[0], bytes, sizeof bytes); }
static void read_packets(void) { read(packets[0], bytes, 1); }
static int listener(struct sockaddr_in *address, int type) {
  int fd = socket(AF_INET, type, 0);
  socklen_t length = sizeof *address;
  *address = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  bind(fd, (void *)address, length);
  getsockname(fd, (void *)address, &length);
  if (type == SOCK_STREAM) listen(fd, 5);
  return fd;
}
static void accept_internet(void) { struct sockaddr_in at; accept(listener(&at, SOCK_STREAM), NULL, NULL); }
static void read_internet(void) {
  struct sockaddr_in at;
  listener(&at, SOCK_STREAM);
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  connect(fd, (void *)&at, sizeof at);
  recv(fd, bytes, 1, 0);
}
static void read_datagrams(void) { struct sockaddr_in at; recv(listener(&at, SOCK_DGRAM), bytes, 1, 0); }
static void accept_local(void) {
  struct sockaddr_un at = {AF_UNIX, "local"};
  int fd = socket(AF_UNIX, SOCK_STREAM, 0);
  bind(fd, (void *)&at, sizeof at);
  listen(fd, 1);
  accept(fd, NULL, NULL);
}
static void poll_nothing(void) { poll(NULL, 0, -1); }
static void select_nothing(void) { select(0, NULL, NULL, NULL, NULL); }
static void read_events(void) { read(eventfd(0, 0), bytes, 8); }
static void read_timer(void) { read(timerfd_create(CLOCK_MONOTONIC, 0), bytes, 8); }
static void read_signals(void) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, NULL);
  read(signalfd(-1, &all, 0), bytes, 128);
}
static void read_watches(void) { read(inotify_init(), bytes, 1000); }
static void wait_epoll(void) { struct epoll_event one; epoll_wait(epoll_create1(0), &one, 1, -1); }
static void lock_file(void) {
  int one = open("locked", O_CREAT | O_RDWR, 0600), other = open("locked", O_RDWR);
  flock(one, LOCK_EX);
  flock(other, LOCK_EX);
}
static void lock_part(void) {
  int one = open("locked", O_CREAT | O_RDWR, 0600), other = open("locked", O_RDWR);
  struct flock lock = {.l_type = F_WRLCK};
  fcntl(one, F_OFD_SETLK, &lock);
  fcntl(other, F_OFD_SETLKW, &lock);
}
static void receive(void) { struct { long type; char text[8]; } one; msgrcv(queue, &one, 8, 0, 0); }
static void count_down(void) { struct sembuf one = {0, -1, 0}; semop(set, &one, 1); }
static void receive_priority(void) {
  struct mq_attr like = {.mq_maxmsg = 1, .mq_msgsize = 8};
  mqd_t fd = mq_open("/sleepers", O_CREAT | O_RDWR, 0600, &like);
  mq_unlink("/sleepers");
  mq_receive(fd, bytes, 8, NULL);
}
static void sleep_long(void) { struct timespec time = {1000, 0}; nanosleep(&time, NULL); }
static void suspend(void) { sigset_t none; sigemptyset(&none); sigsuspend(&none); }
static void await_signal(void) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_BLOCK, &all, NULL);
  sigwaitinfo(&all, NULL);
}
static void await_child(void) {
  if (fork() == 0) for (;;) pause();
  wait(NULL);
}
static void fork_fast(void) { if (vfork() == 0) for (;;) pause(); }
static int word;
static void await_word(void) { syscall(SYS_futex, &word, 0, 0, NULL, NULL, 0); }
static void lock_owned(void) {
  word = getppid();
  syscall(SYS_futex, &word, 6, 0, NULL, NULL, 0);
}
static void stop(void) { raise(SIGSTOP); }
static void end(void) { _exit(0); }
static void run(void) { for (;;); }

/** What is in a file of a process, without what a compiler put behind a name or a later version before it. */
static char *read_file(const char *file, int pid) {
  static char text[2048];
  char path[64];
  snprintf(path, sizeof path, "/proc/%d/%s", pid, file);
  int fd = open(path, O_RDONLY), size = read(fd, text, sizeof text - 1);
  close(fd);
  text[size < 0 ? 0 : size] = 0;
  return text;
}
static const char *place(int pid) {
  static char text[128];
  snprintf(text, sizeof text, "%s", read_file("wchan", pid));
  text[strcspn(text, ".")] = 0;
  if (strcmp(text, "futex_do_wait") == 0) return "futex_wait_queue";
  return strncmp(text, "anon_", 5) == 0 ? text + 5 : text;
}

/** The 35th number of a process, or of a task of it. */
static int flag(const char *file, int pid) {
  char *at = strrchr(read_file(file, pid), ')');
  for (int field = 2; field < 35; field++) at = strchr(at, ' ') + 1;
  return atoi(at);
}

static void show(const char *what, void (*sleeps)(void), const char *where) {
  pipe(ends), pipe(others);
  socketpair(AF_UNIX, SOCK_STREAM, 0, stream);
  socketpair(AF_UNIX, SOCK_DGRAM, 0, packets);
  int pid = fork();
  if (pid == 0) {
    setpgid(0, 0);
    sleeps();
    _exit(1);
  }
  for (int tries = 0; tries < 2000 && strcmp(place(pid), where) != 0; tries++) usleep(1000);
  // Whoever has ended needs some time to be seen as such.
  for (int tries = 0; sleeps == end && tries < 2000 && flag("stat", pid) == 0; tries++) usleep(1000);
  printf("%s: %s, %d\n", what, place(pid), flag("stat", pid));
  kill(-pid, SIGKILL), kill(pid, SIGKILL);
  waitpid(pid, NULL, 0);
  for (int at = 0; at < 2; at++) close(ends[at]), close(others[at]), close(stream[at]), close(packets[at]);
}

static void *rest(void *none) { return suspend(), NULL; }

/** Of whom there are two, only each of them can be said to sleep. */
static void threads(void) {
  int pid = fork();
  if (pid == 0) {
    pthread_t other;
    pthread_create(&other, NULL, rest, NULL);
    suspend();
  }
  char own[64];
  snprintf(own, sizeof own, "task/%d/stat", pid);
  for (int tries = 0; tries < 2000 && (strcmp(place(pid), "sigsuspend") || flag("stat", pid)); tries++) usleep(1000);
  printf("of two threads: %s, %d, one %d\n", place(pid), flag("stat", pid), flag(own, pid));
  kill(pid, SIGKILL);
  waitpid(pid, NULL, 0);
}

/** Who may not look into a process does not learn where it sleeps. */
static void strangers(void) {
  int pid = fork();
  if (pid == 0) {
    int parent = getppid();
    for (int tries = 0; tries < 2000 && strcmp(place(parent), "do_wait") != 0; tries++) usleep(1000);
    printf("my parent: %s, %d\n", place(parent), flag("stat", parent));
    setresuid(1000, 1000, 1000);
    printf("a stranger: %s, %d\n", place(parent), flag("stat", parent));
    printf("myself: %s, %d\n", place(getpid()), flag("stat", getpid()));
    _exit(0);
  }
  waitpid(pid, NULL, 0);
}

int main(void) {
  setvbuf(stdout, NULL, _IONBF, 0);
  mkfifo("fifo", 0600);
  queue = msgget(IPC_PRIVATE, 0600);
  set = semget(IPC_PRIVATE, 1, 0600);
  show("an empty pipe", read_pipe, "pipe_read");
  show("a full pipe", write_pipe, "pipe_write");
  show("from an empty pipe to another", splice_empty, "pipe_wait_readable");
  show("from a pipe to a full one", splice_full, "pipe_wait_writable");
  show("a copy of nothing", tee_empty, "pipe_wait_readable");
  show("a fifo that nobody writes to", open_fifo, "wait_for_partner");
  show("a stream", read_stream, "unix_stream_read_generic");
  show("a full stream", write_stream, "sock_alloc_send_pskb");
  show("packets", read_packets, "__skb_wait_for_more_packets");
  show("a listener", accept_local, "__skb_wait_for_more_packets");
  show("a listener of the internet", accept_internet, "inet_csk_accept");
  show("a connection of the internet", read_internet, "wait_woken");
  show("datagrams of the internet", read_datagrams, "__skb_wait_for_more_packets");
  show("poll", poll_nothing, "poll_schedule_timeout");
  show("select", select_nothing, "poll_schedule_timeout");
  show("epoll", wait_epoll, "do_epoll_wait");
  show("an event", read_events, "do_wait_intr_irq");
  show("a timer", read_timer, "do_wait_intr_irq");
  show("signals as a file", read_signals, "signalfd_read_iter");
  show("a watch", read_watches, "wait_woken");
  show("a lock of a file", lock_file, "locks_lock_inode_wait");
  show("a lock of a part", lock_part, "fcntl_setlk");
  show("a message", receive, "do_msgrcv");
  show("a message with a priority", receive_priority, "wq_sleep");
  show("a semaphore", count_down, "__do_semtimedop");
  show("time", sleep_long, "hrtimer_nanosleep");
  show("any signal", suspend, "sigsuspend");
  show("some signal", await_signal, "do_sigtimedwait");
  show("a child", await_child, "do_wait");
  show("a child that borrows memory", fork_fast, "kernel_clone");
  show("a word", await_word, "futex_wait_queue");
  show("a lock that somebody has", lock_owned, "rt_mutex_schedule");
  show("a stop", stop, "do_signal_stop");
  show("an end", end, "0");
  show("no sleep", run, "0");
  msgctl(queue, IPC_RMID, NULL);
  semctl(set, 0, IPC_RMID);
  threads();
  strangers();
  return 0;
}
