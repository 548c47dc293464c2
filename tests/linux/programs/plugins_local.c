// Dynamic only. Libraries loaded while threads run: each thread has the libraries' variables of its own.
// With libraries/own_values.c.
// With libraries/second_values.c.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <libgen.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int (*count)(void), (*stands)(void), (*is_zero)(void), (*calls)(int), (*next)(void);
static void *(*place)(void);
static void (*tell)(int *);
static pthread_barrier_t loaded;
static char folder[PATH_MAX];

int given_back(int value) { return value + 1; }

static void *open_beside(const char *name, int flags) {
  char path[PATH_MAX + 32];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  void *library = dlopen(path, flags);
  if (!library) printf("%s\n", dlerror());
  return library;
}
struct seen { int counts[2], stands, zero, second; void *where; };
// A thread that was there before the libraries were.
static void *early(void *into) {
  struct seen *seen = into;
  pthread_barrier_wait(&loaded);
  pthread_barrier_wait(&loaded);
  seen->counts[0] = count(), seen->counts[1] = count();
  seen->stands = stands(), seen->zero = is_zero(), seen->where = place();
  next();
  seen->second = next();
  return NULL;
}

int main(int argc, char **argv) {
  char self[PATH_MAX];
  strcpy(self, argv[0]);
  strcpy(folder, dirname(self));
  struct seen seen[4] = {{{0}}};
  pthread_t threads[4];
  pthread_barrier_init(&loaded, NULL, 4);
  for (int one = 0; one < 3; one++) pthread_create(&threads[one], NULL, early, &seen[one]);
  pthread_barrier_wait(&loaded);
  void *own = open_beside("libown_values.so", RTLD_NOW | RTLD_LOCAL);
  void *second = open_beside("libsecond_values.so", RTLD_LAZY | RTLD_GLOBAL);
  if (!own || !second) return 1;
  count = dlsym(own, "own_count"), stands = dlsym(own, "own_stands"), is_zero = dlsym(own, "own_is_zero");
  place = dlsym(own, "own_place"), calls = dlsym(own, "own_calls"), tell = dlsym(own, "own_tell"), next = dlsym(second, "second_next");
  printf("here %d %d, calls back %d\n", count(), count() - 1, calls(20));
  pthread_barrier_wait(&loaded);
  for (int one = 0; one < 3; one++) pthread_join(threads[one], NULL);
  pthread_barrier_init(&loaded, NULL, 1);
  pthread_create(&threads[3], NULL, early, &seen[3]);
  pthread_join(threads[3], NULL);
  for (int one = 0; one < 4; one++)
    printf("thread %d: %d %d, stands %d, zero %d, second %d, own place %d\n", one, seen[one].counts[0], seen[one].counts[1], seen[one].stands,
           seen[one].zero, seen[one].second, seen[one].where != place());
  long *visible = dlsym(own, "visible");
  printf("by name %d %ld\n", visible == place(), *visible);
  printf("not for all %d, for all %d\n", dlsym(RTLD_DEFAULT, "own_count") == NULL, dlsym(RTLD_DEFAULT, "second_next") == (void *)next);
  printf("again the same %d", open_beside("libown_values.so", RTLD_NOW) == own);
  int ended = 0;
  tell(&ended);
  printf(", close %d %d", dlclose(own), ended);
  printf(", close %d", dlclose(own));
  printf(" %d\n", ended);
  own = open_beside("libown_values.so", RTLD_NOW);
  count = dlsym(own, "own_count");
  printf("loaded anew %d", count());
  printf(", not loaded yet %d\n", dlopen("libthere_is_none.so", RTLD_NOW | RTLD_NOLOAD) == NULL);
  return 0;
}
