// Values of threads: keys with destructors, thread-local variables, stacks that were asked for.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static pthread_key_t first, second;
static __thread int counter = 7;
static __thread char text[64] = "initial";
static int destroyed, again;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void destroy(void *value) {
  pthread_mutex_lock(&mutex);
  destroyed += *(int *)value;
  pthread_mutex_unlock(&mutex);
  free(value);
}
static void once_more(void *value) {
  if (++again < 3) pthread_setspecific(second, value);
}
static void *work(void *which) {
  int *value = malloc(sizeof *value);
  *value = (int)(long)which;
  pthread_setspecific(first, value);
  for (int one = 0; one < *value; one++) counter++;
  sprintf(text + strlen(text), " %d", counter);
  return strdup(text);
}
static void *deep(void *unused) {
  volatile char big[300000];
  memset((char *)big, 1, sizeof big);
  pthread_setspecific(second, &again);
  pthread_attr_t attributes;
  size_t size;
  pthread_getattr_np(pthread_self(), &attributes);
  pthread_attr_getstacksize(&attributes, &size);
  return (void *)(long)(size >= 512 * 1024);
}

int main(void) {
  pthread_key_create(&first, destroy);
  pthread_key_create(&second, once_more);
  pthread_t threads[4];
  for (long one = 0; one < 4; one++) pthread_create(&threads[one], NULL, work, (void *)(one * 10));
  for (int one = 0; one < 4; one++) {
    void *said;
    pthread_join(threads[one], &said);
    puts(said);
    free(said);
  }
  printf("own %d %s, destroyed %d\n", counter, text, destroyed);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  printf("too small: %s\n", strerror(pthread_attr_setstacksize(&attributes, 100)));
  pthread_attr_setstacksize(&attributes, 512 * 1024);
  void *answer;
  pthread_create(&threads[0], &attributes, deep, NULL);
  pthread_join(threads[0], &answer);
  printf("deep %ld, again %d\n", (long)answer, again);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_create(&threads[0], &attributes, deep, NULL);
  printf("key gone %d", pthread_key_delete(first));
  printf(" %d\n", pthread_key_delete(first));
  pthread_exit(NULL);
}
