/**
 * Status codes: zero is success, errors are negative.
 *
 * @module
 */

/** Zircon's status codes by name, without their `ZX_ERR_`. */
export const Status = {
  OK: 0,
  INTERNAL: -1,
  NOT_SUPPORTED: -2,
  NO_RESOURCES: -3,
  NO_MEMORY: -4,
  INTERNAL_INTR_RETRY: -6,
  INVALID_ARGS: -10,
  BAD_HANDLE: -11,
  WRONG_TYPE: -12,
  BAD_SYSCALL: -13,
  OUT_OF_RANGE: -14,
  BUFFER_TOO_SMALL: -15,
  BAD_STATE: -20,
  TIMED_OUT: -21,
  SHOULD_WAIT: -22,
  CANCELED: -23,
  PEER_CLOSED: -24,
  NOT_FOUND: -25,
  ALREADY_EXISTS: -26,
  ALREADY_BOUND: -27,
  UNAVAILABLE: -28,
  ACCESS_DENIED: -30,
  IO: -40,
  IO_REFUSED: -41,
  IO_DATA_INTEGRITY: -42,
  IO_DATA_LOSS: -43,
  IO_NOT_PRESENT: -44,
  IO_OVERRUN: -45,
  IO_MISSED_DEADLINE: -46,
  IO_INVALID: -47,
  BAD_PATH: -50,
  NOT_DIR: -51,
  NOT_FILE: -52,
  FILE_BIG: -53,
  NO_SPACE: -54,
  NOT_EMPTY: -55,
  STOP: -60,
  NEXT: -61,
  ASYNC: -62,
  PROTOCOL_NOT_SUPPORTED: -70,
  ADDRESS_UNREACHABLE: -71,
  ADDRESS_IN_USE: -72,
  NOT_CONNECTED: -73,
  CONNECTION_REFUSED: -74,
  CONNECTION_RESET: -75,
  CONNECTION_ABORTED: -76,
  INTERNAL_INTR_KILLED: -502,
} as const;

/** The name of a status. */
export type StatusName = keyof typeof Status;

/** Any status. */
export type Status = typeof Status[StatusName];

/** Any status that is not success. */
export type Failure = Exclude<Status, 0>;

/** Narrow "an object, or why not" to why not. */
export function failed<T extends object, F extends Failure>(result: T | F): result is F {
  return typeof result === "number";
}

const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(Status).map(([name, value]) => [value, name]),
);

/** The name of a status, such as `PEER_CLOSED`; an unknown number stands for itself. */
export function statusName(status: number): string {
  return NAMES.get(status) ?? String(status);
}
