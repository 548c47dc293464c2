// Which programs may filter calls, row by row, and what their instructions compute.
// Recorded from Linux: the emulator lets nobody filter calls.
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define S(code, k) BPF_STMT(code, k)
#define J(code, k, jt, jf) BPF_JUMP(code, k, jt, jf)
/** A call that is there everywhere and does nothing good. */
#define CALL SYS_sched_get_priority_max
#define ALLOW S(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define ROWS(...) (struct sock_filter[]){__VA_ARGS__}
#define COUNT(...) (sizeof(ROWS(__VA_ARGS__)) / sizeof(struct sock_filter))
#define TRY(...) try(#__VA_ARGS__, ROWS(__VA_ARGS__), COUNT(__VA_ARGS__))

static int filter(struct sock_filter *rows, unsigned short count) {
  struct sock_fprog program = {count, rows};
  return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}

/** Whether a program is taken; a process of its own keeps the filter. */
static void try(const char *what, struct sock_filter *rows, int count) {
  int status;
  if (fork() == 0) _exit(filter(rows, count) == 0 ? 0 : errno);
  wait(&status);
  printf("%s: %s\n", what, WEXITSTATUS(status) ? strerrorname_np(WEXITSTATUS(status)) : "good");
  fflush(stdout);
}

/** Every code of an instruction, with a number that is good for all. */
static void codes(void) {
  int good = 0;
  for (int code = 0; code < 0x100; code++) {
    int status;
    if (fork() == 0) {
      struct sock_filter rows[] = {S(BPF_ST, 4), {code, 0, 0, 4}, ALLOW, ALLOW, ALLOW, ALLOW, ALLOW};
      _exit(filter(rows, 7) == 0 ? 0 : errno == EINVAL ? 1 : 2);
    }
    wait(&status);
    if (status == 0) printf(good++ % 16 == 0 ? "\n%02x" : " %02x", code);
  }
  printf("\n%d codes\n", good);
}

static void checks(void) {
  TRY(ALLOW);
  TRY(S(BPF_LD | BPF_W | BPF_ABS, 0), ALLOW);
  TRY(S(BPF_LD | BPF_W | BPF_ABS, 60), ALLOW);
  TRY(S(BPF_LD | BPF_W | BPF_ABS, 64), ALLOW);
  TRY(S(BPF_LD | BPF_W | BPF_ABS, 2), ALLOW);
  TRY(S(BPF_LD | BPF_W | BPF_ABS, 0xfffff000), ALLOW);
  TRY(S(BPF_LD | BPF_H | BPF_ABS, 0), ALLOW);
  TRY(S(BPF_LD | BPF_W | BPF_IND, 0), ALLOW);
  TRY(S(BPF_LD | BPF_MEM, 0), ALLOW);
  TRY(S(BPF_ST, 0), S(BPF_LD | BPF_MEM, 0), ALLOW);
  TRY(S(BPF_ST, 15), S(BPF_LDX | BPF_MEM, 15), ALLOW);
  TRY(S(BPF_ST, 16), ALLOW);
  TRY(S(BPF_STX, 16), ALLOW);
  TRY(S(BPF_ST, 1), S(BPF_LD | BPF_MEM, 16), ALLOW);
  TRY(J(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1), S(BPF_ST, 3), S(BPF_LD | BPF_MEM, 3), ALLOW);
  TRY(J(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0), S(BPF_ST, 3), S(BPF_STX, 3), S(BPF_LD | BPF_MEM, 3), ALLOW);
  TRY(J(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 2), S(BPF_ST, 3), J(BPF_JMP | BPF_JA, 1, 0, 0), S(BPF_STX, 3), S(BPF_LD | BPF_MEM, 3), ALLOW);
  TRY(S(BPF_RET | BPF_K, 0), S(BPF_LD | BPF_MEM, 3), ALLOW);
  TRY(S(BPF_ALU | BPF_DIV | BPF_K, 0), ALLOW);
  TRY(S(BPF_ALU | BPF_DIV | BPF_K, 1), ALLOW);
  TRY(S(BPF_ALU | BPF_DIV | BPF_X, 0), ALLOW);
  TRY(S(BPF_ALU | BPF_MOD | BPF_K, 3), ALLOW);
  TRY(S(BPF_ALU | BPF_XOR | BPF_K, 3), ALLOW);
  TRY(S(BPF_ALU | BPF_LSH | BPF_K, 31), ALLOW);
  TRY(S(BPF_ALU | BPF_LSH | BPF_K, 32), ALLOW);
  TRY(S(BPF_ALU | BPF_RSH | BPF_K, 32), ALLOW);
  TRY(S(BPF_ALU | BPF_LSH | BPF_X, 32), ALLOW);
  TRY(J(BPF_JMP | BPF_JA, 0, 0, 0), ALLOW);
  TRY(J(BPF_JMP | BPF_JA, 1, 0, 0), ALLOW);
  TRY(J(BPF_JMP | BPF_JA, 0xffffffff, 0, 0), ALLOW);
  TRY(J(BPF_JMP | BPF_JSET | BPF_X, 1, 1, 0), ALLOW);
  TRY(J(BPF_JMP | BPF_JSET | BPF_X, 1, 0, 1), ALLOW);
  TRY(J(BPF_JMP | BPF_JGE | BPF_K, 1, 255, 0), ALLOW);
  TRY(S(BPF_LD | BPF_IMM, 1));
  TRY(ALLOW, J(BPF_JMP | BPF_JA, 0, 0, 0));
  TRY(S(BPF_RET | BPF_X, 0));
  TRY(S(BPF_LD | BPF_IMM, SECCOMP_RET_ALLOW), S(BPF_RET | BPF_A, 77));
  TRY({0x20, 9, 9, 0}, ALLOW);
  TRY({0x106, 0, 0, 0});
}

