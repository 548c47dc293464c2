/**
 * What a handler finds on the stack (`struct signal_ucontext`), lowest address first: the code that
 * leads back to the kernel, the signals that were held back before, who sent the signal, registers.
 *
 * The code is on the program's stack, which works because all its memory may be executed; and what
 * is put back afterwards is whatever lies there then.
 *
 * @module
 */
import { Register, REGISTERS } from "../abi/riscv64.ts";
import type { LwpThread } from "./lwp_thread.ts";
import { isUserAccessible } from "./mm/user_mm.ts";
import type { SignalInfo } from "./signal_queue.ts";

/** Where in it the sender is told of; a handler has that address in `a1`. */
export const INFO_AT = 16;

const MASK_AT = 8;
const FRAME_AT = 144;
const { SP } = Register;
/** `pc`, the general registers and a word to fill up, and those for floating point. */
const WORDS = 66;
const SIZE = FRAME_AT + WORDS * 8;
/** In the stack pointer's own place the frame has the status. */
const SP_PLACE = 32;

/** `li a7, 0xfe; ecall`. */
const SIGRETURN_CODE = [0x0fe00893, 0x00000073];

/** Put down what a handler finds; answers where, or null if the stack has no room. */
export function saveFrame(one: LwpThread, info: SignalInfo, blocked: bigint): number | null {
  const { context, lwp } = one;
  const at = context.get(SP) - SIZE;
  if (!isUserAccessible(lwp, at, SIZE)) return null;
  const bytes = new Uint8Array(SIZE);
  const view = new DataView(bytes.buffer);
  SIGRETURN_CODE.forEach((word, index) => view.setUint32(4 * index, word, true));
  view.setBigUint64(MASK_AT, blocked, true);
  view.setInt32(INFO_AT, info.signal, true);
  view.setInt32(INFO_AT + 8, info.code, true);
  view.setInt32(INFO_AT + 16, info.pid, true);
  view.setBigUint64(FRAME_AT, BigInt(context.pc), true);
  for (let register = 1; register < REGISTERS; register++) {
    view.setBigUint64(placeOf(register), context.getBig(register), true);
  }
  return lwp.memory.write(at, bytes) === 0 ? at : null;
}

/** Put back what lies at the stack pointer; answers the signals to hold back, or null. */
export function restoreFrame(one: LwpThread): bigint | null {
  const { context, lwp } = one;
  const at = context.get(SP);
  const bytes = isUserAccessible(lwp, at, SIZE) ? lwp.memory.bytes(at, SIZE) : null;
  if (bytes === null || typeof bytes === "number") return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  for (let register = 1; register < REGISTERS; register++) {
    context.setBig(register, view.getBigUint64(placeOf(register), true));
  }
  const pc = Number(view.getBigUint64(FRAME_AT, true));
  context.pc = pc - pc % 2;
  return view.getBigUint64(MASK_AT, true);
}

/** Where a register is in the frame. */
function placeOf(register: number): number {
  const place = register === SP ? SP_PLACE : register < SP_PLACE ? register : register + 1;
  return FRAME_AT + 8 * place;
}
