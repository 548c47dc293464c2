/**
 * What a processor's stop means to whoever handles exceptions, in RISC-V's words.
 *
 * @module
 */
import { ExceptionType, Status } from "../abi.ts";
import { invariant } from "../invariant.ts";
import { Access, type Processor, StopReason } from "../ports.ts";
import type { ExceptionReport } from "./exception.ts";
import type { Trap } from "./personality.ts";
import type { Thread } from "./thread.ts";

/** Numbers of `scause`. */
const Cause = {
  ILLEGAL_INSTRUCTION: 2,
  BREAKPOINT: 3,
  LOAD_MISALIGNED: 4,
  STORE_MISALIGNED: 6,
  FETCH_PAGE_FAULT: 12,
  LOAD_PAGE_FAULT: 13,
  STORE_PAGE_FAULT: 15,
} as const;

const EBREAK = 0x00100073;
const EBREAK_SHORT = 0x9002;

/** The report of an instruction that a machine thread could not do. */
export function faultReport(thread: Thread, trap: Trap): ExceptionReport {
  const { processor } = thread.process.system;
  const { body } = thread;
  invariant(processor && body?.kind === "machine", "a trap comes from machine code");
  const { pc } = body.context;
  if (trap === StopReason.FAULT) return pageFault(thread, processor);
  if (trap === StopReason.ILLEGAL) {
    const bits = processor.illegalBits >>> 0;
    return report(ExceptionType.UNDEFINED_INSTRUCTION, Cause.ILLEGAL_INSTRUCTION, bits);
  }
  const written = trap === StopReason.BREAKPOINT && isBreakpoint(thread, pc);
  const type = written ? ExceptionType.SW_BREAKPOINT : ExceptionType.HW_BREAKPOINT;
  return report(type, Cause.BREAKPOINT, pc);
}

function pageFault(thread: Thread, processor: Processor): ExceptionReport {
  const { faultAddress: address, faultAccess } = processor;
  const access = faultAccess & ~Access.MISALIGNED;
  if (access !== faultAccess) {
    const cause = access === Access.WRITE ? Cause.STORE_MISALIGNED : Cause.LOAD_MISALIGNED;
    return report(ExceptionType.UNALIGNED_ACCESS, cause, address);
  }
  const status = thread.process.space.touch(address, access);
  const found = report(ExceptionType.FATAL_PAGE_FAULT, causeOf(access), address);
  const synthCode = thread.pageFailure || status;
  thread.pageFailure = Status.OK;
  return { ...found, synthCode };
}

function causeOf(access: number): number {
  if (access === Access.EXECUTE) return Cause.FETCH_PAGE_FAULT;
  return access === Access.WRITE ? Cause.STORE_PAGE_FAULT : Cause.LOAD_PAGE_FAULT;
}

function report(type: ExceptionType, cause: number, value: number): ExceptionReport {
  return { type, cause, value, synthCode: Status.OK, synthData: 0 };
}

function isBreakpoint(thread: Thread, pc: number): boolean {
  const bits = thread.process.memory.bytes(pc, 2);
  if (typeof bits === "number") return false;
  const low = bits[0]! | bits[1]! << 8;
  if (low === EBREAK_SHORT) return true;
  const high = thread.process.memory.bytes(pc + 2, 2);
  if (typeof high === "number") return false;
  return (low | (high[0]! | high[1]! << 8) << 16) === EBREAK;
}
