// The page at address 0, for who may have it and who may not, and what a process wishes to be like.
// Recorded from Linux: the emulator's programs have the host's addresses behind them.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/wait.h>
#include <unistd.h>

static char *volatile nowhere = NULL;

static void say(const char *what, long answer) {
  printf("%s: %lx %s\n", what, answer, answer == -1 ? strerror(errno) : "");
  fflush(stdout);
}

static void *map(int prot) {
  return mmap(NULL, 4096, prot, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void run(const char *name, const char *way) {
  pid_t child = fork();
  if (child == 0) {
    if (name[0] == 'n') setuid(1000);
    say("persona", personality(way[0] == 'z' ? MMAP_PAGE_ZERO : ADDR_NO_RANDOMIZE));
    execl("/proc/self/exe", "page_zero", name, NULL);
    _exit(9);
  }
  int status;
  waitpid(child, &status, 0);
  printf("%s with %s: exit %d, signal %d\n", name, way, WEXITSTATUS(status),
         WIFSIGNALED(status) ? WTERMSIG(status) : 0);
  fflush(stdout);
}

int main(int argc, char **argv) {
  if (argc > 1) {
    say("persona after execve", personality(0xffffffff));
    printf("at address 0: %d\n", nowhere[0]);
    fflush(stdout);
    nowhere[0] = 1;
    return 0;
  }
  say("persona", personality(0xffffffff));
  say("page 0", (long)map(PROT_READ | PROT_WRITE));
  nowhere[8] = 42;
  printf("at address 8: %d\n", nowhere[8]);
  say("unmapped", munmap(NULL, 4096));
  run("root", "zero page");
  run("root", "fixed addresses");
  pid_t child = fork();
  if (child == 0) {
    setuid(1000);
    say("page 0 for others", (long)map(PROT_READ));
    _exit(0);
  }
  wait(NULL);
  run("nobody", "zero page");
  say("persona", personality(0x00400000));
  say("persona", personality(0));
  return 0;
}