#define COMPUTE(...) compute(#__VA_ARGS__, ROWS(__VA_ARGS__), COUNT(__VA_ARGS__))

/** What a program leaves in A, as the errors of a call that it refuses: twelve bits at a time. */
static void compute(const char *what, struct sock_filter *rows, int count) {
  unsigned value = 0;
  for (int shift = 0; shift < 36; shift += 12) {
    int ends[2], error = 0;
    pipe(ends);
    if (fork() == 0) {
      struct sock_filter all[64] = {
          S(BPF_LD | BPF_W | BPF_ABS, 0), J(BPF_JMP | BPF_JEQ | BPF_K, CALL, 1, 0), ALLOW};
      memcpy(all + 3, rows, count * sizeof *rows);
      struct sock_filter end[] = {S(BPF_ALU | BPF_RSH | BPF_K, shift > 12 ? 12 : shift),
                                  S(BPF_ALU | BPF_RSH | BPF_K, shift > 12 ? 12 : 0),
                                  S(BPF_ALU | BPF_AND | BPF_K, 0xfff),
                                  S(BPF_ALU | BPF_OR | BPF_K, SECCOMP_RET_ERRNO), S(BPF_RET | BPF_A, 0)};
      memcpy(all + 3 + count, end, sizeof end);
      if (filter(all, 3 + count + 5) != 0) _exit(1);
      error = syscall(CALL, 0x1122334455667788, -2L, 3, 4, 0x99aabbccddeeff00, 6) == 0 ? 0 : errno;
      write(ends[1], &error, 4);
      _exit(0);
    }
    close(ends[1]);
    if (read(ends[0], &error, 4) != 4) error = -1;
    wait(NULL);
    close(ends[0]);
    value |= (unsigned)error << shift;
  }
  printf("%s: %08x\n", what, value);
  fflush(stdout);
}

#define A(k) S(BPF_LD | BPF_IMM, k)
#define X(k) S(BPF_LDX | BPF_IMM, k)
#define K(op, k) S(BPF_ALU | op | BPF_K, k)
#define OX(op) S(BPF_ALU | op | BPF_X, 0)
#define WHICH(op, k) J(BPF_JMP | op, k, 0, 1), S(BPF_ALU | BPF_OR | BPF_K, 0x100), S(BPF_ALU | BPF_OR | BPF_K, 0x10)

