/**
 * What is asked of words that tasks wait at.
 *
 * @module
 */

/** What `futex` is to do. */
export const Futex = {
  WAIT: 0,
  WAKE: 1,
  FD: 2,
  REQUEUE: 3,
  CMP_REQUEUE: 4,
  WAKE_OP: 5,
  LOCK_PI: 6,
  UNLOCK_PI: 7,
  TRYLOCK_PI: 8,
  WAIT_BITSET: 9,
  WAKE_BITSET: 10,
  WAIT_REQUEUE_PI: 11,
  CMP_REQUEUE_PI: 12,
  LOCK_PI2: 13,
} as const;

/** How it is to do that. */
export const FutexFlag = { PRIVATE: 0x80, CLOCK_REALTIME: 0x100 } as const;

/** What one of several words is like that are waited for. */
export const FutexWord = { "32": 2, PRIVATE_FLAG: FutexFlag.PRIVATE } as const;

/** What `FUTEX_WAKE_OP` does to the second word. */
export const FutexDeed = { SET: 0, ADD: 1, OR: 2, ANDN: 3, XOR: 4 } as const;

/** What it asks of that word. */
export const FutexComparison = { EQ: 0, NE: 1, LT: 2, LE: 3, GT: 4, GE: 5 } as const;

/** Everybody matches. */
export const MATCH_ANY = 0xffffffff;

/** The bytes of one of several words that are waited for. */
export const FUTEX_WORD_SIZE = 24;
