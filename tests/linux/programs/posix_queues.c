// Queues of messages with priorities: in order, full, empty, too long, waited for, told of, forgotten.
// Recorded from Linux: the emulator opens queues with flags that Linux refuses.
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SAY(what) say(#what, (long)(what))
static void say(const char *what, long answer) {
  printf("%s: %ld %s\n", what, answer, answer < 0 ? strerror(errno) : "");
  fflush(stdout);
}
static char name[64];
static void take(mqd_t queue) {
  char bytes[65] = {0};
  unsigned priority = 77;
  ssize_t size = mq_receive(queue, bytes, 64, &priority);
  printf("%zd bytes of %u: %s\n", size, priority, size < 0 ? strerror(errno) : bytes);
}
static void about(mqd_t queue) {
  struct mq_attr attr;
  SAY(mq_getattr(queue, &attr));
  printf("%ld, %ld of %ld, each %ld\n", attr.mq_flags, attr.mq_curmsgs, attr.mq_maxmsg, attr.mq_msgsize);
}
static volatile sig_atomic_t told, code, value, by;
static void note(int signal, siginfo_t *info, void *context) {
  told++, code = info->si_code, value = info->si_value.sival_int, by = info->si_pid == getpid();
}
static struct timespec in(long ms) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  now.tv_sec += ms / 1000;
  now.tv_nsec += ms % 1000 * 1000000;
  if (now.tv_nsec >= 1000000000) now.tv_sec++, now.tv_nsec -= 1000000000;
  return now;
}

static void opens(void) {
  struct mq_attr none = {0}, small = {0, 3, 64}, large = {0, 100000, 64}, long_ones = {0, 3, 1 << 25};
  SAY(mq_open(name, O_RDWR));
  SAY(mq_open("no slash", O_RDWR | O_CREAT, 0600, NULL));
  SAY(mq_open("/", O_RDWR | O_CREAT, 0600, NULL));
  SAY(mq_open("/two/parts", O_RDWR | O_CREAT, 0600, NULL));
  SAY(mq_open("/.", O_RDWR | O_CREAT, 0600, NULL));
  char longest[300] = "/";
  memset(longest + 1, 'x', 256);
  SAY(mq_open(longest, O_RDWR | O_CREAT, 0600, NULL));
  SAY(mq_open(name, O_RDWR | O_CREAT, 0600, &none));
  SAY(mq_open(name, O_RDWR | O_CREAT, 0600, &large));
  SAY(mq_open(name, O_RDWR | O_CREAT, 0600, &long_ones));
  SAY(mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0640, &small));
  SAY(mq_open(name, O_RDWR | O_CREAT | O_EXCL, 0600, &small));
  SAY(mq_open(name, 3));
}
static void orders(mqd_t queue) {
  SAY(mq_send(queue, "low", 4, 1));
  SAY(mq_send(queue, "high", 5, 32767));
  SAY(mq_send(queue, "low again", 10, 1));
  SAY(mq_send(queue, "x", 1, 32768));
  char long_one[65] = {0};
  SAY(mq_send(queue, long_one, 65, 0));
  struct timespec soon = in(20), odd = {0, 1000000000};
  SAY(mq_timedsend(queue, "full", 5, 0, &soon));
  SAY(mq_timedsend(queue, "full", 5, 0, &odd));
  about(queue);
  SAY(mq_receive(queue, long_one, 63, NULL));
  struct pollfd ready = {queue, POLLIN | POLLOUT};
  SAY(poll(&ready, 1, 0));
  printf("events %x\n", ready.revents);
  for (int one = 0; one < 3; one++) take(queue);
  poll(&ready, 1, 0);
  printf("events %x\n", ready.revents);
  SAY(mq_send(queue, "", 0, 5));
  take(queue);
  soon = in(20);
  SAY(mq_timedreceive(queue, long_one, 64, NULL, &soon));
  struct mq_attr attr = {O_NONBLOCK}, before;
  SAY(mq_setattr(queue, &attr, &before));
  printf("before %ld\n", before.mq_flags);
  take(queue);
  about(queue);
  attr.mq_flags = O_NONBLOCK | O_APPEND;
  SAY(mq_setattr(queue, &attr, NULL));
  attr.mq_flags = 0;
  SAY(mq_setattr(queue, &attr, NULL));
}
static void tells(mqd_t queue) {
  struct sigaction action = {.sa_sigaction = note, .sa_flags = SA_SIGINFO};
  sigaction(SIGUSR1, &action, NULL);
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value.sival_int = 42};
  SAY(mq_notify(queue, &event));
  SAY(mq_notify(queue, &event));
  SAY(mq_send(queue, "one", 4, 0));
  printf("told %d, code %d, value %d, by itself %d\n", told, code, value, by);
  SAY(mq_notify(queue, &event));
  SAY(mq_send(queue, "two", 4, 0));
  printf("told %d: it was not empty\n", told);
  take(queue), take(queue);
  SAY(mq_notify(queue, NULL));
  SAY(mq_send(queue, "three", 6, 0));
  printf("told %d: it was forgotten\n", told);
  take(queue);
  event.sigev_signo = 99;
  SAY(mq_notify(queue, &event));
  event.sigev_notify = 9;
  SAY(mq_notify(queue, &event));
  event.sigev_notify = SIGEV_NONE;
  SAY(mq_notify(queue, &event));
  char status[128] = {0};
  SAY(read(queue, status, 127));
  printf("%.24s\n", status);
  SAY(mq_notify(queue, NULL));
}
static void between(mqd_t queue) {
  mqd_t reader = mq_open(name, O_RDONLY), writer = mq_open(name, O_WRONLY | O_NONBLOCK);
  SAY(mq_send(reader, "x", 1, 0));
  SAY(mq_receive(writer, (char[64]){0}, 64, NULL));
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    for (int one = 0; one < 20; one++) {
      char text[16];
      sprintf(text, "number %d", one);
      mq_send(queue, text, strlen(text) + 1, 9);
    }
    _exit(7);
  }
  for (int one = 0; one < 20; one++) {
    char bytes[64];
    mq_receive(reader, bytes, 64, NULL);
    if (one % 7 == 0) puts(bytes);
  }
  int status;
  waitpid(child, &status, 0);
  printf("child %d\n", WEXITSTATUS(status));
  SAY(mq_close(reader));
  SAY(mq_close(reader));
  SAY(mq_close(writer));
}

int main(void) {
  sprintf(name, "/queue-%d", getpid());
  opens();
  mqd_t queue = mq_open(name, O_RDWR);
  SAY(fcntl(queue, F_GETFD));
  struct stat file;
  SAY(fstat(queue, &file));
  printf("%o, %ld bytes\n", file.st_mode, (long)file.st_size);
  SAY(write(queue, "x", 1));
  orders(queue);
  tells(queue);
  between(queue);
  SAY(mq_send(1, "x", 1, 0));
  SAY(mq_receive(77, name, 64, NULL));
  SAY(mq_send(queue, "kept", 5, 3));
  SAY(mq_unlink(name));
  SAY(mq_unlink(name));
  take(queue);
  SAY(mq_open(name, O_RDWR));
  mqd_t usual = mq_open(name, O_RDWR | O_CREAT, 0600, NULL);
  about(usual);
  SAY(mq_unlink(name));
  return 0;
}
