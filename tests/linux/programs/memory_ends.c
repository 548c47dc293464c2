// Memory that ends: for the heap, for the environment, for threads, for text, and that it is there again after.
// Recorded from Linux: the emulator does not have programs keep to limits of memory.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static void in_child(void (*what)(void)) {
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    what();
    fflush(stdout);
    _exit(0);
  }
  int status;
  waitpid(child, &status, 0);
  if (status != 0) printf("ended by %d\n", status);
}
// No more than is there now, and a little.
static void limit(size_t more) {
  FILE *sizes = fopen("/proc/self/statm", "r");
  long pages = 0;
  fscanf(sizes, "%ld", &pages);
  fclose(sizes);
  struct rlimit both = {pages * 4096 + more, RLIM_INFINITY};
  printf("limit %d\n", setrlimit(RLIMIT_AS, &both));
}
static void *kept[4096];
static int fill(size_t size) {
  int count = 0;
  while (count < 4096 && (kept[count] = malloc(size))) count++;
  return count;
}
static void heap(void) {
  char *big = malloc(3 << 20);
  limit(16 << 20);
  errno = 0;
  int count = fill(1 << 20);
  printf("some %d, then %s", count > 4 && count < 17, strerror(errno));
  errno = 0;
  printf(", larger %d", realloc(big, 64 << 20) == NULL);
  printf(" %s", strerror(errno));
  printf(", kept %d", (big[0] = 1));
  for (int one = 0; one < count; one++) free(kept[one]);
  printf(", as many again %d\n", fill(1 << 20) >= count);
  errno = 0;
  void *aligned = kept;
  printf("calloc %d", calloc(1 << 16, 1 << 16) == NULL);
  printf(" %s", strerror(errno));
  int why = posix_memalign(&aligned, 4096, 64 << 20);
  printf(", aligned %s %d", strerror(why), aligned == kept);
  errno = 0;
  printf(", too many %d", reallocarray(NULL, (size_t)1 << 40, (size_t)1 << 40) == NULL);
  printf(" %s\n", strerror(errno));
}
// The break cannot grow, for something stands there; malloc finds other places.
static void no_break(void) {
  size_t page = 4096;
  char *end = sbrk(0);
  end = (char *)(((size_t)end + page - 1) / page * page);
  void *wall = mmap(end, page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
  errno = 0;
  printf("a wall %d, no break %d", wall == end, sbrk(4 << 20) == (void *)-1);
  printf(" %s", strerror(errno));
  int count = fill(5000);
  memset(kept[2000], 1, 5000);
  printf(", still memory %d\n", count);
}
static void environment(void) {
  limit(2 << 20);
  while (fill(100000) > 0 && fill(1000) > 0);
  size_t size = 1 << 20;
  char *text = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  static char own[600000];
  memset(own, 'x', sizeof own - 1);
  errno = 0;
  printf("setenv %d", setenv("LARGE", own, 1));
  printf(" %s, none %d, no map %d", strerror(errno), getenv("LARGE") == NULL, text == MAP_FAILED);
  errno = 0;
  printf(", strdup %d", strdup(own) == NULL);
  printf(" %s\n", strerror(errno));
}
static void *quiet(void *unused) { return unused; }
static void threads(void) {
  pthread_attr_t attributes;
  pthread_t thread;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, (size_t)1 << 46);
  printf("a stack too large: %s\n", strerror(pthread_create(&thread, &attributes, quiet, NULL)));
  pthread_attr_setstacksize(&attributes, 1 << 20);
  limit(8 << 20);
  pthread_t all[64];
  int count = 0, how = 0;
  static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  while (count < 64 && !(how = pthread_create(&all[count], &attributes, (void *(*)(void *))pause, NULL))) count++;
  printf("some %d, then %s", count > 0 && count < 9, strerror(how));
  void *answer;
  pthread_cancel(all[0]);
  pthread_join(all[0], &answer);
  printf(", cancelled %d, another %s\n", answer == PTHREAD_CANCELED, strerror(pthread_create(&thread, &attributes, quiet, NULL)));
  pthread_join(thread, &answer);
}
static void text(void) {
  limit(4 << 20);
  char *made = NULL;
  errno = 0;
  printf("text %d", asprintf(&made, "%*d", 8 << 20, 1));
  printf(" %s", strerror(errno));
  puts("");
}
static void empty(void) {
  char *none = malloc(0), *other = malloc(0);
  printf("nothing is something %d, not the same %d", none != NULL, none != other);
  printf(", grown %d", (none = realloc(none, 10)) != NULL);
  printf(", shrunk %d", realloc(none, 0) == NULL);
  free(other), free(NULL);
  char *zeros = calloc(0, 5);
  printf(", zeros %d\n", zeros != NULL);
}

int main(void) {
  in_child(heap), in_child(no_break), in_child(environment), in_child(threads), in_child(text), in_child(empty);
  return 0;
}
