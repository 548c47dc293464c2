// Shared memory by key: made, found, attached in two processes, counted, doomed, gone.
// Recorded from Linux: the emulator answers with the host's shared memory, and that is other programs' too.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#define SAY(what) say(#what, (long)(what))
static void say(const char *what, long answer) {
  printf("%s: %ld %s\n", what, answer < 0 ? -1 : answer, answer < 0 ? strerror(errno) : "");
}

int main(void) {
  key_t key = 0x5a000000 + getpid();
  int id = shmget(key, 10000, IPC_CREAT | IPC_EXCL | 0600);
  printf("made %d\n", id >= 0);
  SAY(shmget(key, 10000, IPC_CREAT | IPC_EXCL | 0600));
  SAY(shmget(key, 20000, 0600));
  SAY(shmget(key + 1, 100, 0600));
  SAY(shmget(IPC_PRIVATE, 0, 0600));
  printf("found %d\n", shmget(key, 0, 0) == id);
  char *here = shmat(id, NULL, 0);
  printf("attached %d, zero %d\n", here != (char *)-1, here[9999]);
  struct shmid_ds about;
  SAY(shmctl(id, IPC_STAT, &about));
  printf("size %zu, attached %ld, mode %o, maker %d, times %d %d %d\n", about.shm_segsz,
         (long)about.shm_nattch, about.shm_perm.mode & 0777, about.shm_cpid == getpid(),
         about.shm_atime > 0, about.shm_dtime > 0, about.shm_ctime > 0);
  printf("key %d\n", about.shm_perm.__key == key);
  strcpy(here, "from the parent");
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    shmctl(id, IPC_STAT, &about);
    printf("child sees %s, attached %ld\n", here, (long)about.shm_nattch);
    char *second = shmat(id, NULL, SHM_RDONLY);
    printf("twice %s\n", second);
    strcpy(here, "from the child");
    printf("second %s, detached %d\n", second, shmdt(second));
    fflush(stdout);
    _exit(0);
  }
  waitpid(child, NULL, 0);
  shmctl(id, IPC_STAT, &about);
  printf("%s, attached %ld, last was child %d\n", here, (long)about.shm_nattch, about.shm_lpid == child);
  SAY(shmdt(here + 1));
  SAY(shmdt(here + 4096));
  SAY(shmctl(id, IPC_RMID, NULL));
  SAY(shmget(key, 0, 0));
  shmctl(id, IPC_STAT, &about);
  printf("doomed %d, still %s\n", (about.shm_perm.mode & SHM_DEST) != 0, here);
  SAY(shmdt(here));
  SAY(shmctl(id, IPC_STAT, &about));
  SAY(shmat(id, NULL, 0) == (void *)-1 ? -1 : 0);
  return 0;
}
