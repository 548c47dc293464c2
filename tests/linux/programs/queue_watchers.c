// When a process is told no more of messages that come to a queue: once it was, once it has closed any
// descriptor of the queue, and once it has become another program or has ended.
// Recorded from Linux: the emulator has nobody told of messages.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAY(what) say(#what, (long)(what))

static char name[64];
static volatile int told;

static void say(const char *what, long answer) {
  printf("%s: %ld%s%s\n", what, answer, answer < 0 ? " " : "", answer < 0 ? strerrorname_np(errno) : "");
}

static void heard(int signal, siginfo_t *info, void *context) {
  told = info->si_value.sival_int;
}

/** Whether somebody else may be told: only where nobody is. */
static void free_for(mqd_t queue, const char *when) {
  int pair[2], answer;
  pipe(pair);
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    struct sigevent event = {.sigev_notify = SIGEV_NONE};
    answer = syscall(SYS_mq_notify, queue, &event) == 0 ? 0 : errno;
    write(pair[1], &answer, sizeof answer);
    _exit(0);
  }
  read(pair[0], &answer, sizeof answer);
  waitpid(child, NULL, 0);
  close(pair[0]), close(pair[1]);
  printf("%s: %s\n", when, answer == 0 ? "free" : strerrorname_np(answer));
}

static int watch(mqd_t queue, int value) {
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value = {.sival_int = value}};
  return mq_notify(queue, &event);
}

static int emptied(mqd_t queue) {
  char bytes[64];
  int count = 0;
  while (mq_receive(queue, bytes, sizeof bytes, NULL) >= 0) count++;
  return count;
}

static void delivered(mqd_t queue) {
  SAY(watch(queue, 5));
  SAY(watch(queue, 6));
  free_for(queue, "watched");
  SAY(mq_send(queue, "a", 1, 0));
  SAY(told);
  free_for(queue, "told");
  SAY(watch(queue, 7));
  SAY(mq_send(queue, "b", 1, 0));
  SAY(told);
  SAY(emptied(queue));
  SAY(mq_send(queue, "c", 1, 0));
  SAY(told);
  SAY(emptied(queue));
}

static void closed(mqd_t queue) {
  mqd_t other = mq_open(name, O_RDONLY);
  SAY(watch(queue, 8));
  SAY(mq_close(other));
  free_for(queue, "another was closed");
  SAY(watch(queue, 9));
  SAY(close(dup(queue)));
  free_for(queue, "a copy was closed");
  SAY(watch(queue, 10));
  other = dup(queue);
  free_for(queue, "a copy was made");
  SAY(dup2(0, other) == other);
  free_for(queue, "a copy was replaced");
  close(other);
  SAY(watch(queue, 11));
  if (fork() == 0) _exit(close(queue));
  wait(NULL);
  free_for(queue, "a child closed its own");
  SAY(close_range(queue, queue, 0));
}

static void *closes(void *queue) {
  return (void *)(long)close(*(mqd_t *)queue);
}

static void by_thread(mqd_t queue) {
  pthread_t thread;
  mqd_t other = dup(queue);
  SAY(watch(queue, 12));
  pthread_create(&thread, NULL, closes, &other);
  pthread_join(thread, NULL);
  free_for(queue, "a thread closed a copy");
}

/** A child is told, until it ends; or until what it becomes has no such descriptor. */
static void children(mqd_t queue, char **words) {
  int ready[2], go[2];
  char byte;
  for (int becomes = 0; becomes < 2; becomes++) {
    pipe(ready), pipe(go);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
      signal(SIGUSR1, SIG_IGN);
      watch(queue, 13);
      write(ready[1], "", 1);
      read(go[0], &byte, 1);
      if (!becomes) _exit(0);
      char from[16], to[16];
      sprintf(from, "%d", go[0]), sprintf(to, "%d", ready[1]);
      execl(words[0], words[0], from, to, NULL);
      _exit(1);
    }
    read(ready[0], &byte, 1);
    SAY(watch(queue, 14));
    write(go[1], "", 1);
    if (becomes) read(ready[0], &byte, 1);
    else wait(NULL);
    SAY(watch(queue, 15));
    write(go[1], "", 1);
    if (becomes) wait(NULL);
    SAY(mq_notify(queue, NULL));
    close(ready[0]), close(ready[1]), close(go[0]), close(go[1]);
  }
}

int main(int count, char **words) {
  char byte;
  if (count == 3) {
    write(atoi(words[2]), "", 1);
    read(atoi(words[1]), &byte, 1);
    return 0;
  }
  struct mq_attr attributes = {.mq_maxmsg = 8, .mq_msgsize = 16};
  sigaction(SIGUSR1, &(struct sigaction){.sa_sigaction = heard, .sa_flags = SA_SIGINFO}, NULL);
  sprintf(name, "/watchers-%d", getpid());
  mqd_t queue = mq_open(name, O_RDWR | O_CREAT | O_NONBLOCK, 0600, &attributes);
  delivered(queue);
  closed(queue);
  queue = mq_open(name, O_RDWR | O_NONBLOCK);
  by_thread(queue);
  children(queue, words);
  SAY(mq_unlink(name));
  return 0;
}