static void computes(void) {
  COMPUTE(S(BPF_MISC | BPF_TXA, 0));
  COMPUTE(A(0xfffffff0), K(BPF_ADD, 0x21));
  COMPUTE(A(5), K(BPF_SUB, 9));
  COMPUTE(A(0x12345678), K(BPF_MUL, 0x9abcdef1));
  COMPUTE(A(0xfffffff0), K(BPF_DIV, 7));
  COMPUTE(A(0xf0f0f0f0), K(BPF_OR, 0x0f000001));
  COMPUTE(A(0xf0f0f0f0), K(BPF_AND, 0x8fffff00));
  COMPUTE(A(0xf0f0f0f0), K(BPF_XOR, 0xffffffff));
  COMPUTE(A(0x80000001), K(BPF_LSH, 31));
  COMPUTE(A(0x80000001), K(BPF_RSH, 31));
  COMPUTE(A(1), K(BPF_NEG, 0));
  COMPUTE(A(100), X(7), OX(BPF_DIV));
  COMPUTE(A(100), X(7), OX(BPF_SUB), OX(BPF_MUL));
  COMPUTE(A(0x80000000), X(33), OX(BPF_RSH));
  COMPUTE(A(0x80000001), X(32), OX(BPF_LSH));
  COMPUTE(A(3), X(9), OX(BPF_ADD), OX(BPF_OR), OX(BPF_AND), OX(BPF_XOR), S(BPF_MISC | BPF_TXA, 0));
  COMPUTE(A(3), S(BPF_MISC | BPF_TAX, 0), A(5), OX(BPF_ADD));
  COMPUTE(A(7), S(BPF_ST, 4), A(8), S(BPF_LDX | BPF_MEM, 4), OX(BPF_ADD));
  COMPUTE(X(9), S(BPF_STX, 15), S(BPF_LD | BPF_MEM, 15));
  COMPUTE(S(BPF_LD | BPF_W | BPF_LEN, 0));
  COMPUTE(S(BPF_LDX | BPF_W | BPF_LEN, 0), S(BPF_MISC | BPF_TXA, 0));
  COMPUTE(S(BPF_LD | BPF_W | BPF_ABS, 16));
  COMPUTE(S(BPF_LD | BPF_W | BPF_ABS, 20));
  COMPUTE(S(BPF_LD | BPF_W | BPF_ABS, 24));
  COMPUTE(S(BPF_LD | BPF_W | BPF_ABS, 28));
  COMPUTE(S(BPF_LD | BPF_W | BPF_ABS, 48));
  COMPUTE(S(BPF_LD | BPF_W | BPF_ABS, 52));
  COMPUTE(S(BPF_LD | BPF_W | BPF_ABS, 56));
  COMPUTE(A(5), WHICH(BPF_JEQ, 5));
  COMPUTE(A(5), WHICH(BPF_JEQ, 6));
  COMPUTE(A(0x80000000), WHICH(BPF_JGT, 0x7fffffff));
  COMPUTE(A(5), WHICH(BPF_JGT, 5));
  COMPUTE(A(5), WHICH(BPF_JGE, 5));
  COMPUTE(A(5), WHICH(BPF_JGE, 0xfffffff0));
  COMPUTE(A(0x80000004), WHICH(BPF_JSET, 0x80000000));
  COMPUTE(A(5), WHICH(BPF_JSET, 2));
  COMPUTE(A(5), X(5), WHICH(BPF_JEQ | BPF_X, 0));
  COMPUTE(A(5), X(6), WHICH(BPF_JGT | BPF_X, 0));
  COMPUTE(A(5), X(4), WHICH(BPF_JGE | BPF_X, 0));
  COMPUTE(A(5), X(4), WHICH(BPF_JSET | BPF_X, 0));
  COMPUTE(A(1), J(BPF_JMP | BPF_JA, 1, 0, 0), A(2), K(BPF_ADD, 1));
}

/** A division by what is 0 answers 0 for the whole program: the process is killed. */
static void divides(void) {
  int status;
  if (fork() == 0) {
    filter(ROWS(A(SECCOMP_RET_ALLOW), X(0), OX(BPF_DIV), A(SECCOMP_RET_ALLOW), S(BPF_RET | BPF_A, 0)), 5);
    _exit(0);
  }
  wait(&status);
  printf("by 0: signal %d\n", WTERMSIG(status));
}

static void places(void) {
  struct sock_filter rows[] = {ALLOW};
  struct sock_fprog program = {1, rows};
#define SAY(call) printf("%s: %s\n", #call, (call) == 0 ? "good" : strerrorname_np(errno))
  SAY(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, NULL));
  SAY(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, -16L));
  SAY(filter(NULL, 1));
  SAY(filter(rows, 0));
  SAY(filter(rows, 4097));
  SAY(filter((void *)8, 1));
  char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  munmap(page + 4096, 4096);
  memcpy(page + 4096 - sizeof rows, rows, sizeof rows);
  SAY(filter((void *)(page + 4096 - sizeof rows), 2));
  SAY(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, page + 4096 - 8));
  SAY(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 64, &program));
  SAY(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, &program));
  SAY(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_TSYNC, &program));
  SAY(filter((void *)(page + 4096 - sizeof rows), 1));
}

int main(void) {
  checks();
  codes();
  computes();
  divides();
  fflush(stdout);
  places();
  return 0;
}
