/**
 * A machine thread's registers as `zx_thread_read_state` lays them out.
 *
 * @module
 */
import { Status, ThreadStateKind, USER_TOP } from "../abi.ts";
import type { Context, InstructionSet } from "../ports.ts";
import type { Thread } from "./thread.ts";

/** The integer registers of RISC-V but for the one that is always zero, where `pc` stands. */
const GENERAL = 32;
/** Bytes of a floating-point register: room for twice what RV64D has. */
const FLOAT_BYTES = 16;
/** What the half of that room says that no register has. */
const UNUSED_HALF = 2n ** 64n - 1n;

/** One kind of state: how many bytes, how to read it and how to put it back. */
interface StateKind {
  readonly size: number;
  read(thread: Thread, context: Context, view: DataView): void;
  /** Answers false for values that a thread cannot have. */
  write(thread: Thread, context: Context, view: DataView): boolean;
}

const GENERAL_REGS: StateKind = {
  size: GENERAL * 8,
  read(_thread, context, view) {
    view.setBigUint64(0, BigInt(context.pc), true);
    for (let at = 1; at < GENERAL; at++) view.setBigUint64(at * 8, context.getBig(at), true);
  },
  write(_thread, context, view) {
    const pc = view.getBigUint64(0, true);
    if (pc >= BigInt(USER_TOP)) return false;
    context.pc = Number(pc);
    for (let at = 1; at < GENERAL; at++) context.setBig(at, view.getBigUint64(at * 8, true));
    return true;
  },
};

const FP_REGS: StateKind = {
  size: 32 * FLOAT_BYTES + 16,
  read(thread, context, view) {
    const { first, control } = floating(thread);
    for (let at = 0; at < 32; at++) {
      view.setBigUint64(at * FLOAT_BYTES, context.getBig(first + at), true);
      view.setBigUint64(at * FLOAT_BYTES + 8, UNUSED_HALF, true);
    }
    view.setUint32(32 * FLOAT_BYTES, context.getLow(control), true);
  },
  write(thread, context, view) {
    const { first, control } = floating(thread);
    const fcsr = view.getUint32(32 * FLOAT_BYTES, true);
    if (fcsr > 0xff) return false;
    for (let at = 0; at < 32; at++) {
      if (view.getBigUint64(at * FLOAT_BYTES + 8, true) !== UNUSED_HALF) return false;
    }
    for (let at = 0; at < 32; at++) {
      context.setBig(first + at, view.getBigUint64(at * FLOAT_BYTES, true));
    }
    context.set(control, fcsr);
    return true;
  },
};

/** Zircon has them for RISC-V, too, but no breakpoint and no watchpoint in them: one unused word. */
const DEBUG_REGS: StateKind = {
  size: 4,
  read: () => {},
  write: () => true,
};

const SINGLE_STEP: StateKind = {
  size: 4,
  read: (thread, _context, view) => view.setUint32(0, thread.singleStep ? 1 : 0, true),
  write(thread, _context, view) {
    const value = view.getUint32(0, true);
    if (value > 1) return false;
    thread.singleStep = value === 1;
    return true;
  },
};

/** Registers of a thread that does not run, as bytes, or why not. */
export function readState(thread: Thread, kind: number, capacity: number) {
  const state = reach(thread, kind);
  if (typeof state === "number") return state;
  if (capacity < state.kind.size) return Status.BUFFER_TOO_SMALL;
  const bytes = new Uint8Array(state.kind.size);
  state.kind.read(thread, state.context, new DataView(bytes.buffer));
  return bytes;
}

/** Change the registers of a thread that does not run. */
export function writeState(thread: Thread, kind: number, bytes: Uint8Array) {
  const state = reach(thread, kind);
  if (typeof state === "number") return state;
  if (bytes.length !== state.kind.size) return Status.INVALID_ARGS;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return state.kind.write(thread, state.context, view) ? Status.OK : Status.INVALID_ARGS;
}

function reach(thread: Thread, kind: number) {
  if (thread.ended || (!thread.suspended && thread.exception === null)) return Status.BAD_STATE;
  const found = kindOf(thread, kind);
  if (!found || thread.body?.kind !== "machine") return Status.NOT_SUPPORTED;
  return { kind: found, context: thread.body.context };
}

function kindOf(thread: Thread, kind: number): StateKind | null {
  if (kind === ThreadStateKind.GENERAL_REGS) return GENERAL_REGS;
  if (kind === ThreadStateKind.SINGLE_STEP) return SINGLE_STEP;
  if (kind === ThreadStateKind.DEBUG_REGS) return DEBUG_REGS;
  const hasFloats = kind === ThreadStateKind.FP_REGS && floating(thread).control >= 0;
  return hasFloats ? FP_REGS : null;
}

function floating(thread: Thread): { readonly first: number; readonly control: number } {
  const isa: InstructionSet = thread.process.system.processor!.isa;
  return { first: isa.registers.indexOf("ft0"), control: isa.registers.indexOf("fcsr") };
}
