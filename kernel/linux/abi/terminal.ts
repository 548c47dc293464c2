/**
 * What a terminal does with what goes through it: a `struct termios`, and the size of its window.
 *
 * @module
 */

/** The bytes of a `struct termios`. */
export const SETTINGS_SIZE = 36;

/** The bytes of `struct termio`, what there was before: half as much of each, and some letters. */
export const OLD_SETTINGS_SIZE = 18;

/** Where in a `struct termios` what is: what is done on the way in, on the way out, how fast, for whom, by which letters. */
export const SettingsAt = { INPUT: 0, OUTPUT: 4, CONTROL: 8, LOCAL: 12, LETTERS: 17 } as const;

/** What is done on the way in. */
export const TerminalInput = {
  PARMRK: 0o10,
  ISTRIP: 0o40,
  INLCR: 0o100,
  IGNCR: 0o200,
  ICRNL: 0o400,
  IUCLC: 0o1000,
  IXON: 0o2000,
  IXANY: 0o4000,
  IUTF8: 0o40000,
} as const;

/** What is done on the way out. */
export const TerminalOutput = {
  OPOST: 1,
  OLCUC: 2,
  ONLCR: 4,
  OCRNL: 0o10,
  ONOCR: 0o20,
  ONLRET: 0o40,
  XTABS: 0o14000,
} as const;

/** How fast it is, where that means anything. */
export const TerminalSpeed = { B0: 0, B9600: 0o15, B38400: 0o17 } as const;

/** Where among what is about the line its speed is. */
export const SPEED_BITS = 0o10017;

/** What is done for who types. */
export const TerminalLocal = {
  ISIG: 1,
  ICANON: 2,
  ECHO: 0o10,
  ECHOE: 0o20,
  ECHOK: 0o40,
  ECHONL: 0o100,
  NOFLSH: 0o200,
  TOSTOP: 0o400,
  ECHOCTL: 0o1000,
  ECHOPRT: 0o2000,
  ECHOKE: 0o4000,
  IEXTEN: 0o100000,
  EXTPROC: 0o200000,
} as const;

/** The letters that mean something, by their places. */
export const TerminalLetter = {
  VINTR: 0,
  VQUIT: 1,
  VERASE: 2,
  VKILL: 3,
  VEOF: 4,
  VTIME: 5,
  VMIN: 6,
  VSTART: 8,
  VSTOP: 9,
  VSUSP: 10,
  VEOL: 11,
  VREPRINT: 12,
  VWERASE: 14,
  VLNEXT: 15,
  VEOL2: 16,
} as const;

/** What the first byte of a packet says that has happened; nothing where bytes follow that were written. */
export const Packet = {
  DATA: 0,
  FLUSHREAD: 1,
  FLUSHWRITE: 2,
  STOP: 4,
  START: 8,
  NOSTOP: 16,
  DOSTOP: 32,
  IOCTL: 64,
} as const;

/** The bytes of the size of its window. */
export const WINDOW_SIZE = 8;
