/**
 * The processargs message: what a process is told in its first message, as bytes.
 *
 * @module
 */
import { PROCARGS_HEADER_SIZE, PROCARGS_PROTOCOL, PROCARGS_VERSION } from "./startup_handles.ts";

/** What a bootstrap message says besides its handles. */
export interface ProcessArgs {
  /** For each handle of the message, in order, what it is for (`paHandle`). */
  readonly handleInfo: readonly number[];
  /** The program's arguments, its own name first. */
  readonly args: readonly string[];
  /** Its environment, as `NAME=value`. */
  readonly environ: readonly string[];
  /** The paths of its namespace, which `Pa.NS_DIR` handles refer to by index. */
  readonly names: readonly string[];
}

/** Where the parts of a message are said to be: byte offset and count. */
interface Strings {
  readonly offset: number;
  readonly count: number;
}

/** The message's bytes: header, handle info, arguments, environment, names. */
export function encodeProcessArgs({ handleInfo, args, environ, names }: ProcessArgs): Uint8Array {
  const parts = [args, environ, names].map(joined);
  const infoEnd = PROCARGS_HEADER_SIZE + 4 * handleInfo.length;
  const size = parts.reduce((sum, part) => sum + part.length, infoEnd);
  const message = new Uint8Array(size);
  const view = new DataView(message.buffer);
  const words = [PROCARGS_PROTOCOL, PROCARGS_VERSION, PROCARGS_HEADER_SIZE];
  let at = infoEnd;
  for (const [index, part] of parts.entries()) {
    words.push(at, [args, environ, names][index]!.length);
    message.set(part, at);
    at += part.length;
  }
  words.forEach((word, index) => view.setUint32(index * 4, word, true));
  handleInfo.forEach((info, index) => view.setUint32(PROCARGS_HEADER_SIZE + index * 4, info, true));
  return message;
}

/** What a message of so many handles says, or the sentence that says what is wrong with it. */
export function decodeProcessArgs(message: Uint8Array, handles: number): ProcessArgs | string {
  if (message.length < PROCARGS_HEADER_SIZE) {
    return `a processargs message has at least ${PROCARGS_HEADER_SIZE} bytes, this has ${message.length}`;
  }
  const view = new DataView(message.buffer, message.byteOffset, message.length);
  const word = (index: number) => view.getUint32(index * 4, true);
  if (word(0) !== PROCARGS_PROTOCOL) return "the message is of another protocol";
  if (word(1) !== PROCARGS_VERSION) return "the message is of another version";
  const infoAt = word(2);
  if (infoAt + 4 * handles > message.length) return "the handle info lies outside the message";
  const info = Array.from({ length: handles }, (_, at) => view.getUint32(infoAt + at * 4, true));
  const lists: string[][] = [];
  for (const [index, name] of ["args", "environ", "names"].entries()) {
    const list = strings(message, { offset: word(3 + index * 2), count: word(4 + index * 2) });
    if (!list) return `the ${name} lie outside the message`;
    lists.push(list);
  }
  const [args, environ, names] = lists as [string[], string[], string[]];
  return { handleInfo: info, args, environ, names };
}

function joined(list: readonly string[]): Uint8Array {
  return new TextEncoder().encode(list.map((text) => `${text}\0`).join(""));
}

/** So many strings, each ended by a zero; undefined when the message does not hold them. */
function strings(message: Uint8Array, { offset, count }: Strings): string[] | undefined {
  const found: string[] = [];
  let at = offset;
  while (found.length < count) {
    const end = at < message.length ? message.indexOf(0, at) : -1;
    if (end < 0) return undefined;
    found.push(new TextDecoder().decode(message.subarray(at, end)));
    at = end + 1;
  }
  return found;
}
