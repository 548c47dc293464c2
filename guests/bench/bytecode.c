/* An interpreter of bytecode that looks for primes: a loop around an indirect jump. */
#include "bench.h"

enum { LOAD, ADD, REM, JUMP_ZERO, JUMP_LESS, JUMP, STEP, COUNT, HALT };

static const u8 program[] = {
  LOAD, 0, 3,          /*  0: r0 = 3                    */
  LOAD, 1, 2,          /*  3: r1 = 2                    */
  REM, 2, 0, 1,        /*  6: r2 = r0 % r1              */
  JUMP_ZERO, 2, 20,    /* 10: composite                 */
  STEP, 1,             /* 13: r1++                      */
  JUMP_LESS, 1, 0, 6,  /* 15: while r1 < r0             */
  COUNT,               /* 19: a prime                   */
  STEP, 0,             /* 20: r0++                      */
  JUMP_LESS, 0, 3, 3,  /* 22: while r0 < r3             */
  HALT,                /* 26                            */
};

static NOINLINE u64 run(const u8 *code, u32 limit) {
  u32 r[4] = {0, 0, 0, limit};
  u64 count = 0, steps = 0;
  u32 pc = 0;
  for (;;) {
    const u8 *at = code + pc;
    steps++;
    switch (at[0]) {
      case LOAD: r[at[1]] = at[2]; pc += 3; break;
      case ADD: r[at[1]] += r[at[2]]; pc += 3; break;
      case REM: r[at[1]] = r[at[2]] % r[at[3]]; pc += 4; break;
      case JUMP_ZERO: pc = r[at[1]] == 0 ? at[2] : pc + 3; break;
      case JUMP_LESS: pc = r[at[1]] < r[at[2]] ? at[3] : pc + 4; break;
      case JUMP: pc = at[1]; break;
      case STEP: r[at[1]]++; pc += 2; break;
      case COUNT: count++; pc += 1; break;
      default: return count * 1000003 + steps;
    }
  }
}

u64 kernel(void) {
  u64 sum = 0;
  for (u32 round = 0; round < 14; round++) sum += run(program, 12000 + round);
  return sum;
}
