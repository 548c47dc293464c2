// What `prctl` is asked about memory as a whole: to refuse what is both written to and executed, to do without
// large pages, to have pages that are alike be one; and who inherits it.
// Recorded from Linux: the emulator has the host asked about its own memory.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

#define SET_THP_DISABLE 41
#define GET_THP_DISABLE 42
#define SET_MDWE 65
#define GET_MDWE 66
#define SET_MEMORY_MERGE 67
#define GET_MEMORY_MERGE 68
#define PAGE 4096
#define R PROT_READ
#define W PROT_WRITE
#define X PROT_EXEC

static const char *who = "";

static void say(const char *what, long answer) {
  printf("%s%s: %ld %s\n", who, what, answer, answer < 0 ? strerrorname_np(errno) : "");
  fflush(stdout);
}
#define SAY(what) say(#what, (long)(what))
#define ASK(...) say(#__VA_ARGS__, prctl(__VA_ARGS__))

static char *fresh(int prot) { return mmap(NULL, PAGE, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0); }
static int is_mapped(int prot) { return fresh(prot) == MAP_FAILED ? -1 : 0; }
static void switches(int set, int get) {
  say("a switch", prctl(get, 0, 0, 0, 0));
  say("set", prctl(set, 7, 0, 0, 0));
  say("is", prctl(get, 0, 0, 0, 0));
  say("with more to set", prctl(set, 1, 1, 0, 0));
  say("with more to get", prctl(get, 1, 0, 0, 0));
  if (fork() == 0) {
    say("is in a child", prctl(get, 0, 0, 0, 0));
    _exit(0);
  }
  wait(NULL);
  say("set back", prctl(set, 0, 0, 0, 0));
  say("is", prctl(get, 0, 0, 0, 0));
}
/** What is not inherited by a child of a child. */
static void own(void) {
  ASK(SET_MDWE, 3, 0, 0, 0);
  ASK(GET_MDWE, 0, 0, 0, 0);
  ASK(SET_MDWE, 1, 0, 0, 0);
  SAY(is_mapped(R | W | X));
  if (fork() == 0) {
    who = "its child: ";
    ASK(GET_MDWE, 0, 0, 0, 0);
    SAY(is_mapped(R | W | X));
    _exit(0);
  }
  wait(NULL);
}

int main(int count, char **args) {
  if (!strcmp(args[0], "again")) {
    who = "a program that was executed: ";
    ASK(GET_MDWE, 0, 0, 0, 0);
    SAY(is_mapped(R | W | X));
    return 0;
  }
  switches(SET_THP_DISABLE, GET_THP_DISABLE);
  switches(SET_MEMORY_MERGE, GET_MEMORY_MERGE);
  char *both = fresh(R | W | X), *run = fresh(R | X), *written = fresh(R | W);
  ASK(GET_MDWE, 0, 0, 0, 0);
  ASK(GET_MDWE, 1, 0, 0, 0);
  ASK(SET_MDWE, 4, 0, 0, 0);
  ASK(SET_MDWE, 1L << 32, 0, 0, 0);
  ASK(SET_MDWE, 2, 0, 0, 0);
  ASK(SET_MDWE, 1, 1, 0, 0);
  ASK(SET_MDWE, 0, 0, 0, 0);
  if (fork() == 0) {
    who = "a child: ";
    own();
    _exit(0);
  }
  wait(NULL);
  ASK(SET_MDWE, 1, 0, 0, 0);
  ASK(GET_MDWE, 0, 0, 0, 0);
  ASK(SET_MDWE, 1, 0, 0, 0);
  ASK(SET_MDWE, 0, 0, 0, 0);
  ASK(SET_MDWE, 3, 0, 0, 0);
  SAY(is_mapped(R | W | X));
  SAY(is_mapped(X));
  SAY(mprotect(written, PAGE, R | X));
  SAY(mprotect(written, PAGE, R));
  SAY(mprotect(written, PAGE, X));
  SAY(mprotect(run, PAGE, R | X));
  SAY(mprotect(run, PAGE, R | W | X));
  SAY(mprotect(run, PAGE, R | W));
  SAY(mprotect(run, PAGE, R | X));
  SAY(mprotect(both, PAGE, R | W | X));
  SAY(mprotect(both, PAGE, R | X));
  int id = shmget(IPC_PRIVATE, PAGE, IPC_CREAT | 0700);
  SAY(shmat(id, NULL, SHM_EXEC));
  shmctl(id, IPC_RMID, NULL);
  execl("/proc/self/exe", "again", NULL);
  return 1;
}
