/**
 * How a trace writes an argument: at once, or once the call has answered.
 *
 * @module
 */
import { PATH_MAX } from "../../kernel/linux/name.ts";
import { AT_FDCWD } from "../../kernel/linux/abi/open.ts";
import { SIGNALS, SIGRTMIN } from "../../kernel/linux/abi/signal.ts";
import { signalName } from "../../kernel/linux/signal/signal.ts";
import { type FlagSet, maskText, nameText } from "./flag_set.ts";
import { quoted, quotedHex, TEXT_MAX } from "./quoted.ts";
import type { Seen } from "./seen.ts";

/** Writes one argument; null where the call takes none there. */
export type Show = (seen: Seen, at: number) => string | null;

/** An argument: how it is written, and whether that has to wait for the answer. */
export type Argument = Show | {
  /** Writes it. */
  readonly late: Show;
  /** Whether it waits, where not every such call puts something down. */
  readonly waits?: (seen: Seen, at: number) => boolean;
  /** Looks at what the call will put something else over. */
  readonly before?: (seen: Seen, at: number) => void;
  /** Whether it says more about the argument before it, and brings its own mark. */
  readonly goesOn?: true;
};

/** The arguments of a call. */
export type CallShape = readonly Argument[];

/** Writes what a pointer leads to, given its bytes. */
export type ShowBytes = (view: DataView, seen: Seen) => string;

/** An address; NULL where it is none. */
export function addressText(address: number | bigint): string {
  return address === 0 || address === 0n ? "NULL" : `0x${address.toString(16)}`;
}

/** A number with a sign. */
export const int: Show = (seen, at) => `${seen.int(at)}`;

/** A number without. */
export const uint: Show = (seen, at) => `${seen.uint(at)}`;

/** A long number with a sign. */
export const long: Show = (seen, at) => `${BigInt.asIntN(64, seen.whole(at))}`;

/** A long number without. */
export const size: Show = (seen, at) => `${seen.whole(at)}`;

/** A number to the base 16; zero as such. */
export function hexText(value: number | bigint): string {
  return value === 0 || value === 0n ? "0" : `0x${value.toString(16)}`;
}

/** A number to the base 16; zero as such. */
export const hex: Show = (seen, at) => seen.whole(at) === 0n ? "0" : `0x${hexOf(seen, at)}`;

/** A number to the base 16, zero too. */
export const plainHex: Show = (seen, at) => `0x${hexOf(seen, at)}`;

function hexOf(seen: Seen, at: number): string {
  return seen.whole(at).toString(16);
}

/** A mode of a file. */
export const octal: Show = (seen, at) => octalText(seen.uint(at));

/** A mode of a file: three digits at least, of which the first is a zero. */
export function octalText(mode: number): string {
  return `0${(mode & 0xffff).toString(8)}`.padStart(3, "0");
}

/** An address alone. */
export const address: Show = (seen, at) => addressText(seen.whole(at));

/** The descriptor of a directory. */
export const dirfd: Show = (seen, at) => seen.int(at) === AT_FDCWD ? "AT_FDCWD" : `${seen.int(at)}`;

/** A signal. */
export const signal: Show = (seen, at) => signalText(seen.int(at));

/** A signal, as a trace writes it. */
export function signalText(number: number): string {
  if (number === SIGRTMIN) return "SIGRTMIN";
  return number <= 0 || number > SIGNALS ? `${number}` : signalName(number);
}

/** A path: whole. */
export const path: Show = (seen, at) => stringAt(seen, seen.address(at), PATH_MAX);

/** Bytes up to a zero. */
export const text: Show = (seen, at) => stringAt(seen, seen.address(at), TEXT_MAX);

/** Bytes up to a zero at an address. */
export function stringAt(seen: Seen, where: number, max: number): string {
  if (where === 0) return "NULL";
  const bytes = seen.string(where, max + 1);
  if (bytes === null) return addressText(where);
  return quoted(bytes.subarray(0, max), bytes.length > max);
}

/** So many bytes of memory as another argument says. */
export function bytesOf(lengthAt: number): Show {
  return (seen, at) => bytesAt(seen, seen.address(at), seen.address(lengthAt));
}

/** Bytes at an address. */
export function bytesAt(seen: Seen, where: number, length: number, write = quoted): string {
  if (where === 0) return "NULL";
  const view = seen.view(where, Math.min(length, TEXT_MAX));
  if (view === null) return addressText(where);
  return write(new Uint8Array(view.buffer), length > TEXT_MAX);
}

/** Bytes that the call put down: as many as it answers. */
export const answeredBytes: Argument = after((seen, at) =>
  bytesAt(seen, seen.address(at), seen.answer!)
);

/** The same by their numbers, where they are no text. */
export const answeredNoise: Argument = after((seen, at) =>
  bytesAt(seen, seen.address(at), seen.answer!, quotedHex)
);

/** A mask of bits by name. */
export function mask(flags: FlagSet): Show {
  return (seen, at) => maskText(flags, seen.uint(at));
}

/** One of several by name. */
export function one(flags: FlagSet): Show {
  return (seen, at) => nameText(flags, seen.int(at));
}

/** What is known once the call has answered; after an error the address. */
export function after(show: Show): Argument {
  return { late: (seen, at) => seen.failed ? addressText(seen.whole(at)) : show(seen, at) };
}

/** What is known once the call has answered if it puts something down, and else at once. */
export function afterIf(waits: (seen: Seen, at: number) => boolean, show: Show): Argument {
  const late: Show = (seen, at) => seen.failed ? addressText(seen.whole(at)) : show(seen, at);
  return { late: (seen, at) => waits(seen, at) ? late(seen, at) : show(seen, at), waits };
}

/** What is known once the call has answered, whatever that was. */
export function afterAll(show: Show): Argument {
  return { late: show };
}

/** A number that stands in memory. */
export const wordText: ShowBytes = (view) => `[${view.getInt32(0, true)}]`;

/** A number that a pointer leads to. */
export const word: Show = (seen, at) =>
  shownAt(seen, seen.address(at), { bytes: 4, show: wordText });

/** What a pointer leads to. */
export function to(bytes: number, show: ShowBytes): Show {
  return (seen, at) => shownAt(seen, seen.address(at), { bytes, show });
}

/** What is at an address: written, or the address where it cannot be read. */
export function shownAt(
  seen: Seen,
  where: number,
  { bytes, show }: { readonly bytes: number; readonly show: ShowBytes },
): string {
  if (where === 0) return "NULL";
  const view = seen.view(where, bytes);
  return view === null ? addressText(where) : show(view, seen);
}

/** What stands one behind the other at an address. */
export function listAt(
  seen: Seen,
  where: number,
  { bytes, show, count, max = TEXT_MAX }: {
    readonly bytes: number;
    readonly show: ShowBytes;
    readonly count: number;
    readonly max?: number;
  },
): string {
  if (where === 0) return "NULL";
  const shown: string[] = [];
  for (let index = 0; index < count; index++) {
    if (index === max) {
      shown.push("...");
      break;
    }
    const view = seen.view(where + index * bytes, bytes);
    if (view === null) {
      if (index === 0) return addressText(where);
      shown.push(`... /* ${addressText(where + index * bytes)} */`);
      break;
    }
    shown.push(show(view, seen));
  }
  return `[${shown.join(", ")}]`;
}

/** An array of so many as another argument says. */
export function list(bytes: number, show: ShowBytes, countAt: number): Show {
  return (seen, at) =>
    listAt(seen, seen.address(at), { bytes, show, count: Math.max(0, seen.int(countAt)) });
}
