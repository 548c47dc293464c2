/**
 * Flags of kernel objects: the order of those who wait.
 *
 * @module
 */
import { FLAG_FIFO, FLAG_PRIO } from "../ipc/suspend_list.ts";
import type { LwpThread } from "../lwp_thread.ts";

/** Whether a flag names an order; if not, the kernel's assertion fails. */
export function isGoodFlag(thread: LwpThread, flag: number, where: string): boolean {
  if (flag === FLAG_FIFO || flag === FLAG_PRIO) return true;
  thread.rtsmart.panic(`assertion failed at function ${where}: flag == RT_IPC_FLAG_FIFO || …PRIO`);
  return false;
}
