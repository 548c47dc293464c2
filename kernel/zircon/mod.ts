/**
 * The Zircon personality: its table of calls, its calling convention, and what a fault means to it.
 *
 * @module
 */
import { PolicyExceptionCode, Status } from "../abi.ts";
import type { Context, InstructionSet } from "../ports.ts";
import { type Answer, Call, type Parked } from "../syscall/call.ts";
import { performPaged } from "../syscall/paged.ts";
import { readArguments } from "../syscall/register_reader.ts";
import { perform, type Row } from "../syscall/row.ts";
import { bindRegisters, bindScriptArgs, newOuts, scriptResult } from "../syscall/script.ts";
import { SyscallTable } from "../syscall/table.ts";
import { raiseOffence } from "../task/enforcement.ts";
import { faultReport } from "../task/fault.ts";
import type { Personality, Trap } from "../task/personality.ts";
import type { Body, Request, Thread } from "../task/thread.ts";
import { ZIRCON_ROWS } from "./rows.ts";

const NO_ARGS = {};

/** What whoever asks for nothing asks for. */
const NO_REQUEST: Request = { call: "" };

/** So many calls that are over are kept; they keep what they were given and what they answered. */
const CALLS_KEPT = 8;

/** Calls that are over, for the next ones to use: a chain of them, for it is used at every call. */
class SpareCalls {
  readonly #complete: (call: Call, answer: Answer) => void;
  readonly #args: readonly number[] | undefined;
  #first: Call | null = null;
  #count = 0;

  constructor(complete: (call: Call, answer: Answer) => void, args?: readonly number[]) {
    this.#complete = complete;
    this.#args = args;
  }

