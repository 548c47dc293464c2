/**
 * What is asked of what processes share by a key.
 *
 * @module
 */

/** The key of objects that nobody else can ask for. */
export const IPC_PRIVATE = 0;

/** Flags of the calls that make objects or ask for them. */
export const IpcFlag = { CREAT: 0o1000, EXCL: 0o2000, NOWAIT: 0o4000 } as const;

/** Commands that all kinds know. */
export const IpcCommand = { RMID: 0, SET: 1, STAT: 2, INFO: 3 } as const;

/** Further commands of sets of counts. */
export const SemaphoreCommand = {
  GETPID: 11,
  GETVAL: 12,
  GETALL: 13,
  GETNCNT: 14,
  GETZCNT: 15,
  SETVAL: 16,
  SETALL: 17,
  SEM_STAT: 18,
  SEM_INFO: 19,
} as const;

/** Further commands of memory. */
export const MemoryCommand = {
  SHM_LOCK: 11,
  SHM_UNLOCK: 12,
  SHM_STAT: 13,
  SHM_INFO: 14,
} as const;

/** Further commands of queues of messages. */
export const QueueCommand = { MSG_STAT: 11, MSG_INFO: 12 } as const;

/** How a count is changed. */
export const SemaphoreFlag = { UNDO: 0x1000 } as const;

/** How memory is attached. */
export const AttachFlag = {
  RDONLY: 0o10000,
  RND: 0o20000,
  REMAP: 0o40000,
  EXEC: 0o100000,
} as const;

/** How a message is received. */
export const ReceiveFlag = { NOERROR: 0o10000, EXCEPT: 0o20000, COPY: 0o40000 } as const;

/** The bytes of a `struct ipc64_perm`, with which what is known of each kind begins. */
export const PERM_SIZE = 48;

/** The bytes of what is known of memory. */
export const MEMORY_FACTS_SIZE = 112;

/** The bytes of what is known of a queue of messages. */
export const QUEUE_FACTS_SIZE = 120;

/** The bytes of what is known of a set of counts. */
export const SEMAPHORE_FACTS_SIZE = 88;

/** The bytes of a `struct sembuf`: what is done to one count. */
export const OPERATION_SIZE = 6;

/** The bytes of a `struct mq_attr`: what a queue of messages with priorities is like. */
export const QUEUE_ATTRIBUTES_SIZE = 64;
