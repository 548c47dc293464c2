/**
 * How a thread begins: where, with which stack and which two arguments.
 *
 * @module
 */
import { Status, USER_TOP } from "../abi.ts";
import type { Body, Thread } from "../task/thread.ts";

/** Where a thread begins, and with what in its registers. */
export interface Start {
  readonly entry: number;
  readonly stack: number;
  readonly arg1: number;
  readonly arg2: number;
  /** The thread pointer. */
  readonly threadPointer?: number;
  /** The register that the ABI keeps for a shadow stack. */
  readonly abiRegister?: number;
}

/** Whether a thread may be told to begin at an address: it need not be able to run there. */
export function mayEnter(thread: Thread, entry: number): boolean {
  return entry < USER_TOP || thread.process.system.scripts.at(entry) !== undefined;
}

/** Whether there is something that can run what is at an address. */
export function canRun(thread: Thread, entry: number): boolean {
  const { processor, scripts } = thread.process.system;
  return processor !== null || scripts.at(entry) !== undefined;
}

/** Let a thread begin; `first` if its process begins with it. */
export function begin(thread: Thread, start: Start, first: boolean): typeof Status.OK {
  const { entry, stack, arg1, arg2 } = start;
  const { koid, realm, process } = thread;
  if (realm.log.listening) {
    realm.log.emit("thread-start", { process: process.koid, thread: koid, entry, stack });
  }
  const main = process.system.scripts.at(entry);
  const body: Body = main
    ? { kind: "script", script: main(arg1, arg2), reply: undefined }
    : { kind: "machine", context: contextOf(thread, start) };
  thread.start(body, first);
  return Status.OK;
}

function contextOf(thread: Thread, start: Start) {
  const processor = thread.process.system.processor!;
  const { args, registers, stackPointer, threadPointer } = processor.isa;
  const context = processor.createContext();
  context.pc = start.entry;
  context.set(stackPointer, start.stack);
  context.set(args[0]!, start.arg1);
  context.set(args[1]!, start.arg2);
  context.set(threadPointer, start.threadPointer ?? 0);
  // RISC-V keeps the pointer to its shadow stack in `gp`.
  context.set(registers.indexOf("gp"), start.abiRegister ?? 0);
  return context;
}
