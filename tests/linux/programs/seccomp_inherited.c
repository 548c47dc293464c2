// Who has the filters of a task: children, programs that it executes, threads, and those it says.
// Recorded from Linux: the emulator lets nobody filter calls.
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define ONE SYS_sched_get_priority_max
#define OTHER SYS_sched_get_priority_min
#define S(code, k) BPF_STMT(code, k)

static int mind_for(int flags, int call, unsigned action) {
  struct sock_filter rows[] = {S(BPF_LD | BPF_W | BPF_ABS, 0), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
                               S(BPF_RET | BPF_K, action), S(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
  struct sock_fprog program = {4, rows};
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
}
static int mind(int call, unsigned action) { return mind_for(0, call, action); }

static const char *told(long answer) { return answer < 0 ? strerrorname_np(errno) : "good"; }

/** What there is to see of a thread: its answers, and what /proc says. */
static void look(const char *who) {
  const char *one = told(syscall(ONE, 0)), *other = told(syscall(OTHER, 0));
  char line[100], path[64];
  printf("%s: %s, %s, mode %d, rights %d;", who, one, other, prctl(PR_GET_SECCOMP),
         prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
  sprintf(path, "/proc/self/task/%d/status", gettid());
  FILE *file = fopen(path, "r");
  while (fgets(line, sizeof line, file)) {
    line[strcspn(line, "\n")] = 0;
    if (!strncmp(line, "Seccomp", 7) || !strncmp(line, "NoNewPrivs", 10)) printf(" %s", line);
  }
  puts("");
  fclose(file);
  fflush(stdout);
}

static void in_child(const char *what, void (*deed)(void)) {
  int status;
  printf("%s\n", what);
  fflush(stdout);
  if (fork() == 0) {
    deed();
    exit(0);
  }
  wait(&status);
  if (status != 0) printf("status %x\n", status);
}
#define CHILD(deed) in_child(#deed, deed)

static void *looks(void *who) { return look(who), NULL; }
static void with_thread(const char *who) {
  pthread_t one;
  pthread_create(&one, NULL, looks, (void *)who);
  pthread_join(one, NULL);
}

static char stack[65536];
static int cloned(void *unused) { return look("a clone"), 0; }

static void descendants(void) {
  mind(ONE, SECCOMP_RET_ERRNO | EIO);
  look("itself");
  if (fork() == 0) {
    look("a child");
    mind(OTHER, SECCOMP_RET_ERRNO | EPERM);
    look("a child with one more");
    with_thread("its thread");
    if (fork() == 0) {
      look("a grandchild");
      _exit(0);
    }
    wait(NULL);
    _exit(0);
  }
  wait(NULL);
  waitpid(clone(cloned, stack + sizeof stack, CLONE_VM | SIGCHLD, NULL), NULL, 0);
  with_thread("a thread");
  look("itself again");
  fflush(stdout);
  execl("/proc/self/exe", "seccomp_inherited", "executed", NULL);
}

static sem_t asked, done;
static int work;
static void *worker(void *who) {
  for (;;) {
    sem_wait(&asked);
    switch (work) {
    case 0: return NULL;
    case 1: look(who); break;
    case 2: printf("%s: %s\n", (char *)who, told(mind(OTHER, SECCOMP_RET_ERRNO | EPERM))); break;
    case 3: {
      int ends[2];
      char byte;
      pipe(ends);
      prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT);
      read(ends[0], &byte, 1);
    }
    case 4: {
      int answer = mind_for(SECCOMP_FILTER_FLAG_TSYNC, ONE, SECCOMP_RET_ERRNO | EXDEV);
      printf("%s: %d of the first %d\n", (char *)who, answer < 0 ? -errno : answer > 0, answer == getpid());
    }
    }
    sem_post(&done);
  }
}
static void have(int what) {
  work = what;
  fflush(stdout);
  sem_post(&asked);
  sem_wait(&done);
}
static pthread_t begin(void) {
  pthread_t one;
  sem_init(&asked, 0, 0), sem_init(&done, 0, 0);
  pthread_create(&one, NULL, worker, "the other");
  have(1);
  return one;
}

static void synchronized(void) {
  begin();
  printf("alone: %s\n", told(mind(ONE, SECCOMP_RET_ERRNO | EIO)));
  have(1);
  printf("together: %s\n", told(mind_for(SECCOMP_FILTER_FLAG_TSYNC, OTHER, SECCOMP_RET_ERRNO | EPERM)));
  look("itself");
  have(1);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  have(1);
  printf("again: %s\n", told(mind_for(SECCOMP_FILTER_FLAG_TSYNC, ONE, SECCOMP_RET_ERRNO | EBUSY)));
  have(1);
  look("itself");
  have(4);
  look("itself");
}

static void apart(void) {
  begin();
  mind(ONE, SECCOMP_RET_ERRNO | EIO);
  have(2);
  int answer = mind_for(SECCOMP_FILTER_FLAG_TSYNC, ONE, SECCOMP_RET_ERRNO | EPERM);
  printf("together: %d, a thread %d\n", answer > 0, answer > 0 && answer != getpid());
  answer = mind_for(SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_TSYNC_ESRCH, ONE, SECCOMP_RET_ERRNO | EPERM);
  printf("together: %s\n", told(answer));
  have(4);
  look("itself");
  have(1);
}

static void strict_beside(void) {
  begin();
  work = 3;
  fflush(stdout);
  sem_post(&asked);
  usleep(100000);
  printf("together: %d\n", mind_for(SECCOMP_FILTER_FLAG_TSYNC, ONE, SECCOMP_RET_ERRNO | EPERM) != 0);
}

static void after_one(void) {
  pthread_t one = begin();
  have(2);
  work = 0;
  sem_post(&asked);
  pthread_join(one, NULL);
  usleep(1000);
  printf("together: %s\n", told(mind_for(SECCOMP_FILTER_FLAG_TSYNC, ONE, SECCOMP_RET_ERRNO | EPERM)));
  look("itself");
}

int main(int count, char **words) {
  if (count > 1) {
    look("a program");
    with_thread("its thread");
    return 0;
  }
  look("nobody");
  CHILD(descendants);
  CHILD(synchronized);
  CHILD(apart);
  CHILD(strict_beside);
  CHILD(after_one);
  look("nobody");
  return 0;
}
