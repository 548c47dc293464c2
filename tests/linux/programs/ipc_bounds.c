// What there can be of objects with keys: as much as /proc and the calls say, and no more.
// Recorded from Linux: the emulator would fill the host's tables, where other programs' objects are.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>

static int ids[40000];

static int make_queue(void) { return msgget(IPC_PRIVATE, 0600); }
static int make_set(void) { return semget(IPC_PRIVATE, 1, 0600); }
static int make_memory(void) { return shmget(IPC_PRIVATE, 4096, 0600); }
static void remove_queue(int id) { msgctl(id, IPC_RMID, NULL); }
static void remove_set(int id) { semctl(id, 0, IPC_RMID); }
static void remove_memory(int id) { shmctl(id, IPC_RMID, NULL); }

/** The number at a place in a file. */
static long setting(const char *path, int place) {
  long numbers[4] = {0};
  FILE *file = fopen(path, "r");
  for (int i = 0; i <= place; i++) fscanf(file, "%ld", &numbers[i]);
  fclose(file);
  return numbers[place];
}

/** Make objects until there can be no more, one more in the place of another, and remove them. */
static void fill(const char *what, int (*make)(void), void (*drop)(int), long most, long told) {
  int made = 0;
  while (made < 40000 && (ids[made] = make()) >= 0) made++;
  printf("%s: %s, as many as %s says, as %s\n", what, strerrorname_np(errno), made == most ? "/proc" : "nobody",
         told == most ? "the call" : "no call");
  drop(ids[made / 2]);
  printf("  one gone, one more: %d\n", (ids[made / 2] = make()) >= 0);
  printf("  and another: %d\n", make());
  for (int i = 0; i < made; i++) drop(ids[i]);
  int again = make();
  printf("  all gone, one more: %d\n", again >= 0);
  drop(again);
}

int main(void) {
  struct seminfo sets;
  struct msginfo queues;
  struct shminfo memories;
  semctl(0, 0, IPC_INFO, &sets);
  msgctl(0, IPC_INFO, (void *)&queues);
  shmctl(0, IPC_INFO, (void *)&memories);
  fill("sets", make_set, remove_set, setting("/proc/sys/kernel/sem", 3), sets.semmni);
  fill("queues", make_queue, remove_queue, setting("/proc/sys/kernel/msgmni", 0), queues.msgmni);
  fill("memories", make_memory, remove_memory, setting("/proc/sys/kernel/shmmni", 0), memories.shmmni);
  printf("%d counts in a set, %d at once\n", sets.semmsl, sets.semopm);
  return 0;
}
