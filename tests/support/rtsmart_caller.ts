/**
 * A thread of RT-Smart whose calls a test makes: numbers go into its registers, the kernel answers as
 * it answers machine code, and no instruction is executed.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { RtSmartCall } from "../../kernel/rtsmart/call.ts";
import type { Lwp } from "../../kernel/rtsmart/lwp.ts";
import type { LwpThread } from "../../kernel/rtsmart/lwp_thread.ts";
import type { RtSmartMachineOptions } from "../../lab/machine/rtsmart_machine.ts";
import { TestRtSmart } from "./rtsmart.ts";
import { encode, rtElf } from "./rtsmart_elf.ts";

/** What a call came to: its answer, or that it waits, or that its thread is gone. */
export type Outcome = number | "waits" | "gone";

const A0 = 10;
const A7 = 17;

/** Which calls have been made: how often one was answered well, and how often refused. */
export class CallCoverage {
  readonly #good = new Set<string>();
  readonly #bad = new Set<string>();

  /** A call came to something. */
  note(name: string, outcome: Outcome, isObject: boolean): void {
    // An object's address is negative too, but far from all errors.
    const isError = typeof outcome === "number" && outcome < 0 && outcome > -4096;
    const isBad = typeof outcome !== "number" || isError || (isObject && outcome === 0);
    (isBad && outcome !== "waits" ? this.#bad : this.#good).add(name);
  }

  /** Every call of a table was answered well once, and refused once unless it never is. */
  check(rows: readonly RtSmartCall[], never: readonly string[] = []): void {
    const names = rows.map(({ name }) => name);
    assertEquals(names.filter((one) => !this.#good.has(one)), [], "never answered well");
    const unrefused = names.filter((one) => !this.#bad.has(one) && !never.includes(one));
    assertEquals(unrefused, [], "never refused");
  }
}

/** Calls whose answer is an object's address, and 0 a refusal. */
const GIVES_OBJECT = /_create$|^(shmat|thread_find)$/;

/** A thread whose calls a test makes. */
export class Caller {
  readonly machine: TestRtSmart;
  readonly lwp: Lwp;
  readonly thread: LwpThread;
  readonly coverage: CallCoverage;
  #scratch: number;

  /** The first thread of a new process. */
  constructor(
    machine: TestRtSmart,
    coverage: CallCoverage = new CallCoverage(),
    thread?: LwpThread,
  ) {
    this.machine = machine;
    this.coverage = coverage;
    if (thread) {
      this.thread = thread;
      this.lwp = thread.lwp;
    } else {
      machine.put("/bin/caller", encode(rtElf()));
      const lwp = machine.start({ path: "/bin/caller", args: ["caller"] });
      assert(typeof lwp !== "number", `the caller answers ${lwp}`);
      this.lwp = lwp;
      this.thread = lwp.mainThread!;
    }
    // Each thread's scratch is in a part of the stack of its own.
    this.#scratch = this.lwp.aspace.layout.stackStart + this.thread.tid * 0x10_0000;
  }

  /** A caller on a machine of its own. */
  static alone(options: RtSmartMachineOptions = {}, coverage?: CallCoverage): Caller {
    return new Caller(new TestRtSmart(options), coverage);
  }

  /** Make a call by its name. */
  call(name: string, ...args: (number | bigint)[]): Outcome {
    const row = this.machine.rtsmart.calls.find((one) => one?.name === name);
    assert(row, `there is no call ${name}`);
    const outcome = this.number(row.number, ...args);
    this.coverage.note(name, outcome, GIVES_OBJECT.test(name));
    return outcome;
  }

  /** Make a call by its number. */
  number(number: number, ...args: (number | bigint)[]): Outcome {
    const { context, lwp, thread } = this.thread;
    const { system } = this.machine.kernel;
    context.set(A7, number);
    args.forEach((value, at) => context.setBig(A0 + at, BigInt.asUintN(64, BigInt(value))));
    system.current = thread;
    lwp.process.personality.onSyscall(thread);
    system.current = null;
    return this.outcome;
  }

  /** What the call that was made last has come to, now that others have done something. */
  get outcome(): Outcome {
    const { lwp, thread, wait } = this.thread;
    if (thread.ended) return "gone";
    if (wait !== null) {
      if (wait.why === null) return "waits";
      const { system } = this.machine.kernel;
      system.current = thread;
      const runs = lwp.process.personality.onTurn!(thread);
      system.current = null;
      if (!runs) return thread.ended ? "gone" : "waits";
    }
    return Number(BigInt.asIntN(64, this.thread.context.getBig(A0)));
  }

  /** Let time pass. */
  pass(milliseconds: number): void {
    const { realm } = this.machine.kernel;
    realm.now += milliseconds * 1_000_000;
    realm.timeouts.fireDue(realm.now);
  }

  /** Room of so many bytes in the program's memory; answers where. */
  room(bytes: number): number {
    const at = this.#scratch;
    this.#scratch += Math.ceil(bytes / 16) * 16;
    return at;
  }

  /** A text in the program's memory. */
  text(text: string): number {
    return this.bytes(new TextEncoder().encode(`${text}\0`));
  }

  /** Bytes in the program's memory. */
  bytes(bytes: Uint8Array): number {
    const at = this.room(bytes.length);
    assertEquals(this.lwp.memory.write(at, bytes), 0);
    return at;
  }

  /** 64-bit words in the program's memory. */
  words(...words: (number | bigint)[]): number {
    const bytes = new Uint8Array(words.length * 8);
    const view = new DataView(bytes.buffer);
    words.forEach((one, at) => view.setBigUint64(at * 8, BigInt.asUintN(64, BigInt(one)), true));
    return this.bytes(bytes);
  }

  /** A word of the program's memory. */
  word(address: number): number {
    const bytes = this.read(address, 8);
    return Number(new DataView(bytes.buffer).getBigInt64(0, true));
  }

  /** Bytes of the program's memory. */
  read(address: number, length: number): Uint8Array {
    const bytes = this.lwp.memory.bytes(address, length);
    assert(typeof bytes !== "number", `nothing is at ${address.toString(16)}`);
    return bytes;
  }

  /** Text of the program's memory. */
  readText(address: number, length: number): string {
    return new TextDecoder().decode(this.read(address, length));
  }

  /** Another thread of the same process. */
  another(priority = 20): Caller {
    const args = this.words(this.text("other"), 0x2_0000_0000, 0, 4096, priority, 10);
    const address = this.call("thread_create", args);
    assert(typeof address === "number" && address !== 0);
    assertEquals(this.call("thread_startup", address), 0);
    const { threads } = this.machine.rtsmart;
    const thread = [...threads.values()].find((one) => one.address === address)!;
    return new Caller(this.machine, this.coverage, thread);
  }
}
