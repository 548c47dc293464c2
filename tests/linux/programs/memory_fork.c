#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
int main(void) {
  int *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  int *priv = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  char *heap = malloc(1 << 20); memset(heap, 7, 1 << 20);
  *shared = 1; *priv = 1;
  for (int i = 0; i < 4; i++) {
    if (fork() == 0) { ++*shared; ++*priv; heap[i * 5000] = 9; _exit(*priv); }
    int s; wait(&s);
    printf("%d %d %d %d\n", *shared, *priv, WEXITSTATUS(s), heap[i * 5000]);
  }
  if (fork() == 0) {
    if (fork() == 0) { *shared += 100; priv[1] = 5; _exit(0); }
    wait(NULL); priv[2] = 6; *shared += priv[1]; _exit(0);
  }
  wait(NULL);
  printf("%d %d %d\n", *shared, priv[1], priv[2]);
  return 0;
}
