/**
 * Rights: what a handle allows its holder to do with the object.
 *
 * @module
 */

/** Each right's bit. */
export const Right = {
  NONE: 0,
  DUPLICATE: 1 << 0,
  TRANSFER: 1 << 1,
  READ: 1 << 2,
  WRITE: 1 << 3,
  EXECUTE: 1 << 4,
  MAP: 1 << 5,
  GET_PROPERTY: 1 << 6,
  SET_PROPERTY: 1 << 7,
  ENUMERATE: 1 << 8,
  DESTROY: 1 << 9,
  SET_POLICY: 1 << 10,
  GET_POLICY: 1 << 11,
  SIGNAL: 1 << 12,
  SIGNAL_PEER: 1 << 13,
  WAIT: 1 << 14,
  INSPECT: 1 << 15,
  MANAGE_JOB: 1 << 16,
  MANAGE_PROCESS: 1 << 17,
  MANAGE_THREAD: 1 << 18,
  APPLY_PROFILE: 1 << 19,
  MANAGE_SOCKET: 1 << 20,
  OP_CHILDREN: 1 << 21,
  RESIZE: 1 << 22,
  ATTACH_VMO: 1 << 23,
  MANAGE_VMO: 1 << 24,
  /** In a request: the same rights as the handle it is made from. */
  SAME_RIGHTS: 0x80000000,
} as const;

/** The name of a right. */
export type RightName = Exclude<keyof typeof Right, "NONE" | "SAME_RIGHTS">;

const { DUPLICATE, TRANSFER, READ, WRITE, WAIT, INSPECT, SIGNAL, SIGNAL_PEER, MAP } = Right;
const { GET_PROPERTY, SET_PROPERTY, GET_POLICY, SET_POLICY, ENUMERATE, DESTROY } = Right;
const { MANAGE_JOB, MANAGE_PROCESS, MANAGE_THREAD, EXECUTE, OP_CHILDREN } = Right;

/** What almost every handle may do. */
export const RIGHTS_BASIC = TRANSFER | DUPLICATE | WAIT | INSPECT;
/** Moving data in and out. */
export const RIGHTS_IO = READ | WRITE;
const PROPERTY = GET_PROPERTY | SET_PROPERTY;
const POLICY = GET_POLICY | SET_POLICY;
const MANAGE = MANAGE_PROCESS | MANAGE_THREAD;

/** The rights of a handle that creating an object answers. */
export const DEFAULT_RIGHTS = {
  process: RIGHTS_BASIC | RIGHTS_IO | PROPERTY | ENUMERATE | DESTROY | SIGNAL | MANAGE,
  thread: RIGHTS_BASIC | RIGHTS_IO | PROPERTY | DESTROY | SIGNAL | MANAGE_THREAD,
  job: RIGHTS_BASIC | RIGHTS_IO | PROPERTY | POLICY | ENUMERATE | DESTROY | SIGNAL | MANAGE_JOB |
    MANAGE,
  vmo: RIGHTS_BASIC | RIGHTS_IO | PROPERTY | MAP | SIGNAL,
  vmar: (RIGHTS_BASIC & ~WAIT) | OP_CHILDREN,
  rootVmar: (RIGHTS_BASIC & ~WAIT) | OP_CHILDREN | RIGHTS_IO | EXECUTE,
  channel: (RIGHTS_BASIC & ~DUPLICATE) | RIGHTS_IO | SIGNAL | SIGNAL_PEER,
  event: RIGHTS_BASIC | SIGNAL,
  eventPair: RIGHTS_BASIC | SIGNAL | SIGNAL_PEER,
  port: (RIGHTS_BASIC & ~WAIT) | RIGHTS_IO,
  socket: RIGHTS_BASIC | RIGHTS_IO | PROPERTY | SIGNAL | SIGNAL_PEER | Right.MANAGE_SOCKET,
  fifo: RIGHTS_BASIC | RIGHTS_IO | SIGNAL | SIGNAL_PEER,
  timer: RIGHTS_BASIC | WRITE | SIGNAL,
  clock: RIGHTS_BASIC | RIGHTS_IO | SIGNAL | PROPERTY,
  stream: RIGHTS_BASIC | PROPERTY | SIGNAL,
  resource: TRANSFER | DUPLICATE | WRITE | INSPECT,
  debugLog: RIGHTS_BASIC | WRITE | SIGNAL,
  interrupt: RIGHTS_BASIC | RIGHTS_IO | SIGNAL,
  profile: (RIGHTS_BASIC & ~WAIT) | Right.APPLY_PROFILE,
  suspendToken: TRANSFER | INSPECT,
  pager: INSPECT | TRANSFER | Right.ATTACH_VMO | Right.MANAGE_VMO,
  exception: TRANSFER | PROPERTY | INSPECT,
  exceptionChannel: TRANSFER | WAIT | READ,
  iob: RIGHTS_BASIC | RIGHTS_IO | PROPERTY | MAP | SIGNAL | SIGNAL_PEER,
  iobSharedRegion: RIGHTS_BASIC | PROPERTY | SIGNAL,
  counter: RIGHTS_BASIC | RIGHTS_IO | SIGNAL,
  systemEvent: WAIT | DUPLICATE | TRANSFER,
} as const;

const NAMED = Object.entries(Right).filter(([name]) => name !== "NONE" && name !== "SAME_RIGHTS");

/** The names of the rights in a mask, in the order of their bits. */
export function rightNames(rights: number): RightName[] {
  return NAMED.filter(([, bit]) => (rights & bit) !== 0).map(([name]) => name as RightName);
}

/** Rights as text, such as `READ|WRITE`, or `none`. */
export function rightsText(rights: number): string {
  return rightNames(rights).join("|") || "none";
}
