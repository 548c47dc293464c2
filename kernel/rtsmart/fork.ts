/**
 * `sys_fork`: another process that sees the same, until one of the two writes.
 *
 * @module
 */
import { Register, REGISTERS } from "../abi/riscv64.ts";
import type { Answer } from "./answer.ts";
import { Errno } from "./error.ts";
import type { LwpThread } from "./lwp_thread.ts";
import { SignalActions } from "./signal_action.ts";
import { createThread } from "./threads.ts";

const { A0, A7 } = Register;

/** Make a child with one thread, which comes back from the same call with 0. */
export function fork(thread: LwpThread): Answer {
  const { lwp, rtsmart } = thread;
  const child = rtsmart.createLwp(lwp.process.name, lwp);
  if (typeof child === "number") return child;
  const one = createThread(child, { name: thread.label, priority: thread.priority });
  if (one === null) {
    child.exitGroup(0);
    rtsmart.forget(child);
    return Errno.ENOMEM;
  }
  child.aspace.destroy();
  const aspace = lwp.aspace.fork();
  child.image = { ...lwp.image, aspace };
  child.setAspace(aspace);
  child.fdt = lwp.fdt.copy();
  child.workingDirectory = lwp.workingDirectory;
  child.actions = new SignalActions(lwp.actions);
  one.blocked = thread.blocked;
  for (const object of lwp.objects) child.addObject(object);
  const context = rtsmart.kernel.system.processor!.createContext();
  for (let register = 1; register < REGISTERS; register++) {
    context.setBig(register, thread.context.getBig(register));
  }
  context.pc = thread.context.pc;
  context.set(A0, 0);
  context.set(A7, 0);
  child.process.begin();
  one.thread.start({ kind: "machine", context });
  return child.pid;
}
