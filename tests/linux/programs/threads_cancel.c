#include <pthread.h>
#include <stdio.h>
#include <unistd.h>
static int cleaned;
static void clean(void *a) { cleaned += *(int *)a; }
static int one = 1, ten = 10;
static void *sleeps(void *a) { pthread_cleanup_push(clean, &one); pthread_cleanup_push(clean, &ten); for (;;) pause(); pthread_cleanup_pop(0); pthread_cleanup_pop(0); return NULL; }
static pthread_key_t key; static int destroyed;
static void destroy(void *v) { destroyed += (int)(long)v; }
static void *keyed(void *a) { pthread_setspecific(key, a); return NULL; }
static void *exits(void *a) { pthread_exit((void *)77); }
int main(void) {
  pthread_t t; void *r;
  pthread_create(&t, NULL, sleeps, NULL);
  usleep(1000);
  pthread_cancel(t);
  pthread_join(t, &r);
  printf("%d %d\n", r == PTHREAD_CANCELED, cleaned);
  pthread_key_create(&key, destroy);
  for (long i = 1; i <= 3; i++) { pthread_create(&t, NULL, keyed, (void *)i); pthread_join(t, NULL); }
  printf("%d\n", destroyed);
  pthread_create(&t, NULL, exits, NULL); pthread_join(t, &r);
  printf("%ld\n", (long)r);
  pthread_attr_t a; size_t size;
  pthread_attr_init(&a); pthread_attr_getstacksize(&a, &size);
  printf("%d\n", size >= 16384);
  return 0;
}
