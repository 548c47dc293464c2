// Locks whose owner dies: a thread's, a process's, made consistent again or given up.
// Recorded from Linux: the emulator forgets the list of the locks that a process holds.
#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static pthread_mutex_t *mutex;

static void make(int is_shared) {
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  if (is_shared) pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  printf("init %d\n", pthread_mutex_init(mutex, &attributes));
}
static void *die(void *unused) {
  pthread_mutex_lock(mutex);
  return NULL;
}
static void *wait_for(void *unused) { return (void *)(long)pthread_mutex_lock(mutex); }

int main(void) {
  mutex = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  pthread_t thread;
  make(0);
  pthread_create(&thread, NULL, die, NULL);
  pthread_join(thread, NULL);
  printf("lock %s\n", strerror(pthread_mutex_lock(mutex)));
  printf("consistent %d\n", pthread_mutex_consistent(mutex));
  printf("unlock %d\n", pthread_mutex_unlock(mutex));
  printf("lock %d\n", pthread_mutex_lock(mutex));
  pthread_mutex_unlock(mutex);
  pthread_create(&thread, NULL, die, NULL);
  pthread_join(thread, NULL);
  printf("trylock %s\n", strerror(pthread_mutex_trylock(mutex)));
  pthread_mutex_unlock(mutex);
  printf("given up: %s\n", strerror(pthread_mutex_lock(mutex)));
  make(1);
  fflush(stdout);
  int ends[2];
  pipe(ends);
  pid_t child = fork();
  if (child == 0) {
    pthread_mutex_lock(mutex);
    write(ends[1], "x", 1);
    usleep(30000);
    _exit(0);
  }
  char byte;
  read(ends[0], &byte, 1);
  pthread_create(&thread, NULL, wait_for, NULL);
  void *answer;
  pthread_join(thread, &answer);
  printf("waiter: %s\n", strerror((int)(long)answer));
  waitpid(child, NULL, 0);
  return 0;
}
