// How long filters can be, one and all that a call meets; Linux counts what it makes of them.
// Recorded from Linux: the emulator lets nobody filter calls.
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define ONE SYS_sched_get_priority_max
#define S(code, k) BPF_STMT(code, k)
#define J(code, k, jt, jf) BPF_JUMP(code, k, jt, jf)

static struct sock_filter rows[4097];

static int filter(int count) {
  struct sock_fprog program = {count, rows};
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

/** So many times one instruction, and an answer. */
static int many(struct sock_filter one, int count) {
  for (int at = 0; at < count - 1; at++) rows[at] = one;
  rows[count - 1] = (struct sock_filter)S(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  return filter(count);
}

/** How many filters of such instructions there can be, and how long one more may be. */
static void fill(const char *what, struct sock_filter one, int length) {
  fflush(stdout);
  if (fork() != 0) {
    wait(NULL);
    return;
  }
  int count = 0, rest = 0;
  while (many(one, length) == 0) count++;
  const char *why = strerrorname_np(errno);
  // A process of its own has the filter, if it is not too long.
  for (int step = 4096; step > 0; step /= 2) {
    pid_t child = fork();
    if (child == 0) _exit(rest + step > 4096 || many(one, rest + step) != 0);
    int status;
    waitpid(child, &status, 0);
    if (status == 0) rest += step;
  }
  printf("%s, %d each: %d, then %s, and one of %d\n", what, length, count, why, rest);
  printf("a call: %ld\n", syscall(ONE, SCHED_OTHER));
  fflush(stdout);
  _exit(0);
}

#define FILL(one, length) fill(#one, (struct sock_filter)one, length)

int main(void) {
  FILL(S(BPF_LD | BPF_IMM, 1), 4096);
  FILL(S(BPF_LD | BPF_IMM, 1), 1000);
  FILL(S(BPF_LD | BPF_IMM, 1), 1);
  FILL(S(BPF_LD | BPF_W | BPF_ABS, 4), 4096);
  FILL(S(BPF_ALU | BPF_ADD | BPF_K, 0xffffffff), 4096);
  FILL(S(BPF_ALU | BPF_DIV | BPF_K, 3), 4096);
  FILL(S(BPF_ALU | BPF_LSH | BPF_X, 3), 4096);
  FILL(S(BPF_ST, 3), 4096);
  FILL(S(BPF_MISC | BPF_TAX, 0), 4096);
  FILL(S(BPF_RET | BPF_K, SECCOMP_RET_ALLOW), 4096);
  FILL(J(BPF_JMP | BPF_JA, 0, 0, 0), 4096);
  FILL(J(BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 0), 4096);
  FILL(J(BPF_JMP | BPF_JEQ | BPF_K, 0x80000000, 0, 0), 4096);
  FILL(J(BPF_JMP | BPF_JGT | BPF_X, 0x80000000, 0, 0), 4096);
  if (fork() == 0) {
    int count;
    for (int at = 0; at < 4096; at += 4) {
      rows[at] = (struct sock_filter)J(BPF_JMP | BPF_JEQ | BPF_K, 7, 0, 1);
      rows[at + 1] = (struct sock_filter)J(BPF_JMP | BPF_JSET | BPF_K, 7, 0, 1);
      rows[at + 2] = (struct sock_filter)J(BPF_JMP | BPF_JGE | BPF_K, 7, 1, 1);
      rows[at + 3] = (struct sock_filter)S(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    }
    rows[2].jt = rows[2].jf = rows[4094].jt = rows[4094].jf = 0;
    for (count = 0; filter(4096) == 0; count++);
    printf("jumps: %d, then %s\n", count, strerrorname_np(errno));
    for (count = 0; filter(4) == 0; count++);
    printf("short ones: %d, then %s\n", count, strerrorname_np(errno));
    fflush(stdout);
    _exit(0);
  }
  wait(NULL);
  if (fork() == 0) {
    rows[0] = (struct sock_filter)S(BPF_ALU | BPF_DIV | BPF_X, 0);
    rows[1] = (struct sock_filter)S(BPF_LD | BPF_IMM, SECCOMP_RET_ALLOW);
    rows[2] = (struct sock_filter)S(BPF_RET | BPF_A, 0);
    for (int at = 2; at < 4095; at++) rows[at] = rows[0];
    rows[0] = (struct sock_filter)S(BPF_LDX | BPF_IMM, 1), rows[4094] = rows[1];
    rows[4095] = (struct sock_filter)S(BPF_RET | BPF_A, 0);
    int count;
    for (count = 0; filter(4096) == 0; count++);
    printf("divisions: %d, then %s\n", count, strerrorname_np(errno));
    rows[2] = rows[1], rows[3] = rows[4095];
    for (count = 0; filter(4) == 0; count++);
    printf("short ones: %d, then %s\n", count, strerrorname_np(errno));
    fflush(stdout);
    _exit(0);
  }
  wait(NULL);
  return 0;
}
