/**
 * Restartable sequences: short runs of instructions that a task wants to begin again when it was
 * interrupted inside one, and what it can read there about the processor.
 *
 * @module
 */
import { SequenceFlag } from "./abi/process.ts";
import { Errno } from "./errno.ts";
import { forceFatal } from "./signal/send.ts";
import { SignalNumber } from "./abi/signal.ts";
import type { Task } from "./task.ts";

/** Where a task keeps what this is about, as it said. */
export interface RestartableArea {
  /** Its address. */
  readonly address: number;
  /** Its length. */
  readonly length: number;
  /** What stands before every place where a sequence is left. */
  readonly signature: number;
}

const LENGTH = 32;
const SEQUENCE_AT = 8;
const NO_PROCESSOR = 0xffffffff;

/** `rseq`: keep an area from now on, or no longer. */
export function rseq(
  task: Task,
  address: number,
  length: number,
  flags: number,
  signature: number,
): number {
  const known = task.rseq;
  const isSame = known?.address === address && known.length === length;
  if ((flags & SequenceFlag.UNREGISTER) !== 0) {
    if ((flags & ~SequenceFlag.UNREGISTER) !== 0 || !isSame) return Errno.EINVAL;
    if (known.signature !== signature) return Errno.EPERM;
    task.rseq = null;
    return writeProcessor(task, address, 0, NO_PROCESSOR) ? 0 : Errno.EFAULT;
  }
  if (flags !== 0) return Errno.EINVAL;
  if (known) {
    return !isSame ? Errno.EINVAL : known.signature !== signature ? Errno.EPERM : Errno.EBUSY;
  }
  if (length !== LENGTH || address % LENGTH !== 0) return Errno.EINVAL;
  if (!writeProcessor(task, address, 0, 0)) return Errno.EFAULT;
  task.rseq = { address, length, signature };
  return 0;
}

/** Before a task goes on after others ran, or in a handler: leave the sequence that it is in. */
export function leaveSequence(task: Task): void {
  const area = task.rseq!;
  const { memory } = task.mm;
  const at = memory.readU64(area.address + SEQUENCE_AT);
  if (at === 0) return;
  const pc = task.context.pc;
  const [start, length, abort] = [8, 16, 24].map((offset) => memory.readU64(at + offset));
  const isIn = pc >= start! && pc < start! + length!;
  const cleared = memory.writeU64(area.address + SEQUENCE_AT, 0) === 0;
  const isGood = at > 0 && memory.readU32(at) === 0 && start! >= 0 && length! >= 0 && cleared &&
    (!isIn || memory.readU32(abort! - 4) === area.signature);
  if (!isGood) return forceFatal(task, SignalNumber.SIGSEGV);
  if (isIn) task.context.pc = abort!;
}

function writeProcessor(task: Task, address: number, start: number, now: number): boolean {
  const { memory } = task.mm;
  return memory.writeU32(address, start) === 0 && memory.writeU32(address + 4, now) === 0;
}
