/**
 * The frame of a handler: what was interrupted, on the program's stack.
 *
 * @module
 */
import { Register } from "../../abi/riscv64.ts";
import { HandlerFlag, SIGINFO_SIZE, StackFlag } from "../abi/signal.ts";
import type { Context } from "../../ports.ts";
import { NO_SIGNAL_STACK, type Task } from "../task.ts";
import type { Action } from "./handlers.ts";
import { encodeSigInfo, type SigInfo } from "./siginfo.ts";
import { setOf, type SignalSet } from "./signal.ts";

const UCONTEXT_SIZE = 960;
const FRAME_SIZE = SIGINFO_SIZE + UCONTEXT_SIZE;
const STACK_AT = 16;
const MASK_AT = 40;
const REGISTERS_AT = 176;
const FLOATS_AT = 432;
const FCSR_AT = 688;

const { RA, SP, A0, F0: FLOATS, FCSR } = Register;

/** Let a task run a handler next; answers whether there is room for its frame. */
export function enterHandler(task: Task, info: SigInfo, action: Action): boolean {
  const { context, mm } = task;
  const stack = stackFor(task, action);
  const base = stack - FRAME_SIZE;
  const at = base - base % 16;
  const { signalStack } = task;
  // A stack that is used up must not run over into what is below it.
  const runsOver = isOnSignalStack(task, context.get(SP)) && !isOnSignalStack(task, at);
  if (runsOver && stack === context.get(SP)) return false;
  const frame = new Uint8Array(FRAME_SIZE);
  frame.set(encodeSigInfo(info));
  const mask = task.savedMask ?? task.blocked;
  fillContext(new DataView(frame.buffer, SIGINFO_SIZE), task, mask);
  if (mm.memory.write(at, frame) !== 0) return false;
  task.savedMask = null;
  // The handler may leave for good, so that others may use the stack from its beginning.
  if ((signalStack.flags & StackFlag.AUTODISARM) !== 0) task.signalStack = NO_SIGNAL_STACK;
  context.set(RA, mm.vdso + task.linux.vdso.sigreturn);
  context.set(SP, at);
  context.set(A0, info.signal);
  context.set(A0 + 1, at);
  context.set(A0 + 2, at + SIGINFO_SIZE);
  context.pc = action.handler - action.handler % 2;
  const own = (action.flags & HandlerFlag.NODEFER) !== 0 ? 0n : setOf(info.signal);
  task.setBlocked(task.blocked | action.mask | own);
  return true;
}

/** Go back to what a handler interrupted; answers whether its frame is there. */
export function leaveHandler(task: Task): boolean {
  const { context, mm } = task;
  const bytes = new Uint8Array(UCONTEXT_SIZE);
  if (mm.memory.read(context.get(SP) + SIGINFO_SIZE, bytes) !== 0) return false;
  const view = new DataView(bytes.buffer);
  task.setBlocked(view.getBigUint64(MASK_AT, true));
  context.pc = Number(view.getBigUint64(REGISTERS_AT, true));
  for (let one = 1; one < 32; one++) {
    context.setBig(one, view.getBigUint64(REGISTERS_AT + one * 8, true));
    context.setBig(FLOATS + one, view.getBigUint64(FLOATS_AT + one * 8, true));
  }
  context.setBig(FLOATS, view.getBigUint64(FLOATS_AT, true));
  context.set(FCSR, view.getUint32(FCSR_AT, true));
  const size = Number(view.getBigUint64(STACK_AT + 16, true));
  const address = Number(view.getBigUint64(STACK_AT, true));
  const flags = view.getInt32(STACK_AT + 8, true);
  if (task.signalStack.size !== size || task.signalStack.address !== address) {
    task.signalStack = { address, size, flags: flags & ~StackFlag.ONSTACK };
  }
  return true;
}

/** Whether a stack pointer is on a task's stack for handlers. */
export function isOnSignalStack(task: Task, pointer: number): boolean {
  const { address, size, flags } = task.signalStack;
  // Of one that is put away while a handler uses it, nobody says that it is in use.
  if ((flags & StackFlag.AUTODISARM) !== 0) return false;
  return size > 0 && pointer > address && pointer <= address + size;
}

function stackFor(task: Task, action: Action): number {
  const pointer = task.context.get(SP);
  const { address, size } = task.signalStack;
  const wanted = (action.flags & HandlerFlag.ONSTACK) !== 0 && size > 0;
  return wanted && !isOnSignalStack(task, pointer) ? address + size : pointer;
}

function fillContext(view: DataView, task: Task, mask: SignalSet): void {
  const { context, signalStack } = task;
  const on = isOnSignalStack(task, context.get(SP)) ? StackFlag.ONSTACK : 0;
  view.setBigUint64(STACK_AT, BigInt(signalStack.address), true);
  view.setInt32(STACK_AT + 8, signalStack.flags | on, true);
  view.setBigUint64(STACK_AT + 16, BigInt(signalStack.size), true);
  view.setBigUint64(MASK_AT, mask, true);
  setRegisters(view, context);
}

function setRegisters(view: DataView, context: Context): void {
  view.setBigUint64(REGISTERS_AT, BigInt(context.pc), true);
  for (let one = 0; one < 32; one++) {
    if (one > 0) view.setBigUint64(REGISTERS_AT + one * 8, context.getBig(one), true);
    view.setBigUint64(FLOATS_AT + one * 8, context.getBig(FLOATS + one), true);
  }
  view.setUint32(FCSR_AT, context.getLow(FCSR), true);
}
