// Locks that inherit priority: taken, waited for, timed out, given up by a thread that ends.
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t mutex;
static int order[8], count;

static void *work(void *which) {
  pthread_mutex_lock(&mutex);
  order[count++] = (int)(long)which;
  usleep(1000);
  pthread_mutex_unlock(&mutex);
  return NULL;
}
static void *timed(void *unused) {
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_nsec += 20000000;
  if (until.tv_nsec >= 1000000000) until.tv_sec++, until.tv_nsec -= 1000000000;
  return (void *)(long)pthread_mutex_timedlock(&mutex, &until);
}

int main(void) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  printf("protocol %d\n", pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT));
  pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
  printf("init %d\n", pthread_mutex_init(&mutex, &attributes));
  printf("lock %d\n", pthread_mutex_lock(&mutex));
  printf("again %s\n", strerror(pthread_mutex_lock(&mutex)));
  pthread_t threads[5];
  void *answer;
  pthread_create(&threads[0], NULL, timed, NULL);
  pthread_join(threads[0], &answer);
  printf("timed %s\n", strerror((int)(long)answer));
  for (long one = 0; one < 5; one++) pthread_create(&threads[one], NULL, work, (void *)one);
  usleep(5000);
  printf("unlock %d\n", pthread_mutex_unlock(&mutex));
  for (int one = 0; one < 5; one++) pthread_join(threads[one], NULL);
  int sum = 0;
  for (int one = 0; one < count; one++) sum += order[one];
  printf("%d took it, sum %d\n", count, sum);
  printf("unlock %s\n", strerror(pthread_mutex_unlock(&mutex)));
  printf("destroy %d\n", pthread_mutex_destroy(&mutex));
  return 0;
}
