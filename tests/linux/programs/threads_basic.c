#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long total;
static __thread int mine;
static void *work(void *arg) {
  long n = (long)arg;
  for (int i = 0; i < 1000; i++) { pthread_mutex_lock(&lock); total += n; pthread_mutex_unlock(&lock); mine++; }
  return (void *)(n * mine);
}
int main(void) {
  pthread_t t[8]; long sum = 0;
  for (long i = 0; i < 8; i++) pthread_create(&t[i], NULL, work, (void *)i);
  for (int i = 0; i < 8; i++) { void *r; pthread_join(t[i], &r); sum += (long)r; }
  printf("%ld %ld %d\n", total, sum, mine);
  return 0;
}
