// What becomes of calls that filters mind: each action, which of several counts, and who may filter.
// Recorded from Linux: the emulator lets nobody filter calls.
#define _GNU_SOURCE
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#ifdef __riscv
#define ARCH AUDIT_ARCH_RISCV64
#define PC(context) (context)->uc_mcontext.__gregs[REG_PC]
#define ANSWER(context) (context)->uc_mcontext.__gregs[REG_A0]
#else
#define ARCH AUDIT_ARCH_X86_64
#define PC(context) (context)->uc_mcontext.gregs[REG_RIP]
#define ANSWER(context) (context)->uc_mcontext.gregs[REG_RAX]
#endif

#ifndef SYS_SECCOMP
#define SYS_SECCOMP 1
#endif

/** Calls that do nothing, for filters to mind. */
#define ONE SYS_sched_get_priority_max
#define OTHER SYS_sched_get_priority_min

#define S(code, k) BPF_STMT(code, k)
#define WORD(at) S(BPF_LD | BPF_W | BPF_ABS, at)
#define RET(k) S(BPF_RET | BPF_K, k)
#define IF(k, then) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, k, 0, 1), RET(then)
#define FILTER(flags, ...) \
  filter(flags, (struct sock_filter[]){__VA_ARGS__}, sizeof((struct sock_filter[]){__VA_ARGS__}) / 8)

static int filter(int flags, struct sock_filter *rows, unsigned short count) {
  struct sock_fprog program = {count, rows};
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
}

/** One call becomes this, others are let be. */
static int mind(int call, unsigned action) {
  return FILTER(0, WORD(0), IF(call, action), RET(SECCOMP_RET_ALLOW));
}

static void line(const char *what, long answer) {
  printf("%s: %ld %s\n", what, answer, answer < 0 ? strerrorname_np(errno) ?: "of no name" : "");
  fflush(stdout);
}
#define SAY(what) line(#what, (long)(what))

static void in_child(const char *what, void (*deed)(void)) {
  int status;
  printf("%s\n", what);
  fflush(stdout);
  if (fork() == 0) {
    deed();
    fflush(stdout);
    _exit(0);
  }
  wait(&status);
  if (WIFSIGNALED(status)) printf("signal %d, core %d\n", WTERMSIG(status), !!WCOREDUMP(status));
  else printf("code %d\n", WEXITSTATUS(status));
}
#define CHILD(deed) in_child(#deed, deed)

static void errors(void) {
  SAY(FILTER(0, WORD(0), IF(ONE, SECCOMP_RET_ERRNO | 5), IF(OTHER, SECCOMP_RET_ERRNO),
             IF(1000, SECCOMP_RET_ERRNO | 4095), IF(1001, SECCOMP_RET_ERRNO | 4096),
             IF(1002, SECCOMP_RET_ERRNO | 0xffff), IF(1003, SECCOMP_RET_ERRNO | 512),
             IF(1004, SECCOMP_RET_LOG | 7), IF(0xffffffff, SECCOMP_RET_ERRNO | 9), RET(SECCOMP_RET_ALLOW)));
  SAY(syscall(ONE, 0));
  SAY(syscall(OTHER, 0));
  for (int call = 1000; call < 1006; call++) {
    long answer = syscall(call, 0);
    printf("%d: %ld, error %d\n", call, answer, errno);
  }
  SAY(syscall(-1L));
}

/** What is known of a call goes for those alone whose arguments nobody looked at. */
static void by_arguments(void) {
  SAY(FILTER(0, WORD(0), BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ONE, 1, 0), RET(SECCOMP_RET_ALLOW), WORD(16),
             IF(0, SECCOMP_RET_ALLOW), IF(77, SECCOMP_RET_ERRNO | 5), RET(SECCOMP_RET_ERRNO | 6)));
  for (int time = 0; time < 2; time++) {
    SAY(syscall(ONE, 0));
    SAY(syscall(ONE, 77));
    SAY(syscall(ONE, 78));
    SAY(syscall(OTHER, 77));
  }
}

