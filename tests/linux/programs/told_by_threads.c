// Threads that begin when a message comes to a queue, or a timer goes off: SIGEV_THREAD.
// Recorded from Linux: the emulator does not let queues tell threads.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static sem_t told;
static pthread_t first;
static mqd_t queue;
static char heard[200];

static void say(const char *what, long answer) {
  printf("%s: %ld %s\n", what, answer, answer < 0 ? strerror(errno) : "");
}

static void message(union sigval value) {
  char bytes[16] = "";
  unsigned priority = 0;
  long length = mq_receive(queue, bytes, sizeof bytes, &priority);
  snprintf(heard, sizeof heard,
         "told of a message: value %d, %ld bytes, %s, priority %u, in another thread %d\n",
         value.sival_int, length, bytes, priority, !pthread_equal(first, pthread_self()));
  sem_post(&told);
}

static int times;
static void tick(union sigval value) {
  if (++times <= 3) printf("tick %d: value %d\n", times, value.sival_int);
  if (times == 3) sem_post(&told);
}

int main(void) {
  first = pthread_self();
  sem_init(&told, 0, 0);
  struct mq_attr shape = {.mq_maxmsg = 4, .mq_msgsize = 16};
  mq_unlink("/told-by-threads");
  queue = mq_open("/told-by-threads", O_RDWR | O_CREAT, 0600, &shape);
  struct sigevent event = {.sigev_notify = SIGEV_THREAD, .sigev_value.sival_int = 7};
  event.sigev_notify_function = message;
  for (int round = 0; round < 2; round++) {
    say("notify", mq_notify(queue, &event));
    say("notify again", mq_notify(queue, &event));
    say("send", mq_send(queue, "hello", 6, 3));
    sem_wait(&told);
    fputs(heard, stdout);
  }
  say("notify", mq_notify(queue, &event));
  say("no more", mq_notify(queue, NULL));
  say("send", mq_send(queue, "alone", 6, 1));

  struct sigevent wrong = {.sigev_notify = SIGEV_THREAD, .sigev_signo = 99};
  char cookie[32] = "";
  wrong.sigev_value.sival_ptr = cookie;
  say("no socket", syscall(SYS_mq_notify, queue, &wrong));
  int pair[2];
  socketpair(AF_UNIX, SOCK_STREAM, 0, pair);
  wrong.sigev_signo = pair[0];
  say("another socket", syscall(SYS_mq_notify, queue, &wrong));
  wrong.sigev_value.sival_ptr = (void *)16;
  say("no cookie", syscall(SYS_mq_notify, queue, &wrong));

  timer_t timer;
  struct sigevent ticks = {.sigev_notify = SIGEV_THREAD, .sigev_value.sival_int = 11};
  ticks.sigev_notify_function = tick;
  say("timer", timer_create(CLOCK_MONOTONIC, &ticks, &timer));
  struct itimerspec each = {{0, 5000000}, {0, 5000000}};
  say("set", timer_settime(timer, 0, &each, NULL));
  sem_wait(&told);
  say("delete", timer_delete(timer));
  mq_close(queue);
  say("unlink", mq_unlink("/told-by-threads"));
  return 0;
}
