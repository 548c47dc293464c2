/**
 * Barriers between threads: what one wrote, others see after the call. Threads here take turns, so
 * nothing is left to do but to answer, and to keep who asked for what.
 *
 * @module
 */
import { Barrier } from "../abi/memory.ts";
import type { Answer } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import { Errno } from "../errno.ts";
import type { Task } from "../task.ts";

/** Those that one asks for before. */
const NEEDED: Readonly<Record<number, number>> = {
  [Barrier.PRIVATE_EXPEDITED]: Barrier.REGISTER_PRIVATE_EXPEDITED,
  [Barrier.PRIVATE_EXPEDITED_SYNC_CORE]: Barrier.REGISTER_PRIVATE_EXPEDITED_SYNC_CORE,
  [Barrier.PRIVATE_EXPEDITED_RSEQ]: Barrier.REGISTER_PRIVATE_EXPEDITED_RSEQ,
};

const ALL = Object.values(Barrier).reduce((all: number, one) => all | one, 0);
const ON_ONE_PROCESSOR = 1;

function membarrier({ mm }: Task, command: number, flags: number): Answer {
  const mayFlag = command === Barrier.PRIVATE_EXPEDITED_RSEQ && flags === ON_ONE_PROCESSOR;
  if (flags !== 0 && !mayFlag) return Errno.EINVAL;
  switch (command) {
    case Barrier.QUERY:
      return ALL;
    case Barrier.GLOBAL:
    case Barrier.GLOBAL_EXPEDITED:
      return 0;
    case Barrier.REGISTER_GLOBAL_EXPEDITED:
    case Barrier.REGISTER_PRIVATE_EXPEDITED:
    case Barrier.REGISTER_PRIVATE_EXPEDITED_SYNC_CORE:
    case Barrier.REGISTER_PRIVATE_EXPEDITED_RSEQ:
      mm.barriers |= command;
      return 0;
    case Barrier.GET_REGISTRATIONS:
      return mm.barriers;
    default: {
      const needed = NEEDED[command];
      if (needed === undefined) return Errno.EINVAL;
      return (mm.barriers & needed) !== 0 ? 0 : Errno.EPERM;
    }
  }
}

/** The call of barriers. */
export const BARRIER_CALLS: readonly LinuxCall[] = [
  call(283, "membarrier", { command: "int", flags: "uint", cpu: "int" }, membarrier),
];
