/**
 * Barriers between threads: what one wrote, others see after the call. Threads here take turns, so
 * nothing is left to do but to answer, and to keep who asked for what.
 *
 * @module
 */
import type { Answer } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import { Errno } from "../errno.ts";
import type { Task } from "../task.ts";

const Command = {
  QUERY: 0,
  GLOBAL: 1,
  GLOBAL_EXPEDITED: 2,
  REGISTER_GLOBAL_EXPEDITED: 4,
  PRIVATE_EXPEDITED: 8,
  REGISTER_PRIVATE_EXPEDITED: 16,
  SYNC_CORE: 32,
  REGISTER_SYNC_CORE: 64,
  RSEQ: 128,
  REGISTER_RSEQ: 256,
  GET_REGISTRATIONS: 512,
} as const;

/** Those that one asks for before. */
const NEEDED: Readonly<Record<number, number>> = {
  [Command.PRIVATE_EXPEDITED]: Command.REGISTER_PRIVATE_EXPEDITED,
  [Command.SYNC_CORE]: Command.REGISTER_SYNC_CORE,
  [Command.RSEQ]: Command.REGISTER_RSEQ,
};

const ALL = 1023;
const ON_ONE_PROCESSOR = 1;

function membarrier({ mm }: Task, command: number, flags: number): Answer {
  const mayFlag = command === Command.RSEQ && flags === ON_ONE_PROCESSOR;
  if (flags !== 0 && !mayFlag) return Errno.EINVAL;
  switch (command) {
    case Command.QUERY:
      return ALL;
    case Command.GLOBAL:
    case Command.GLOBAL_EXPEDITED:
      return 0;
    case Command.REGISTER_GLOBAL_EXPEDITED:
    case Command.REGISTER_PRIVATE_EXPEDITED:
    case Command.REGISTER_SYNC_CORE:
    case Command.REGISTER_RSEQ:
      mm.barriers |= command;
      return 0;
    case Command.GET_REGISTRATIONS:
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
