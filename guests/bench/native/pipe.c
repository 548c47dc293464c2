/* Two processes pass eight bytes to and fro over two pipes, so many times; prints nanoseconds each. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}

int main(int argc, char **argv) {
  long trips = argc > 1 ? atol(argv[1]) : 100000;
  int there[2], back[2];
  char bytes[8] = "message";
  if (pipe(there) || pipe(back)) return 1;
  if (fork() == 0) {
    close(there[1]);
    while (read(there[0], bytes, sizeof bytes) == sizeof bytes)
      if (write(back[1], bytes, sizeof bytes) != sizeof bytes) return 1;
    return 0;
  }
  close(there[0]);
  double start = now();
  for (long trip = 0; trip < trips; trip++) {
    if (write(there[1], bytes, sizeof bytes) != sizeof bytes) return 1;
    if (read(back[0], bytes, sizeof bytes) != sizeof bytes) return 1;
  }
  printf("%.1f\n", (now() - start) / trips);
  close(there[1]);
  wait(NULL);
  return 0;
}
