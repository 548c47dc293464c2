/**
 * A processor with one program on it and no kernel: the test answers each system call itself.
 *
 * @module
 */
import { createProcessor } from "../../cpu/mod.ts";
import { StopReason } from "../../cpu/stop_reason.ts";
import {
  constantBytes,
  type KernelCall,
  type Vdso,
  type VdsoConstants,
} from "../../guests/vdso.ts";
import { FileType, Machine, parseElf, refused } from "../../loader/elf.ts";

const PAGE = 4096;
const STACK = 0x3f0000;

/** What a test may say to a system call; the call's result goes in `a0`. */
export type Answerer = (name: string, args: readonly number[]) => number | "exit";

/** A program on a processor. */
export class BareProcess {
  readonly cpu = createProcessor({ memoryBytes: 16 << 20 });
  readonly space = this.cpu.createSpace();
  readonly context = this.cpu.createContext();
  /** Each system call in order. */
  readonly calls: string[] = [];
  readonly #names = new Map<number, string>();

  constructor(calls: readonly KernelCall[]) {
    for (const { name, number } of calls) this.#names.set(number, name);
    this.map(STACK - 16 * PAGE, 16 * PAGE, 3);
    this.context.set(2, STACK);
  }

  /** Map zeroed memory. */
  map(address: number, size: number, access: number): void {
    for (let at = address; at < address + size; at += PAGE) {
      this.space.map(at / PAGE, this.cpu.memory.allocate(), access);
    }
  }

  /** Load an image with its first page at an address. */
  load(file: Uint8Array, base: number): number {
    const rules = { machine: Machine.RISCV, types: [FileType.DYN, FileType.EXEC] };
    const image = parseElf(file, rules);
    if (refused(image)) throw new Error(image.text);
    for (const piece of image.plan.pieces) {
      const at = base + piece.address - image.plan.low;
      // RISC-V's bits for a segment run the other way round than those for a page.
      const { flags, offset, fileSize, address } = piece.segment;
      const access = (flags & 4 ? 1 : 0) | (flags & 2 ? 2 : 0) | (flags & 1 ? 4 : 0);
      this.map(at, piece.fileBytes + piece.freshBytes, access);
      this.write(base + address - image.plan.low, file.subarray(offset, offset + fileSize));
    }
    return base + image.header.entry - image.plan.low;
  }

  /** Load the vDSO with these constants. */
  loadVdso(vdso: Vdso, base: number, constants: VdsoConstants): void {
    const image = vdso.image.slice();
    image.set(constantBytes(constants), vdso.constantsOffset);
    this.load(image, base);
  }

  /** Bytes of memory. */
  read(address: number, size: number): Uint8Array {
    const out = new Uint8Array(size);
    for (let at = 0; at < size; at++) {
      out[at] = this.cpu.memory.bytes[this.#physical(address + at)]!;
    }
    return out;
  }

  /** Write bytes whatever the page allows. */
  write(address: number, bytes: Uint8Array): void {
    bytes.forEach((byte, at) => this.cpu.memory.bytes[this.#physical(address + at)] = byte);
    for (let at = 0; at < bytes.length; at += PAGE) {
      this.cpu.memory.wrote(this.#physical(address + at) / PAGE | 0);
    }
  }

  /** Run from an address until the test says exit; answers how it ended. */
  run(entry: number, answer: Answerer): string {
    this.context.pc = entry;
    for (;;) {
      const reason = this.cpu.run(this.context, this.space, 10_000_000);
      if (reason !== StopReason.SYSCALL) return this.#ending(reason);
      const name = this.#names.get(this.context.getLow(5)) ?? "an unknown call";
      const args = [10, 11, 12, 13, 14, 15, 16, 17].map((at) => this.context.get(at));
      this.calls.push(name);
      const result = answer(name, args);
      if (result === "exit") return "exit";
      this.context.set(10, result);
    }
  }

  #ending(reason: StopReason): string {
    const names = Object.entries(StopReason);
    const name = names.find(([, value]) => value === reason)?.[0];
    return `${name} at 0x${this.context.pc.toString(16)}, 0x${this.cpu.faultAddress.toString(16)}`;
  }

  #physical(address: number): number {
    const entry = this.space.lookup(Math.floor(address / PAGE));
    if (entry === 0) throw new Error(`nothing is mapped at 0x${address.toString(16)}`);
    return Math.floor(entry / 8) * PAGE + address % PAGE;
  }
}
