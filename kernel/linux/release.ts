/**
 * Which Linux this is, for who asks.
 *
 * @module
 */

/** What `uname` and /proc say of this kernel. */
export const Release = {
  /** Its number. */
  NAME: "6.12.0-zandbox",
  /** Which build of it. */
  VERSION: "#1 SMP zandbox",
} as const;