  take(): Call {
    const call = this.#first;
    if (call === null) return new Call(this.#complete, this.#args);
    this.#first = call.spare;
    this.#count--;
    call.spare = null;
    return call;
  }

  putBack(call: Call): void {
    if (this.#count === CALLS_KEPT) return;
    call.spare = this.#first;
    this.#first = call;
    this.#count++;
  }
}

/** How one instruction set's machine code makes a Zircon call. */
interface Convention {
  /** The register with the call's number. */
  readonly number: number;
  /** The registers with its arguments. */
  readonly args: readonly number[];
  /** The register for its answer. */
  readonly result: number;
}

/** Answers processes as Zircon does. */
export class Zircon implements Personality {
  readonly name = "zircon";
  /** Its calls. */
  readonly table = new SyscallTable(ZIRCON_ROWS);
  readonly #convention: Convention | null;
  /** By call number: where in the vDSO's code the instruction behind its `ecall` is. */
  readonly #returns: readonly number[];
  /** Calls of machine code. */
  readonly #machineCalls: SpareCalls;
  /** Calls of scripts that give values. */
  readonly #scriptCalls = new SpareCalls((call, answer) => this.#completeScript(call, answer));

  /**
   * For machine code of an instruction set that calls through a vDSO; `returns` says, for each call
   * by name, the offset in the vDSO's code of the instruction behind the call. Without these only
   * scripts can call.
   */
  constructor(isa: InstructionSet | null = null, returns: ReadonlyMap<string, number> = new Map()) {
    this.#convention = isa && conventionOf(isa);
    this.#machineCalls = new SpareCalls(
      (call, answer) => this.#completeMachine(call, answer),
      this.#convention?.args,
    );
    this.#returns = this.table.rows.map((row) => returns.get(row.name) ?? NaN);
  }

  /** The call that a thread's machine code makes through the vDSO; undefined if it makes none. */
  callOf({ body, process }: Thread): Row | undefined {
    const { context } = body as Body & { readonly kind: "machine" };
    const number = context.getLow(this.#convention!.number);
    const isOurs = this.#returns[number] === context.pc - process.space.vdsoCode;
    return isOurs ? this.table.numbered(number) : undefined;
  }

  /** Answer a thread's machine code in the kernel's place. */
  answer(thread: Thread, status: number): void {
    const { context } = thread.body as Body & { readonly kind: "machine" };
    context.set(this.#convention!.result, status);
    thread.answered();
  }

  onSyscall(thread: Thread): void {
    const { context } = thread.body as Body & { readonly kind: "machine" };
    const { number: register, result } = this.#convention!;
    const number = context.getLow(register);
    const row = this.table.numbered(number);
    const from = context.pc - thread.process.space.vdsoCode;
    if (!row || this.#returns[number] !== from) return this.#badSyscall(thread, context, number);
    const call = this.#machineCalls.take();
    call.begin(thread, row);
    call.context = context;
    const answer = this.#perform(call);
    if (typeof answer !== "number") return;
    this.#machineCalls.putBack(call);
    if (thread.ended) return;
    context.set(result, answer);
    thread.answered();
  }

  onRequest(thread: Thread, request: Request): boolean {
    // Whoever was not checked by the compiler may yield anything.
    const asked = typeof request === "object" && request !== null ? request : NO_REQUEST;
    const { call: name, args, registers } = asked;
    const row = this.table.named(name);
    const body = thread.body as Body & { readonly kind: "script" };
    if (!row) {
      body.reply = Status.BAD_SYSCALL;
      raiseOffence(thread, PolicyExceptionCode.BAD_SYSCALL);
      thread.answered();
      return true;
    }
    const script = registers === undefined || !Array.isArray(registers);
    const call = this.#scriptCalls.take();
    call.begin(thread, row);
    call.outs = script ? newOuts(row) : null;
    if (script) bindScriptArgs(row, args ?? NO_ARGS, call.raws);
    else bindRegisters(row, registers, call.raws);
    const answer = this.#perform(call);
    if (typeof answer !== "number" || thread.ended) return false;
    body.reply = script ? scriptResult(call, answer) : answer;
    this.#scriptCalls.putBack(call);
    thread.answered();
    return true;
  }

  onTrap(thread: Thread, trap: Trap): void {
    thread.raise(faultReport(thread, trap));
  }

  #badSyscall(thread: Thread, context: Context, number: number): void {
    context.set(this.#convention!.result, Status.BAD_SYSCALL);
    raiseOffence(thread, PolicyExceptionCode.BAD_SYSCALL, number);
    thread.answered();
  }

  #perform(call: Call): number | Parked {
    const { realm, row, thread } = call;
    thread.process.system.syscalls++;
    const paged = call.outs === null && thread.process.space.pagedMappings > 0;
    // Who is to see the arguments before the call is done needs them now.
    if (paged || realm.log.listening) readArguments(call);
    if (realm.log.listening) this.#logCall(call);
    const answer = paged ? performPaged(row, call) : perform(row, call);
    if (realm.log.listening) this.#logAnswer(call, answer);
    return answer;
  }

  #logCall(call: Call): void {
    const { realm: { log }, row, thread } = call;
    log.cause = 0;
    log.cause = log.emit("syscall", {
      process: thread.process.koid,
      thread: thread.koid,
      name: row.name,
      args: Object.fromEntries(row.names.map((name, at) => [name, call.raws[at]])),
    });
    call.event = log.cause;
  }

  #logAnswer(call: Call, answer: number | Parked): void {
    if (typeof answer === "number") return this.#logDone(call, answer);
    const { process, koid } = call.thread;
    call.realm.log.emit("park", { process: process.koid, thread: koid, name: call.row.name });
  }

  #logDone(call: Call, status: Answer): void {
    const { thread, row } = call;
    call.realm.log.emit("syscall-done", {
      process: thread.process.koid,
      thread: thread.koid,
      name: row.name,
      status,
      outs: call.outs ?? {},
    });
  }

  #completeMachine(call: Call, answer: Answer): void {
    const { thread } = call;
    const { context } = thread.body as Body & { readonly kind: "machine" };
    context.set(this.#convention!.result, answer);
    this.#resume(call, answer);
    this.#machineCalls.putBack(call);
  }

  #completeScript(call: Call, answer: Answer): void {
    const body = call.thread.body as Body & { readonly kind: "script" };
    body.reply = call.outs ? scriptResult(call, answer) : answer;
    this.#resume(call, answer);
    this.#scriptCalls.putBack(call);
  }

  #resume(call: Call, answer: Answer): void {
    const { log } = call.realm;
    if (log.listening) {
      const cause = log.cause;
      log.cause = call.event;
      this.#logDone(call, answer);
      log.cause = cause;
    }
    call.thread.resume();
  }
}

/** RISC-V keeps the number in `t0` and everything else where functions have it. */
function conventionOf(isa: InstructionSet): Convention {
  return { number: isa.registers.indexOf("t0"), args: isa.args, result: isa.result };
}
