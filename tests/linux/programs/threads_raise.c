// Signals that threads send themselves, while others do, and while the process is copied.
// Recorded from Linux: the emulator hangs when threads fork, now and then.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static int heard;
static void hear(int signal) { __sync_fetch_and_add(&heard, 1); }
static void *raises(void *unused) {
  long failures = 0;
  for (int one = 0; one < 100; one++) failures += raise(SIGRTMIN + 3) != 0;
  return (void *)failures;
}
static int prepared, failed;
static void prepare(void) { prepared++, errno = 77; }
static void parent(void) { errno = 78; }

int main(void) {
  pid_t child = fork();
  if (child == 0) _exit(raises(NULL) != NULL);
  int status;
  waitpid(child, &status, 0);
  printf("child ends by %s\n", WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "itself");
  fflush(stdout);
  signal(SIGRTMIN + 3, hear);
  pthread_t threads[3];
  for (int one = 0; one < 3; one++) pthread_create(&threads[one], NULL, raises, NULL);
  int bad = 0;
  for (int one = 0; one < 30; one++) {
    if ((child = fork()) == 0) {
      int before = heard;
      _exit(raise(SIGRTMIN + 3) != 0 || heard != before + 1);
    }
    waitpid(child, &status, 0);
    bad += status != 0;
  }
  long failures = 0;
  for (int one = 0; one < 3; one++) {
    void *answer;
    pthread_join(threads[one], &answer);
    failures += (long)answer;
  }
  printf("raised %d, failed %ld, in children %d\n", heard, failures, bad);
  fflush(stdout);
  // What handlers of fork do to errno is not what a fork that failed answers.
  if ((child = fork()) == 0) {
    pthread_atfork(prepare, parent, NULL);
    setgid(12345), setuid(12345);
    setrlimit(RLIMIT_NPROC, &(struct rlimit){0, 0});
    int answer = fork(), why = errno;
    printf("no more processes: %d %s, prepared %d\n", answer < 0 ? -1 : 0, strerror(why), prepared);
    fflush(stdout);
    _exit(0);
  }
  waitpid(child, &status, 0);
  return 0;
}
