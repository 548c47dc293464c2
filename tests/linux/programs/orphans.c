// Process groups that nobody could let go on: they do not stop at the terminal's signals, and who is
// stopped when it comes to that is told and goes on.
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int hung_up, went_on;
static void note(int signal) {
  if (signal == SIGHUP) hung_up++;
  else went_on++;
}

/** Ends with a number for what becomes of a process that does something, in a session of its own. */
static int in_session(void (*deed)(void)) {
  int status;
  pid_t leader = fork();
  if (leader == 0) {
    setsid();
    deed();
    _exit(0);
  }
  waitpid(leader, &status, WUNTRACED);
  if (WIFSTOPPED(status)) {
    kill(leader, SIGKILL);
    waitpid(leader, NULL, 0);
    return 1000;
  }
  return WEXITSTATUS(status);
}

static void stop_itself(void) {
  raise(SIGTSTP);
  raise(SIGTTIN);
  raise(SIGTTOU);
  _exit(3);
}

static void stop_for_good(void) {
  raise(SIGSTOP);
  _exit(4);
}

/** A child in a group of its own can be let go on by its parent, so it stops. */
static void stop_child(void) {
  int status;
  pid_t child = fork();
  if (child == 0) {
    setpgid(0, 0);
    raise(SIGTSTP);
    _exit(9);
  }
  waitpid(child, &status, WUNTRACED);
  int stopped = WIFSTOPPED(status);
  kill(child, SIGCONT);
  waitpid(child, &status, 0);
  _exit(stopped * 10 + WEXITSTATUS(status));
}

/** A grandchild is stopped in a group of its own when the one ends who could let it go on. */
static void leave_stopped(void) {
  int pipes[2];
  char told[2] = "";
  pipe(pipes);
  if (fork() == 0) {
    pid_t child = fork();
    if (child == 0) {
      setpgid(0, 0);
      signal(SIGHUP, note);
      signal(SIGCONT, note);
      raise(SIGSTOP);
      char what[2] = {'0' + hung_up, '0' + went_on};
      write(pipes[1], what, 2);
      _exit(0);
    }
    waitpid(child, NULL, WUNTRACED);
    _exit(0);
  }
  close(pipes[1]);
  int got = 0, count;
  while (got < 2 && (count = read(pipes[0], told + got, 2 - got)) > 0) got += count;
  _exit(got == 2 ? (told[0] - '0') * 10 + told[1] - '0' : 99);
}

int main(void) {
  printf("the terminal's signals stop nobody who is alone: %d\n", in_session(stop_itself));
  printf("SIGSTOP stops everybody: %d\n", in_session(stop_for_good));
  printf("who has a parent elsewhere stops, and goes on: %d\n", in_session(stop_child));
  printf("who is left behind is hung up, and goes on: %d\n", in_session(leave_stopped));
  return 0;
}
