#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
int main(int argc, char **argv) {
  int count = atoi(argv[1]);
  char *args[] = {argv[2], NULL};
  for (int i = 0; i < count; i++) {
    pid_t p = fork();
    if (p == 0) { execv(argv[2], args); _exit(127); }
    int status;
    waitpid(p, &status, 0);
    if (status != 0) return 1;
  }
  return 0;
}
