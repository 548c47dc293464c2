#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <time.h>
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t cond = PTHREAD_COND_INITIALIZER;
static int queue[10], head, tail; static long sum;
static sem_t done;
static void *consumer(void *arg) {
  for (;;) {
    pthread_mutex_lock(&lock);
    while (head == tail) pthread_cond_wait(&cond, &lock);
    int v = queue[head++ % 10];
    sum += v > 0 ? v : 0;
    pthread_cond_broadcast(&cond);
    pthread_mutex_unlock(&lock);
    if (v < 0) break;
  }
  sem_post(&done);
  return NULL;
}
static void put(int v) { pthread_mutex_lock(&lock); while (tail - head == 10) pthread_cond_wait(&cond, &lock); queue[tail++ % 10] = v; pthread_cond_broadcast(&cond); pthread_mutex_unlock(&lock); }
int main(void) {
  pthread_t t[3];
  sem_init(&done, 0, 0);
  for (int i = 0; i < 3; i++) pthread_create(&t[i], NULL, consumer, NULL);
  for (int i = 1; i <= 500; i++) put(i);
  for (int i = 0; i < 3; i++) put(-1);
  for (int i = 0; i < 3; i++) sem_wait(&done);
  for (int i = 0; i < 3; i++) pthread_join(t[i], NULL);
  printf("%ld\n", sum);
  struct timespec ts; clock_gettime(CLOCK_REALTIME, &ts); ts.tv_nsec += 20000000; if (ts.tv_nsec >= 1000000000) { ts.tv_sec++; ts.tv_nsec -= 1000000000; }
  pthread_mutex_lock(&lock);
  printf("%d\n", pthread_cond_timedwait(&cond, &lock, &ts) == ETIMEDOUT);
  pthread_mutex_unlock(&lock);
  printf("%d %d\n", sem_trywait(&done), errno == EAGAIN);
  printf("%d %d\n", sem_timedwait(&done, &ts), errno == ETIMEDOUT);
  return 0;
}