static void kills_process(void) { mind(ONE, SECCOMP_RET_KILL_PROCESS | 3), syscall(ONE, 0); }
static void kills_thread(void) { mind(ONE, SECCOMP_RET_KILL_THREAD), syscall(ONE, 0); }
static void unknown_action(void) { mind(ONE, 0x7fff0000 - 0x10000 * 7), syscall(ONE, 0); }
static void low_action(void) { mind(ONE, 0x10000), syscall(ONE, 0); }
static void traps_unhandled(void) { mind(ONE, SECCOMP_RET_TRAP), syscall(ONE, 0); }
static void ignored(void) { signal(SIGSYS, SIG_IGN), mind(ONE, SECCOMP_RET_TRAP), syscall(ONE, 0); }
static void blocked(void) {
  sigset_t set;
  sigfillset(&set);
  sigprocmask(SIG_BLOCK, &set, NULL);
  mind(ONE, SECCOMP_RET_TRAP), syscall(ONE, 0);
}
static void handled_but_killed(void) {
  signal(SIGSYS, SIG_IGN);
  mind(ONE, SECCOMP_RET_KILL_PROCESS), syscall(ONE, 0);
}
static void dumps(void (*deed)(void)) { setrlimit(RLIMIT_CORE, &(struct rlimit){1 << 20, 1 << 20}), deed(); }
static void dumped_by_kill(void) { dumps(kills_process); }
static void dumped_by_kill_thread(void) { dumps(kills_thread); }
static void dumped_by_trap(void) { dumps(traps_unhandled); }
static void nobody_traces(void) { SAY(mind(ONE, SECCOMP_RET_TRACE | 9)), SAY(syscall(ONE, 0)); }
static void nobody_listens(void) { SAY(mind(ONE, SECCOMP_RET_USER_NOTIF)), SAY(syscall(ONE, 0)); }
static void logs(void) { SAY(mind(ONE, SECCOMP_RET_LOG)), SAY(syscall(ONE, 0)); }

static void *asks(void *call) {
  syscall((long)call, 0);
  return "goes on";
}
static void kills_one(void) {
  pthread_t one;
  mind(ONE, SECCOMP_RET_KILL_THREAD);
  pthread_create(&one, NULL, asks, (void *)ONE);
  pthread_join(one, NULL);
  puts("the other goes on");
}
static void kills_all(void) {
  pthread_t one;
  mind(ONE, SECCOMP_RET_KILL_PROCESS);
  pthread_create(&one, NULL, asks, (void *)ONE);
  pthread_join(one, NULL);
  puts("goes on");
}
static void kills_first(void) {
  pthread_t one;
  mind(ONE, SECCOMP_RET_KILL_THREAD);
  pthread_create(&one, NULL, (void *(*)(void *))usleep, (void *)100000);
  syscall(ONE, 0);
}

static volatile long place;
static void trapped(int signal, siginfo_t *info, void *where) {
  ucontext_t *context = where;
  place = (long)info->si_call_addr;
  printf("signal %d, code %d, error %d, call %d, machine %d, place %d\n", signal, info->si_code == SYS_SECCOMP,
         info->si_errno, info->si_syscall == ONE, info->si_arch == ARCH, place == PC(context));
  if (info->si_errno != 99) ANSWER(context) = 1234;
#ifdef __riscv
  else printf("first argument %d\n", ANSWER(context) == 0x55);
#else
  else printf("first argument %d\n", ANSWER(context) == ONE);
#endif
}
__attribute__((noinline)) static long ask(long argument) { return syscall(ONE, argument); }
static void traps(void) {
  struct sigaction action = {.sa_sigaction = trapped, .sa_flags = SA_SIGINFO};
  sigaction(SIGSYS, &action, NULL);
  SAY(mind(ONE, SECCOMP_RET_TRAP | 0xffff));
  SAY(ask(0));
  SAY(mind(ONE, SECCOMP_RET_TRAP | 99));
  ask(0x55);
  SAY(FILTER(0, WORD(8), IF((unsigned)place, SECCOMP_RET_ERRNO | 5), RET(SECCOMP_RET_ALLOW)));
  SAY(FILTER(0, WORD(12), IF((unsigned long)place >> 32, SECCOMP_RET_ERRNO | 6), RET(SECCOMP_RET_ALLOW)));
  SAY(mind(OTHER, SECCOMP_RET_ALLOW));
  SAY(syscall(OTHER, 0));
  SAY(FILTER(0, WORD(4), IF(ARCH, SECCOMP_RET_ALLOW), RET(SECCOMP_RET_KILL_PROCESS)));
  SAY(syscall(OTHER, 0));
}

