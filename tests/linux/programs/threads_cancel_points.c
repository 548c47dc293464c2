// Where a thread can be cancelled: while it waits in any of these calls, or as it enters one. Where it cannot:
// while it has that forbidden. What it leaves is put in order.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static sem_t ready, never;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static pthread_t sleeper;
static int ends[2], sockets[2], cleaned, locked_in_cleanup;
static pid_t child;
static const struct timespec ages = {10000, 0};

static void wait_read(void) { char byte; read(ends[0], &byte, 1); }
static void wait_write(void) { char block[4096] = {0}; for (;;) write(ends[1], block, sizeof block); }
static void wait_recv(void) { char byte; recv(sockets[0], &byte, 1, 0); }
static void wait_poll(void) { struct pollfd one = {sockets[0], POLLIN}; poll(&one, 1, -1); }
static void wait_select(void) { fd_set set; FD_ZERO(&set); FD_SET(sockets[0], &set); select(sockets[0] + 1, &set, NULL, NULL, NULL); }
static void wait_sleep(void) { sleep(10000); }
static void wait_nanosleep(void) { nanosleep(&ages, NULL); }
static void wait_clock(void) { clock_nanosleep(CLOCK_MONOTONIC, 0, &ages, NULL); }
static void wait_pause(void) { pause(); }
static void wait_semaphore(void) { sem_wait(&never); }
static void wait_timed(void) { struct timespec until = {4000000000, 0}; sem_timedwait(&never, &until); }
static void wait_join(void) { pthread_join(sleeper, NULL); }
static void wait_child(void) { waitpid(child, NULL, 0); }
static void wait_signal(void) { sigset_t one; int got; sigemptyset(&one), sigaddset(&one, SIGUSR2); sigwait(&one, &got); }
static void wait_suspend(void) { sigset_t none; sigemptyset(&none); sigsuspend(&none); }
static void note_lock(void *unused) { locked_in_cleanup = pthread_mutex_trylock(&mutex) == EBUSY; pthread_mutex_unlock(&mutex); }
static void wait_condition(void) {
  pthread_mutex_lock(&mutex);
  pthread_cleanup_push(note_lock, NULL);
  for (;;) pthread_cond_wait(&condition, &mutex);
  pthread_cleanup_pop(1);
}
static void wait_here(void) { for (;;) pthread_testcancel(); }

static const struct { const char *name; void (*wait)(void); } points[] = {
  {"read", wait_read}, {"recv", wait_recv}, {"poll", wait_poll}, {"select", wait_select}, {"sleep", wait_sleep}, {"nanosleep", wait_nanosleep},
  {"clock_nanosleep", wait_clock}, {"pause", wait_pause}, {"sem_wait", wait_semaphore}, {"sem_timedwait", wait_timed}, {"pthread_join", wait_join},
  {"waitpid", wait_child}, {"sigwait", wait_signal}, {"sigsuspend", wait_suspend}, {"pthread_cond_wait", wait_condition}, {"write", wait_write},
  {"pthread_testcancel", wait_here}};

static void clean(void *by) { cleaned += *(int *)by; }
static int is_late, before;
static void *work(void *which) {
  int ten = 10, one = 1;
  pthread_cleanup_push(clean, &ten);
  pthread_cleanup_push(clean, &one);
  if (is_late) pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
  sem_post(&ready);
  if (is_late) {
    sem_wait(&never);
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
  }
  points[(long)which].wait();
  pthread_cleanup_pop(0);
  pthread_cleanup_pop(0);
  return NULL;
}
static void *busy(void *unused) {
  pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
  sem_post(&ready);
  for (volatile long count = 0;; count++);
}
static void *forbids(void *into) {
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
  sem_post(&ready);
  sem_wait(&never);
  char byte = 0;
  ssize_t got = read(ends[0], &byte, 1);
  *(int *)into = got == 1 && byte == 'k';
  return (void *)7;
}
static void *sleeps(void *unused) { for (;;) pause(); }
// Exits by itself while a cancellation is on its way: it ends once, and by its own word.
static void exit_quietly(void *unused) { sem_post(&ready), pthread_testcancel(); }
static void *exits(void *unused) {
  sem_wait(&never);
  pthread_cleanup_push(exit_quietly, NULL);
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
  pthread_exit((void *)5);
  pthread_cleanup_pop(0);
}

int main(void) {
  sem_init(&ready, 0, 0), sem_init(&never, 0, 0);
  pthread_create(&sleeper, NULL, sleeps, NULL);
  socketpair(AF_UNIX, SOCK_STREAM, 0, sockets);
  if ((child = fork()) == 0) for (;;) pause();
  for (is_late = 0; is_late < 2; is_late++)
    for (long one = 0; one < (long)(sizeof points / sizeof *points); one++) {
      pthread_t thread;
      void *answer = NULL;
      cleaned = locked_in_cleanup = 0;
      pipe(ends);
      pthread_create(&thread, NULL, work, (void *)one);
      sem_wait(&ready);
      int how = pthread_cancel(thread);
      if (is_late) sem_post(&never);
      pthread_join(thread, &answer);
      printf("%s%s: %d, cancelled %d, cleaned %d", points[one].name, is_late ? ", cancelled before" : "", how, answer == PTHREAD_CANCELED, cleaned);
      puts(locked_in_cleanup ? ", with the lock" : "");
      close(ends[0]), close(ends[1]);
    }
  pthread_t thread;
  void *answer;
  pthread_create(&thread, NULL, busy, NULL);
  sem_wait(&ready);
  pthread_cancel(thread);
  pthread_join(thread, &answer);
  printf("at any time: cancelled %d\n", answer == PTHREAD_CANCELED);
  int got = 0;
  pipe(ends);
  pthread_create(&thread, NULL, forbids, &got);
  sem_wait(&ready);
  pthread_cancel(thread);
  sem_post(&never);
  write(ends[1], "k", 1);
  pthread_join(thread, &answer);
  printf("forbidden: read %d, answers %ld\n", got, (long)answer);
  pthread_create(&thread, NULL, exits, NULL);
  sem_post(&never);
  sem_wait(&ready);
  pthread_cancel(thread);
  pthread_join(thread, &answer);
  printf("leaving: answers %ld\n", (long)answer);
  pthread_cancel(sleeper);
  pthread_join(sleeper, &answer);
  kill(child, SIGKILL);
  printf("the child %d, the semaphore is as it was %d\n", waitpid(child, NULL, 0) == child, sem_trywait(&never) != 0);
  return 0;
}
