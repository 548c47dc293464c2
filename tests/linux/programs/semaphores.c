// Semaphores of threads and of processes, with names and without, and shared memory by name.
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static sem_t empty, full;
static int slot;

static void *produce(void *unused) {
  for (int one = 1; one <= 100; one++) {
    sem_wait(&empty);
    slot = one;
    sem_post(&full);
  }
  return NULL;
}

int main(void) {
  sem_init(&empty, 0, 1);
  sem_init(&full, 0, 0);
  pthread_t thread;
  pthread_create(&thread, NULL, produce, NULL);
  int sum = 0, value;
  for (int one = 0; one < 100; one++) {
    sem_wait(&full);
    sum += slot;
    sem_post(&empty);
  }
  pthread_join(thread, NULL);
  printf("sum %d\n", sum);
  printf("trywait %d %s\n", sem_trywait(&full), strerror(errno));
  struct timespec soon;
  clock_gettime(CLOCK_REALTIME, &soon);
  soon.tv_nsec += 10000000;
  if (soon.tv_nsec >= 1000000000) soon.tv_sec++, soon.tv_nsec -= 1000000000;
  printf("timedwait %d %s\n", sem_timedwait(&full, &soon), strerror(errno));
  char name[64];
  sprintf(name, "/named-%d", getpid());
  printf("missing %d\n", sem_open(name, 0) == SEM_FAILED);
  sem_t *named = sem_open(name, O_CREAT | O_EXCL, 0600, 2);
  printf("named %d, twice %d\n", named != SEM_FAILED, sem_open(name, O_CREAT | O_EXCL, 0600, 2) == SEM_FAILED);
  sem_getvalue(named, &value);
  printf("value %d, same %d\n", value, sem_open(name, 0) == named);
  sem_wait(named);
  sem_wait(named);
  fflush(stdout);
  if (fork() == 0) {
    usleep(2000);
    sem_post(sem_open(name, 0));
    _exit(0);
  }
  printf("woken %d\n", sem_wait(named));
  wait(NULL);
  printf("unlink %d %d\n", sem_unlink(name), sem_unlink(name));
  int fd = shm_open(name, O_RDWR | O_CREAT | O_EXCL, 0600);
  ftruncate(fd, 4096);
  char *map = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  fflush(stdout);
  if (fork() == 0) {
    char *mine = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, shm_open(name, O_RDWR, 0), 0);
    strcpy(mine, "by name");
    _exit(0);
  }
  wait(NULL);
  printf("%s, unlink %d %d\n", map, shm_unlink(name), shm_unlink(name));
  return 0;
}
