// Descriptors that events come from: what /proc says of them, where they let themselves be put, what they answer
// to whoever writes; timers that wake a machine; what else `fcntl` is asked of descriptors.
// Recorded from Linux: the emulator opens the host's files, and knows not all of this.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define SET_TICKS _IOW('T', 0, uint64_t)
#define DUPFD_QUERY 1027
#define GET_RW_HINT 1035
#define SET_RW_HINT 1036
#define GET_FILE_RW_HINT 1037
#define FILE_PATH "/tmp/event_facts"
#define SAY(what) say(#what, (long)(what))

static void say(const char *what, long answer) {
  printf("%s: %ld %s\n", what, answer, answer < 0 ? strerrorname_np(errno) : "");
  fflush(stdout);
}
/** What /proc says of a descriptor, save for what differs from time to time, and from system to system. */
static void facts(const char *what, int fd) {
  char path[64], line[256];
  snprintf(path, sizeof path, "/proc/self/fdinfo/%d", fd);
  FILE *file = fopen(path, "r");
  printf("%s\n", what);
  while (fgets(line, sizeof line, file)) {
    int wd = 0, mask = 0;
    long seconds, nanos;
    if (!strncmp(line, "mnt_id", 6) || !strncmp(line, "ino:", 4) || !strncmp(line, "eventfd-id", 10)) continue;
    if (sscanf(line, "it_value: (%ld, %ld)", &seconds, &nanos) == 2 && seconds > 0) {
      snprintf(line, sizeof line, "it_value: about %ld\n", seconds + 1);
    }
    if (sscanf(line, "inotify wd:%x ino:%*x sdev:%*x mask:%x", &wd, &mask) == 2) {
      snprintf(line, sizeof line, "inotify %x %x\n", wd, mask);
    }
    char *number = strstr(line, " ino:");
    if (number) strcpy(number, "\n");
    fputs(line, stdout);
  }
  fclose(file);
}

static void timers(void) {
  struct itimerspec setting = {{5, 6}, {100, 0}};
  uint64_t ticks;
  int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK), calendar = timerfd_create(CLOCK_REALTIME, 0);
  int other = timerfd_create(CLOCK_BOOTTIME, 0), alarm;
  facts("a timer", timer);
  timerfd_settime(timer, 0, &setting, NULL);
  facts("a timer that is set", timer);
  setting = (struct itimerspec){{3, 4}, {100000000, 5}};
  timerfd_settime(calendar, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &setting, NULL);
  poll(&(struct pollfd){calendar, POLLIN}, 1, -1);
  facts("a timer of the past", calendar);
  setting = (struct itimerspec){{0, 0}, {0, 1}};
  timerfd_settime(other, 0, &setting, NULL);
  poll(&(struct pollfd){other, POLLIN}, 1, -1);
  facts("a timer that went off", other);
  SAY(ioctl(other, SET_TICKS, &(uint64_t){0}));
  SAY(ioctl(other, SET_TICKS, 8));
  SAY(ioctl(other, SET_TICKS, &(uint64_t){77}));
  facts("a timer that is said to have gone off", other);
  read(other, &ticks, sizeof ticks);
  SAY(ticks);
  SAY(ioctl(timer, SET_TICKS, &(uint64_t){5}));
  facts("one that still runs", timer);
  SAY(write(timer, "12345678", 8));
  SAY(timerfd_create(CLOCK_TAI, 0));
  SAY(timerfd_create(CLOCK_REALTIME_ALARM, 0) > 0);
  alarm = timerfd_create(CLOCK_BOOTTIME_ALARM, 0);
  SAY(timerfd_settime(alarm, 0, &setting, NULL));
  SAY(read(alarm, &ticks, sizeof ticks));
  facts("a timer that wakes", alarm);
  SAY(timerfd_settime(alarm, 4, &setting, NULL));
  SAY(setresuid(1000, 1000, 1000));
  SAY(timerfd_settime(alarm, 0, &setting, NULL));
  SAY(timerfd_create(CLOCK_REALTIME_ALARM, 0));
  SAY(timerfd_create(CLOCK_REALTIME_ALARM, 1));
}

