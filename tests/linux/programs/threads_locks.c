#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>
static pthread_rwlock_t rw = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t barrier;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int shared, inits, serial;
static void init(void) { inits++; }
static void *work(void *a) {
  pthread_once(&once, init);
  for (int i = 0; i < 100; i++) { pthread_rwlock_wrlock(&rw); shared++; pthread_rwlock_unlock(&rw); pthread_rwlock_rdlock(&rw); volatile int x = shared; pthread_rwlock_unlock(&rw); }
  if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD) __sync_fetch_and_add(&serial, 1);
  return NULL;
}
static void *dies(void *m) { pthread_mutex_lock(m); return NULL; }
int main(void) {
  pthread_t t[5];
  pthread_barrier_init(&barrier, NULL, 5);
  for (int i = 0; i < 5; i++) pthread_create(&t[i], NULL, work, NULL);
  for (int i = 0; i < 5; i++) pthread_join(t[i], NULL);
  printf("%d %d %d\n", shared, inits, serial);
  pthread_mutexattr_t at; pthread_mutex_t m;
  pthread_mutexattr_init(&at); pthread_mutexattr_settype(&at, PTHREAD_MUTEX_RECURSIVE);
  pthread_mutex_init(&m, &at);
  printf("%d %d\n", pthread_mutex_lock(&m), pthread_mutex_lock(&m));
  pthread_mutexattr_settype(&at, PTHREAD_MUTEX_ERRORCHECK);
  pthread_mutex_init(&m, &at); pthread_mutex_lock(&m);
  printf("%d %d\n", pthread_mutex_lock(&m) == EDEADLK, pthread_mutex_trylock(&m) == EBUSY);
  pthread_spinlock_t s; pthread_spin_init(&s, 0); pthread_spin_lock(&s);
  printf("%d\n", pthread_spin_trylock(&s) == EBUSY);
  return 0;
}
