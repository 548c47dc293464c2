// Threads at their edges: locks refused, waits that end, once and no more, ends that meet, signals that are the library's.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static sem_t ready, go;

static void *in_thread(void *(*work)(void *), void *with) {
  pthread_t thread;
  void *answer;
  pthread_create(&thread, NULL, work, with);
  pthread_join(thread, &answer);
  return answer;
}
static void *try_locks(void *unused) {
  int read = pthread_rwlock_tryrdlock(&rwlock), write = pthread_rwlock_trywrlock(&rwlock);
  if (!read) pthread_rwlock_unlock(&rwlock);
  struct timespec past = {1, 0};
  return (void *)(long)(read * 1000000 + write * 1000 + pthread_rwlock_timedwrlock(&rwlock, &past));
}
static void read_and_write(void) {
  pthread_rwlock_rdlock(&rwlock);
  pthread_rwlock_rdlock(&rwlock);
  printf("held for reading: %ld", (long)in_thread(try_locks, NULL));
  pthread_rwlock_unlock(&rwlock);
  printf(" %ld", (long)in_thread(try_locks, NULL));
  pthread_rwlock_unlock(&rwlock);
  pthread_rwlock_wrlock(&rwlock);
  printf(", for writing: %ld", (long)in_thread(try_locks, NULL));
  printf(", by itself %s\n", strerror(pthread_rwlock_wrlock(&rwlock)));
  pthread_rwlock_unlock(&rwlock);
}
static void clocks(void) {
  pthread_condattr_t attributes;
  pthread_cond_t condition;
  clockid_t clock = -1;
  pthread_condattr_init(&attributes);
  for (int one = 0; one < 5; one++) printf("clock %d: %s\n", one, strerror(pthread_condattr_setclock(&attributes, one)));
  pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
  pthread_condattr_getclock(&attributes, &clock);
  pthread_cond_init(&condition, &attributes);
  struct timespec until;
  clock_gettime(CLOCK_MONOTONIC, &until);
  until.tv_nsec += 3000000;
  if (until.tv_nsec >= 1000000000) until.tv_sec++, until.tv_nsec -= 1000000000;
  pthread_mutex_lock(&mutex);
  printf("clock %d, timed %s", clock, strerror(pthread_cond_timedwait(&condition, &mutex, &until)));
  until.tv_nsec = -1;
  printf(", %s\n", strerror(pthread_cond_timedwait(&condition, &mutex, &until)));
  pthread_mutex_unlock(&mutex);
}
// Waiters, woken one by one and all at once, again and again: nobody is lost, nobody is woken for another.
static pthread_cond_t wave = PTHREAD_COND_INITIALIZER;
static int generation, waiting, woken;
static void *waiter(void *unused) {
  for (int round = 0; round < 60; round++) {
    pthread_mutex_lock(&mutex);
    int mine = generation;
    waiting++;
    sem_post(&ready);
    while (mine == generation) pthread_cond_wait(&wave, &mutex);
    woken++;
    pthread_mutex_unlock(&mutex);
  }
  return NULL;
}
static void smash(void) {
  pthread_t threads[5];
  for (int one = 0; one < 5; one++) pthread_create(&threads[one], NULL, waiter, NULL);
  for (int round = 0; round < 60; round++) {
    for (int one = 0; one < 5; one++) sem_wait(&ready);
    pthread_mutex_lock(&mutex);
    generation++;
    if (round % 2) for (int one = 0; one < 5; one++) pthread_cond_signal(&wave);
    else pthread_cond_broadcast(&wave);
    pthread_mutex_unlock(&mutex);
  }
  for (int one = 0; one < 5; one++) pthread_join(threads[one], NULL);
  printf("waited %d, woken %d\n", waiting, woken);
  pthread_cond_destroy(&wave);
}
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int onces, gave_up;
static void init(void) {
  onces++;
  if (!gave_up) gave_up = 1, sem_post(&ready), sem_wait(&go), pthread_exit(NULL);
}
static void *initialise(void *unused) { return pthread_once(&once, init), (void *)1; }
static void *cancelled_init(void *unused) { return initialise(NULL); }
static pthread_key_t key;
static int destroyed;
static void in_destructor(void *value) {
  destroyed++;
  if ((long)value < 3) pthread_setspecific(key, (void *)((long)value + 1));
  pthread_mutex_lock(&mutex), pthread_mutex_unlock(&mutex);
}
static void *with_value(void *unused) { return pthread_setspecific(key, (void *)1), NULL; }
static void ends_meet(void) {
  pthread_t thread;
  printf("once: the first leaves %d,", pthread_create(&thread, NULL, cancelled_init, NULL));
  sem_wait(&ready);
  sem_post(&go);
  printf(" %d", pthread_join(thread, NULL));
  long answer = (long)in_thread(initialise, NULL);
  printf(" another does it %ld, %d times\n", answer, onces);
  pthread_key_create(&key, in_destructor);
  in_thread(with_value, NULL);
  printf("destroyed %d\n", destroyed);
}
// What the library keeps for itself cannot be blocked or taken by a program.
static void hear(int signal) {}
static void kept_signals(void) {
  sigset_t all, now;
  struct sigaction action = {.sa_handler = hear};
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, NULL);
  pthread_sigmask(SIG_SETMASK, NULL, &now);
  // The last two are the emulator's own.
  printf("blocked:");
  for (int one = 1; one < 63; one++) if (!sigismember(&now, one)) printf(" not %d", one);
  for (int one = 32; one < 34; one++) {
    errno = 0;
    printf(", action %d", sigaction(one, &action, NULL));
    printf(" %s", strerror(errno));
  }
  printf(", first %d\n", SIGRTMIN);
  sigemptyset(&all);
  pthread_sigmask(SIG_SETMASK, &all, NULL);
}

int main(void) {
  sem_init(&ready, 0, 0), sem_init(&go, 0, 0);
  read_and_write(), clocks(), smash(), ends_meet(), kept_signals();
  return 0;
}
