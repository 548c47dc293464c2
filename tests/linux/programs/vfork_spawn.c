// Children that borrow their parent's memory, and children that are spawned.
// Recorded from Linux: the emulator has the host execute, which cannot execute programs of RISC-V.
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
extern char **environ;
int main(int argc, char **argv) {
  if (argc > 1) { write(1, "spawned\n", 8); return 7; }
  int status;
  volatile int shared = 0;
  pid_t p = vfork();
  if (p == 0) { shared = 42; _exit(3); }
  waitpid(p, &status, 0);
  printf("%d %d\n", shared, WEXITSTATUS(status));
  fflush(stdout);
  char *args[] = {"self", "again", NULL};
  int r = posix_spawn(&p, "/proc/self/exe", NULL, NULL, args, environ);
  waitpid(p, &status, 0);
  printf("%d %d\n", r, WEXITSTATUS(status));
  r = posix_spawn(&p, "/no/such", NULL, NULL, args, environ);
  printf("%s\n", strerror(r));
  posix_spawn_file_actions_t fa;
  posix_spawn_file_actions_init(&fa);
  posix_spawn_file_actions_addopen(&fa, 1, "spawn.out", 01101, 0644);
  posix_spawn(&p, "/proc/self/exe", &fa, NULL, args, environ);
  waitpid(p, &status, 0);
  char text[20] = {0};
  FILE *f = fopen("spawn.out", "r");
  fgets(text, 20, f);
  printf("%s", text);
  unlink("spawn.out");
  return 0;
}
