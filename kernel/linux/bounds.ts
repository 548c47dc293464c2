/**
 * How much there can be of everything: what the kernel holds to, and what /proc/sys tells.
 *
 * @module
 */

/** So many tasks there can be. */
export const TASKS_MAX = 4096;

/** The number that the first process gets; 1 is who takes in what others leave behind. */
export const FIRST_PID = 2;

/** The number behind the largest of a task. */
export const PID_MAX = 32768;

/** So many processors could be told apart; there is one. */
export const PROCESSORS_MAX = 64;

/** The longest name of a machine. */
export const HOST_NAME_MAX = 64;

/** So many further groups somebody can belong to. */
export const GROUPS_MAX = 65536;

/** Who takes the place of users and groups that have no number here. */
export const NOBODY = 65534;

/** So many descriptors a process can have. */
export const DESCRIPTORS_MAX = 1 << 20;

/** Of each so many bytes of memory one file can be open; there can be a few in any case. */
export const OpenFiles = { BYTES_EACH: 10_240, LEAST: 8192 } as const;

/** So many seconds whoever has a lease on a file has to get ready for others. */
export const LEASE_BREAK_SECONDS = 45;

/** So much of the machine's memory can lie in pipes, sockets and queues, which are outside its frames. */
export const HELD_SHARE = 1 / 4;

/** What a pipe costs beside what is in it, and what a piece of that costs beside its bytes. */
export const PipeCost = { PIPE: 2048, PIECE: 256 } as const;

/** What a socket costs beside what waits in it. */
export const SOCKET_COST = 2048;

/** What a message in a queue of messages costs beside its bytes, and what happened to a file. */
export const MESSAGE_COST = 256;

/** What it costs to watch a file, or to wait for one in a set. */
export const WATCH_COST = 512;

/** So many bytes can wait in a pipe. */
export const PIPE_BYTES_MAX = 1 << 20;

/** So many bytes wait in a socket. */
export const SOCKET_BYTES = 212_992;

/** So many datagrams wait in one of a machine before who sends has to. */
export const DATAGRAMS_MAX = 10;

/** So many bytes wait at most in one of a network whose reader wants that many. */
export const TCP_RECEIVE_BYTES_MAX = 6_291_456;

/** So many can wait to be accepted. */
export const BACKLOG_MAX = 4096;

/** Ports below are for those with rights. */
export const PRIVILEGED_PORTS = 1024;

/** The ports that sockets get which ask for none. */
export const FreePort = { FIRST: 32768, LAST: 60999 } as const;

/** So many things that happened to files can wait to be read. */
export const HAPPENINGS_MAX = 16384;

/**
 * So many objects of each kind can be shared by a key.
 */
export const SharedObjects = { SETS: 32000, QUEUES: 4096, MEMORIES: 4096 } as const;

/**
 * So many counts can be in a set, in all sets, and changed by one call. They are not in the machine's
 * memory either, so there are fewer in all sets than Linux has.
 */
export const Semaphores = { IN_SET: 32000, IN_ALL: 1_024_000, IN_CALL: 500 } as const;

/** So many queues of messages with priorities there can be. */
export const PRIORITY_QUEUES_MAX = 256;

/** What such a queue is like whose maker says nothing. */
export const USUAL_QUEUE = { messages: 10, bytes: 8192 } as const;

/** So many signals can wait for a process. */
export const WAITING_SIGNALS_MAX = 4096;

/** No extended attribute is longer. */
export const EXTENDED_ATTRIBUTE_MAX = 65536;

/** So many instructions the filters may have that one call meets, with what lies between them. */
export const FILTER_PATH_MAX = 32768;

/** So many all filters may have: they are not in the machine's memory, which bounds Linux's. */
export const FILTERS_LENGTH_MAX = 1 << 22;

/** Of so many calls is known what filters make of them without running those. */
export const FILTERED_CALLS_KNOWN_MAX = 128;