static void places(const char *what, int fd) {
  printf("%s\n", what);
  SAY(lseek(fd, 5, SEEK_SET));
  SAY(lseek(fd, 0, SEEK_CUR));
  SAY(lseek(fd, -1, SEEK_SET));
  SAY(lseek(fd, 0, SEEK_DATA));
  SAY(lseek(fd, 0, 9));
  SAY(pread(fd, &(uint64_t){0}, 8, 0));
}

static void hints(int ends[2]) {
  int file = open(FILE_PATH, O_CREAT | O_RDWR | O_TRUNC, 0600), other = open(FILE_PATH, O_RDONLY);
  int place = open(FILE_PATH, O_PATH);
  uint64_t hint = 99;
  SAY(fcntl(file, DUPFD_QUERY, dup(file)));
  SAY(fcntl(file, DUPFD_QUERY, other));
  SAY(fcntl(file, DUPFD_QUERY, 999));
  SAY(fcntl(place, DUPFD_QUERY, place));
  SAY(fcntl(other, GET_RW_HINT, &hint));
  SAY(hint);
  hint = 3;
  SAY(fcntl(file, SET_RW_HINT, &hint));
  hint = 6;
  SAY(fcntl(file, SET_RW_HINT, &hint));
  SAY(fcntl(other, GET_RW_HINT, &hint));
  SAY(hint);
  SAY(fcntl(file, GET_RW_HINT, 8));
  SAY(fcntl(file, SET_RW_HINT, 8));
  SAY(fcntl(file, GET_FILE_RW_HINT, &hint));
  SAY(fcntl(place, GET_RW_HINT, &hint));
  SAY(fcntl(ends[0], SET_RW_HINT, &hint));
  fchmod(file, 0666);
  setresuid(-1, 1000, 0);
  SAY(fcntl(file, SET_RW_HINT, 8));
  SAY(fcntl(file, GET_RW_HINT, &hint));
  setresuid(-1, 0, 0);
  unlink(FILE_PATH);
}

int main(void) {
  int ends[2], epoll = epoll_create1(0), event = eventfd(10, EFD_NONBLOCK), semaphore = eventfd(3, EFD_SEMAPHORE);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, 40);
  sigaddset(&set, 64);
  int signals = signalfd(-1, &set, SFD_NONBLOCK), watches = inotify_init();
  pipe(ends);
  struct epoll_event wanted = {EPOLLIN | EPOLLET, {.u64 = 0x123456789abcdef}};
  epoll_ctl(epoll, EPOLL_CTL_ADD, event, &wanted);
  facts("a set with an event", epoll);
  epoll_ctl(epoll, EPOLL_CTL_DEL, event, &wanted);
  wanted = (struct epoll_event){EPOLLOUT | EPOLLONESHOT, {.u64 = -1}};
  epoll_ctl(epoll, EPOLL_CTL_ADD, ends[1], &wanted);
  facts("a set with a pipe", epoll);
  epoll_wait(epoll, &wanted, 1, -1);
  facts("a set that told of it", epoll);
  wanted.events = 0;
  epoll_ctl(epoll, EPOLL_CTL_MOD, ends[1], &wanted);
  facts("a set that waits for nothing", epoll);
  close(ends[0]);
  SAY(epoll_wait(epoll, &wanted, 1, 0));
  SAY(wanted.events);
  facts("a count", event);
  facts("a semaphore", semaphore);
  facts("signals", signals);
  inotify_add_watch(watches, "/tmp", IN_CREATE | IN_DELETE);
  inotify_add_watch(watches, "/proc", IN_OPEN | IN_ONESHOT);
  facts("watches", watches);
  places("a set", epoll);
  places("a count", event);
  places("signals", signals);
  places("watches", watches);
  places("a pipe", ends[1]);
  SAY(write(signals, "x", 1));
  SAY(write(epoll, "x", 1));
  SAY(write(watches, "x", 1));
  hints(ends);
  timers();
  return 0;
}