/** Of two filters, both ways round, which one counts. */
static void precedence(void) {
  static const struct { const char *name; unsigned action; } all[] = {
      {"kill_process", SECCOMP_RET_KILL_PROCESS}, {"kill_thread", SECCOMP_RET_KILL_THREAD},
      {"trap", SECCOMP_RET_TRAP},  {"errno 1", SECCOMP_RET_ERRNO | 1}, {"errno 2", SECCOMP_RET_ERRNO | 2},
      {"user_notif", SECCOMP_RET_USER_NOTIF}, {"trace", SECCOMP_RET_TRACE}, {"log", SECCOMP_RET_LOG},
      {"allow", SECCOMP_RET_ALLOW}, {"allow 5", SECCOMP_RET_ALLOW | 5}};
  int count = sizeof all / sizeof *all;
  for (int one = 0; one < count; one++)
    for (int other = 0; other < count; other++) {
      int status;
      if (fork() == 0) {
        mind(ONE, all[one].action), mind(ONE, all[other].action);
        long answer = syscall(ONE, 0);
        _exit(answer < 0 ? errno : 0);
      }
      wait(&status);
      printf("%s, then %s: ", all[one].name, all[other].name);
      if (WIFSIGNALED(status)) printf("signal %d\n", WTERMSIG(status));
      else printf("%s\n", WEXITSTATUS(status) ? strerrorname_np(WEXITSTATUS(status)) : "good");
    }
}


static void powerless(void) {
  if (setresuid(4711, 4711, 4711) != 0) puts("cannot");
  SAY(mind(ONE, SECCOMP_RET_ALLOW));
  SAY(FILTER(0, WORD(1)));
  SAY(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, 8));
  SAY(filter(0, NULL, 0));
  SAY(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
  SAY(FILTER(0, WORD(1)));
  SAY(mind(ONE, SECCOMP_RET_ERRNO | 3));
  SAY(prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT));
  SAY(prctl(PR_GET_SECCOMP));
  SAY(syscall(ONE, 0));
}
static void powerless_strict(void) {
  setresuid(4711, 4711, 4711);
  SAY(prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT));
  syscall(SYS_exit, 0);
}
static void by_prctl(void) {
  struct sock_filter rows[] = {WORD(0), IF(ONE, SECCOMP_RET_ERRNO | 3), RET(SECCOMP_RET_ALLOW)};
  struct sock_fprog program = {4, rows};
  SAY(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, 8));
  SAY(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 9, 9));
  SAY(prctl(PR_GET_SECCOMP));
  SAY(syscall(ONE, 0));
}

static void questions(void) {
  unsigned known[] = {SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD, SECCOMP_RET_TRAP, SECCOMP_RET_ERRNO,
                      SECCOMP_RET_USER_NOTIF, SECCOMP_RET_TRACE, SECCOMP_RET_LOG, SECCOMP_RET_ALLOW,
                      SECCOMP_RET_ERRNO | 1, 0x10000};
  for (int one = 0; one < 10; one++) {
    long answer = syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &known[one]);
    printf("%08x: %s\n", known[one], answer == 0 ? "known" : strerrorname_np(errno));
  }
  SAY(syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 1, known));
  SAY(syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, 8));
  struct seccomp_notif_sizes sizes = {0};
  SAY(syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes));
  printf("%d %d %d\n", sizes.seccomp_notif, sizes.seccomp_notif_resp, sizes.seccomp_data);
  SAY(syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 1, &sizes));
  SAY(syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, NULL));
  SAY(syscall(SYS_seccomp, 5, 0, &sizes));
  for (int one = 0; one < 2; one++) {
    char text[200] = {0};
    FILE *file = fopen(one ? "/proc/sys/kernel/seccomp/actions_logged" : "/proc/sys/kernel/seccomp/actions_avail", "r");
    puts(fgets(text, sizeof text, file));
  }
}

int main(void) {
  setrlimit(RLIMIT_CORE, &(struct rlimit){0, RLIM_INFINITY});
  CHILD(errors);
  CHILD(by_arguments);
  CHILD(kills_process);
  CHILD(kills_thread);
  CHILD(unknown_action);
  CHILD(low_action);
  CHILD(traps_unhandled);
  CHILD(ignored);
  CHILD(blocked);
  CHILD(handled_but_killed);
  CHILD(dumped_by_kill);
  CHILD(dumped_by_kill_thread);
  CHILD(dumped_by_trap);
  CHILD(nobody_traces);
  CHILD(nobody_listens);
  CHILD(logs);
  CHILD(kills_one);
  CHILD(kills_all);
  CHILD(kills_first);
  CHILD(traps);
  CHILD(precedence);
  CHILD(powerless);
  CHILD(powerless_strict);
  CHILD(by_prctl);
  CHILD(questions);
  return 0;
}
