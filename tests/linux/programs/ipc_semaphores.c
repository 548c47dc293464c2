// Sets of semaphores: changed together or not at all, waited for, undone, removed under a waiter.
// Recorded from Linux: the emulator answers with the host's semaphores, and those are other programs' too.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

union semun { int val; struct semid_ds *buf; unsigned short *array; };
#define SAY(what) say(#what, (long)(what))
static void say(const char *what, long answer) {
  printf("%s: %ld %s\n", what, answer, answer < 0 ? strerror(errno) : "");
  fflush(stdout);
}
static int change(int id, int at, int by, int flags) {
  struct sembuf one = {at, by, flags};
  return semop(id, &one, 1);
}

int main(void) {
  int id = semget(IPC_PRIVATE, 3, IPC_CREAT | 0600);
  printf("made %d\n", id >= 0);
  unsigned short values[3] = {1, 2, 3};
  SAY(semctl(id, 0, SETALL, (union semun){.array = values}));
  SAY(semctl(id, 2, GETVAL));
  SAY(semctl(id, 1, SETVAL, (union semun){.val = 40000}));
  SAY(semctl(id, 3, GETVAL));
  struct sembuf both[2] = {{0, -1, 0}, {1, -3, IPC_NOWAIT}};
  SAY(semop(id, both, 2));
  SAY(semctl(id, 0, GETVAL));
  both[1].sem_op = -2;
  SAY(semop(id, both, 2));
  memset(values, 9, sizeof values);
  semctl(id, 0, GETALL, (union semun){.array = values});
  printf("%d %d %d\n", values[0], values[1], values[2]);
  struct semid_ds about;
  semctl(id, 0, IPC_STAT, (union semun){.buf = &about});
  printf("count %lu, mode %o, operated %d, changed %d\n", about.sem_nsems, about.sem_perm.mode & 0777,
         about.sem_otime > 0, about.sem_ctime > 0);
  SAY(semctl(id, 0, GETPID) == getpid());
  SAY(change(id, 7, 1, 0));
  struct timespec soon = {0, 20000000};
  struct sembuf wait = {0, -1, 0};
  SAY(semtimedop(id, &wait, 1, &soon));
  if (fork() == 0) {
    while (semctl(id, 0, GETNCNT) == 0) usleep(1000);
    change(id, 0, 5, SEM_UNDO);
    change(id, 2, -3, SEM_UNDO);
    _exit(0);
  }
  SAY(change(id, 0, -2, 0));
  waitpid(-1, NULL, 0);
  SAY(semctl(id, 0, GETVAL));
  SAY(semctl(id, 2, GETVAL));
  semctl(id, 0, SETVAL, (union semun){.val = 0});
  pid_t child = fork();
  if (child == 0) {
    int answer = change(id, 0, -1, 0);
    printf("waiter: %d %s\n", answer, strerror(errno));
    fflush(stdout);
    _exit(0);
  }
  while (semctl(id, 0, GETNCNT) == 0) usleep(1000);
  SAY(semctl(id, 0, GETNCNT));
  printf("removed %d\n", semctl(id, 0, IPC_RMID));
  waitpid(child, NULL, 0);
  fflush(stdout);
  SAY(semctl(id, 0, GETVAL));
  SAY(semget(IPC_PRIVATE, 0, 0600));
  return 0;
}
