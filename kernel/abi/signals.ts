/**
 * Signals: the bits of an object's state that can be waited for.
 *
 * @module
 */

/** Each signal's bit; what a bit means depends on the object. */
export const Signal = {
  NONE: 0,
  READABLE: 1 << 0,
  WRITABLE: 1 << 1,
  PEER_CLOSED: 1 << 2,
  SIGNALED: 1 << 3,
  TASK_TERMINATED: 1 << 3,
  VMO_ZERO_CHILDREN: 1 << 3,
  IOB_SHARED_REGION_UPDATED: 1 << 3,
  SOCKET_PEER_WRITE_DISABLED: 1 << 4,
  CLOCK_STARTED: 1 << 4,
  JOB_NO_JOBS: 1 << 4,
  THREAD_RUNNING: 1 << 4,
  COUNTER_POSITIVE: 1 << 4,
  VIRTUAL_INTERRUPT_UNTRIGGERED: 1 << 4,
  SOCKET_WRITE_DISABLED: 1 << 5,
  CLOCK_UPDATED: 1 << 5,
  JOB_NO_PROCESSES: 1 << 5,
  THREAD_SUSPENDED: 1 << 5,
  COUNTER_NON_POSITIVE: 1 << 5,
  JOB_NO_CHILDREN: 1 << 6,
  SOCKET_READ_THRESHOLD: 1 << 10,
  SOCKET_WRITE_THRESHOLD: 1 << 11,
  HANDLE_CLOSED: 1 << 23,
  USER_0: 1 << 24,
  USER_1: 1 << 25,
  USER_2: 1 << 26,
  USER_3: 1 << 27,
  USER_4: 1 << 28,
  USER_5: 1 << 29,
  USER_6: 1 << 30,
  USER_7: 0x80000000,
  USER_ALL: 0xff000000,
} as const;
