/**
 * The messages of the services here: a header of sixteen bytes, then the body of the method.
 *
 * A method's number is the first eight bytes of the SHA-256 of its full name, without the top bit,
 * as FIDL numbers methods.
 *
 * @module
 */

/** Bytes of the header. */
export const HEADER_SIZE = 16;

/** `fuchsia.ldsvc/Loader`: who gives a program its libraries. */
export const LoaderMethod = {
  DONE: 0x63ba6b76d3671001n,
  LOAD_OBJECT: 0x48c5a151d6df2853n,
  CONFIG: 0x6a8a1a1464632841n,
  CLONE: 0x57e643a9ab6e4c29n,
} as const;

/** `zandbox.process/Launcher`: who starts a program for somebody else. */
export const LauncherMethod = {
  LAUNCH: 0x6a777df512eb82den,
  CLONE: 0x66032fec5a9d048fn,
} as const;

const MAGIC = 1;
const PRESENT = 0xffffffff;

/** What a header says. */
export interface FidlHeader {
  /** Which answer belongs to which question; 0 where none is expected. */
  readonly txid: number;
  /** The method. */
  readonly ordinal: bigint;
}

/** Read a message's header; undefined when it has none. */
export function readHeader(message: Uint8Array): FidlHeader | undefined {
  if (message.length < HEADER_SIZE || message[7] !== MAGIC) return undefined;
  const view = viewOf(message);
  return { txid: view.getUint32(0, true), ordinal: view.getBigUint64(8, true) };
}

/** A message: header and body. */
export function message({ txid, ordinal }: FidlHeader, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEADER_SIZE + body.length);
  const view = viewOf(bytes);
  view.setUint32(0, txid, true);
  bytes[7] = MAGIC;
  view.setBigUint64(8, ordinal, true);
  bytes.set(body, HEADER_SIZE);
  return bytes;
}

/** The body of a method that takes one string. */
export function stringBody(text: string): Uint8Array {
  const bytes = new TextEncoder().encode(text);
  const body = new Uint8Array(16 + Math.ceil(bytes.length / 8) * 8);
  const view = viewOf(body);
  view.setBigUint64(0, BigInt(bytes.length), true);
  view.setBigUint64(8, 2n ** 64n - 1n, true);
  body.set(bytes, 16);
  return body;
}

/** The string in such a body; undefined when it is not all there. */
export function readStringBody(message: Uint8Array): string | undefined {
  if (message.length < HEADER_SIZE + 16) return undefined;
  const size = viewOf(message).getBigUint64(HEADER_SIZE, true);
  const start = HEADER_SIZE + 16;
  if (size > BigInt(message.length - start)) return undefined;
  return new TextDecoder().decode(message.subarray(start, start + Number(size)));
}

/** The body of an answer: a status and whether a handle comes with it. */
export function statusBody(status: number, withHandle = false): Uint8Array {
  const body = new Uint8Array(8);
  const view = viewOf(body);
  view.setInt32(0, status, true);
  view.setUint32(4, withHandle ? PRESENT : 0, true);
  return body;
}

/** The status in an answer; undefined when it has none. */
export function readStatusBody(message: Uint8Array): number | undefined {
  if (message.length < HEADER_SIZE + 4) return undefined;
  return viewOf(message).getInt32(HEADER_SIZE, true);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
