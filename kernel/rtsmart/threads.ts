/**
 * Making threads and letting them into user mode.
 *
 * @module
 */
import { Register } from "../abi/riscv64.ts";
import { failed } from "../abi.ts";
import type { Context } from "../ports.ts";
import { Thread } from "../task/thread.ts";
import type { Lwp } from "./lwp.ts";
import { LwpThread } from "./lwp_thread.ts";
import { logAuthority } from "./authority.ts";

/** The priority of a program's first thread. */
export const MAIN_PRIORITY = 25;

const { RA, SP, A0 } = Register;
const REGISTERS = 32;

/** What a thread that comes back from its function executes: `li a0, 0; li a7, 1; ecall`. */
const RETURN_CODE = [0x00000513, 0x00100893, 0x00000073];
const RETURN_SIZE = 16;

/** A thread that is not started, or null if there is no number or no room for it. */
export function createThread(
  lwp: Lwp,
  { name, priority = MAIN_PRIORITY }: { readonly name: string; readonly priority?: number },
): LwpThread | null {
  const tid = lwp.rtsmart.takeTid();
  if (tid === 0) return null;
  const thread = Thread.create(lwp.process, name);
  if (failed(thread)) return null;
  const one = new LwpThread(lwp, { thread, tid, name, priority });
  lwp.rtsmart.threads.set(tid, one);
  lwp.threads.unshift(one);
  return one;
}

/** Let a process's first thread begin with its program, or begin again with another one. */
export function startMain(one: LwpThread): void {
  const { lwp, thread } = one;
  const { args, textEntry } = lwp.image;
  const { stackEnd } = lwp.rtsmart.layout;
  lwp.step("_lwp_thread_entry");
  lwp.step("arch_start_umode", `pc ${hex(textEntry)}, sp ${hex(stackEnd)}, a0 ${hex(args)}`);
  const context = thread.body === null
    ? lwp.rtsmart.kernel.system.processor!.createContext()
    : one.context;
  for (let register = 1; register < REGISTERS; register++) context.set(register, 0);
  // Besides the arguments the registers still hold what the kernel was called with: its stack, too.
  [args, textEntry, stackEnd, one.kernelStack].forEach((value, at) => context.set(A0 + at, value));
  context.set(SP, stackEnd);
  context.pc = textEntry - textEntry % 2;
  begin(one, context, textEntry, stackEnd);
}

/** Let a thread begin that a program made: its stack ends with the code that ends it. */
export function startUser(one: LwpThread): void {
  const { lwp, start } = one;
  if (start === null) return;
  const context = lwp.rtsmart.kernel.system.processor!.createContext();
  const top = start.stackEnd - start.stackEnd % 8;
  const code = top - RETURN_SIZE;
  RETURN_CODE.forEach((word, at) => lwp.memory.writeU32(code + 4 * at, word));
  const sp = code - code % 16;
  context.set(RA, code);
  context.set(SP, sp);
  [start.parameter, start.entry, sp, one.kernelStack]
    .forEach((value, at) => context.set(A0 + at, value));
  context.pc = start.entry - start.entry % 2;
  begin(one, context, start.entry, sp);
}

function begin(one: LwpThread, context: Context, entry: number, stack: number): void {
  const { lwp, thread } = one;
  const { log } = lwp.rtsmart.realm;
  if (log.listening) {
    if (one === lwp.mainThread) logAuthority(lwp);
    const process = lwp.process.koid;
    log.emit("thread-start", { process, thread: thread.koid, entry, stack });
  }
  if (thread.body === null) thread.start({ kind: "machine", context });
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
