/**
 * A call with its arguments, as a trace writes it: what is known before it answers, and the rest.
 *
 * @module
 */
import { isPlain, type LinuxCall, type PlainKind } from "../../kernel/linux/call.ts";
import { FILE_SHAPES } from "./file_shapes.ts";
import { FUTEX_SHAPES } from "./futex_shapes.ts";
import { IPC_SHAPES } from "./ipc_shapes.ts";
import { MEMORY_SHAPES } from "./memory_shapes.ts";
import { POLLING_SHAPES } from "./polling_shapes.ts";
import { PRCTL_SHAPES } from "./prctl_shapes.ts";
import { PROCESS_SHAPES } from "./process_shapes.ts";
import { SCHEDULING_SHAPES } from "./scheduling_shapes.ts";
import { SECCOMP_SHAPES } from "./seccomp_shapes.ts";
import type { Seen } from "./seen.ts";
import {
  address,
  type Argument,
  type CallShape,
  dirfd,
  hex,
  int,
  long,
  octal,
  path,
  type Show,
  signal,
  size,
  uint,
} from "./shape.ts";
import { SIGNAL_SHAPES } from "./signal_shapes.ts";
import { SOCKET_SHAPES } from "./socket_shapes.ts";
import { TIME_SHAPES } from "./time_shapes.ts";

const SHAPES: Readonly<Record<string, CallShape>> = {
  ...FILE_SHAPES,
  ...FUTEX_SHAPES,
  ...IPC_SHAPES,
  ...MEMORY_SHAPES,
  ...POLLING_SHAPES,
  ...PRCTL_SHAPES,
  ...PROCESS_SHAPES,
  ...SCHEDULING_SHAPES,
  ...SECCOMP_SHAPES,
  ...SIGNAL_SHAPES,
  ...SOCKET_SHAPES,
  ...TIME_SHAPES,
};

/** How arguments are written that their call's row says enough of. */
const KINDS: Readonly<Record<PlainKind, Show>> = {
  int,
  fd: int,
  pid: int,
  uint,
  dirfd,
  mode: octal,
  long,
  size,
  pointer: address,
  path,
  signal,
};

const ALL_REGISTERS: CallShape = Array.from({ length: 6 }, () => hex);

/** How the arguments of a call are written. */
export function shapeOf(row: LinuxCall): CallShape {
  if (row.absence !== null) return ALL_REGISTERS;
  return SHAPES[row.name] ?? row.kinds.map((kind) => isPlain(kind) ? KINDS[kind] : hex);
}

/** A call while it has not answered: its name, and its arguments up to the first that has to wait. */
export function headText(seen: Seen): string {
  const shape = shapeOf(seen.row);
  shape.forEach((one, at) => typeof one !== "function" && one.before?.(seen, at));
  const end = firstLate(seen, shape);
  const args = written(seen, shape, 0, end);
  return `${seen.row.name}(${args}${isListBroken(shape, end) ? ", " : ""}`;
}

/** The rest of it once it has. */
export function tailText(seen: Seen): string {
  const shape = shapeOf(seen.row);
  const start = firstLate(seen, shape);
  if (start >= shape.length) return "";
  const text = written(seen, shape, start, shape.length);
  // Where there is no more to say of the argument before, the list goes on.
  const goesOn = start > 0 && !isListBroken(shape, start) && !text.startsWith(" => ");
  return goesOn && text !== "" ? `, ${text}` : text;
}

/** Whether a comma ends what is known. */
function isListBroken(shape: CallShape, end: number): boolean {
  const next = end === 0 ? undefined : shape[end];
  return next !== undefined && (typeof next === "function" || !next.goesOn);
}

function firstLate(seen: Seen, shape: CallShape): number {
  const found = shape.findIndex((one, at) =>
    typeof one !== "function" && (one.waits?.(seen, at) ?? true)
  );
  return found < 0 ? shape.length : found;
}

function written(seen: Seen, shape: CallShape, start: number, end: number): string {
  let text = "";
  for (let at = start; at < end; at++) {
    const one = showOf(shape[at]!)(seen, at);
    // What says more about the argument before it brings its own mark.
    if (one !== null) text += text === "" || one.startsWith(" => ") ? one : `, ${one}`;
  }
  return text;
}

function showOf(argument: Argument): Show {
  return typeof argument === "function" ? argument : argument.late;
}
