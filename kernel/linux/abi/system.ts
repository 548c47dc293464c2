/**
 * What is asked of the machine as a whole.
 *
 * @module
 */

/** What is done with the kernel's log. */
export const LogAction = {
  CLOSE: 0,
  OPEN: 1,
  READ: 2,
  READ_ALL: 3,
  READ_CLEAR: 4,
  CLEAR: 5,
  CONSOLE_OFF: 6,
  CONSOLE_ON: 7,
  CONSOLE_LEVEL: 8,
  SIZE_UNREAD: 9,
  SIZE_BUFFER: 10,
} as const;

/** How bytes are left to chance. */
export const RandomFlag = { NONBLOCK: 1, RANDOM: 2, INSECURE: 4 } as const;

/** The bytes of each of the machine's names. */
export const NAME_FIELD = 65;

/** How many names it has. */
export const NAME_FIELDS = 6;

/** The bytes of a `struct sysinfo`. */
export const SYSTEM_FACTS_SIZE = 112;
