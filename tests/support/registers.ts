/**
 * System calls as machine code makes them, with numbers in registers and the rest in memory, but
 * without a processor.
 *
 * @module
 */
import { failed, VmOption } from "../../kernel/abi.ts";
import { invariant } from "../../kernel/invariant.ts";
import type { Denial } from "../../kernel/events.ts";
import { Handle } from "../../kernel/object/handle.ts";
import type { KernelObject } from "../../kernel/object/object.ts";
import type { Realm } from "../../kernel/object/realm.ts";
import { Access, PAGE_SIZE } from "../../kernel/ports.ts";
import { Call, type PARKED } from "../../kernel/syscall/call.ts";
import { perform } from "../../kernel/syscall/row.ts";
import { SyscallTable } from "../../kernel/syscall/table.ts";
import { Process } from "../../kernel/task/process.ts";
import { Thread } from "../../kernel/task/thread.ts";
import { Vmo } from "../../kernel/vm/vmo.ts";
import { ZIRCON_ROWS } from "../../kernel/zircon/rows.ts";
import { ScriptKernel } from "./scripts.ts";

const TABLE = new SyscallTable(ZIRCON_ROWS);
const PAGES = 64;

/** An address where nothing is. */
export const NOWHERE = 0x40;

/** A process whose calls are made from outside, register by register. */
export class Registers {
  /** The machine it is in. */
  readonly machine = new ScriptKernel();
  /** The process. */
  readonly process: Process;
  /** What the last call that could not answer at once answered later. */
  answered: number | null = null;
  readonly #thread: Thread;
  #free: number;

  /** A process with some pages of memory and one thread. */
  constructor() {
    const { rootJob, realm } = this.machine.kernel;
    const process = Process.create(rootJob, "registers");
    invariant(!failed(process), "the root job takes in processes");
    this.process = process;
    const thread = Thread.create(process, "registers");
    invariant(!failed(thread), "a new process takes in threads");
    this.#thread = thread;
    const vmo = Vmo.create(realm, PAGES * PAGE_SIZE);
    invariant(!failed(vmo), "there is some memory");
    const access = Access.READ | Access.WRITE;
    const mapping = process.space.root.map({
      options: VmOption.PERM_READ | VmOption.PERM_WRITE,
      vmo,
      vmoOffset: 0,
      length: PAGES * PAGE_SIZE,
      accessMax: access,
    });
    invariant(!failed(mapping), "there is room for some pages");
    this.#free = mapping.base;
  }

  /** The ground that its objects stand on. */
  get realm(): Realm {
    return this.machine.kernel.realm;
  }

  /** Some memory that nobody uses yet, with these bytes in it. */
  place(bytes: Uint8Array | number): number {
    const at = this.#free;
    const content = typeof bytes === "number" ? new Uint8Array(bytes) : bytes;
    this.#free += Math.ceil(content.length / 16) * 16;
    invariant(this.process.memory.write(at, content) === 0, "the memory is there");
    return at;
  }

  /** Memory with these 32-bit words in it. */
  words(...words: number[]): number {
    return this.place(new Uint8Array(Uint32Array.from(words, (word) => word >>> 0).buffer));
  }

  /** Memory with these addresses in it, and then these 32-bit words. */
  addresses(addresses: number[], words: number[] = []): number {
    return this.words(...addresses.flatMap((at) => [at % 2 ** 32, at / 2 ** 32]), ...words);
  }

  /** The 32-bit word at an address. */
  word(address: number): number {
    return this.process.memory.readU32(address);
  }

  /** The bytes at an address. */
  bytes(address: number, length: number): number[] {
    const bytes = this.process.memory.bytes(address, length);
    return failed(bytes) ? [] : [...bytes];
  }

  /** Why the last call that was refused was refused. */
  get denial(): Denial | null {
    return this.#thread.denial;
  }

  /** A handle to an object; answers its value. */
  give(object: KernelObject, rights: number): number {
    return this.process.addHandle(new Handle(object, rights), "test");
  }

  /** Whether the process holds a handle of this value. */
  holds(handle: number): boolean {
    return this.process.handleTable.get(handle) !== null;
  }

  /** Make a call with these registers; `parked` when it cannot answer yet. */
  call(name: string, ...registers: number[]): number | typeof PARKED {
    return this.callBig(name, ...registers);
  }

  /** The same, where a register needs more than 53 bits. */
  callBig(name: string, ...registers: (number | bigint)[]): number | typeof PARKED {
    const row = TABLE.rows[TABLE.numberOf(name) ?? -1];
    invariant(row, `there is a call ${name}`);
    const call = new Call((_, answer) => this.#complete(answer));
    this.#thread.denial = null;
    call.begin(this.#thread, row);
    call.raws.push(...row.kinds.map((kind, at) => {
      const value = registers[row.registers[at]!];
      if (value === undefined || kind.width === undefined) return value;
      if (kind.width === "wide") return BigInt(value);
      return kind.width === "low" ? Number(value) >>> 0 : Number(value);
    }));
    return perform(row, call);
  }

  /** Give up the call that could not answer yet, so that another can be made. */
  abort(): void {
    this.#thread.park?.abort();
    this.#thread.park = null;
  }

  #complete(answer: number): void {
    this.answered = answer;
    this.#thread.park = null;
  }
}
