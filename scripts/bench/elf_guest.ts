/**
 * The benchmark kernels as guests: a static ELF file in a space of its own, with the two system
 * calls that it makes.
 *
 * @module
 */
import { createProcessor, type ProcessorOptions } from "../../cpu/mod.ts";

const STACK_TOP = 0x7ffff000;
const STACK_PAGES = 64;

/** A loaded program; `output` grows while it runs. */
export class ElfGuest {
  /** The machine. */
  readonly cpu: ReturnType<typeof createProcessor>;
  /** Its memory. */
  readonly space;
  /** Its only thread. */
  readonly context;
  /** What it wrote. */
  output = "";
  /** How many system calls it made. */
  calls = 0;

  constructor(elf: Uint8Array, options: ProcessorOptions = {}) {
    this.cpu = createProcessor({ memoryBytes: 64 << 20, ...options });
    this.space = this.cpu.createSpace();
    this.context = this.cpu.createContext();
    this.#load(elf);
    for (let page = 1; page <= STACK_PAGES; page++) this.#page(STACK_TOP / 4096 - page, 3);
    this.context.set(2, STACK_TOP - 64);
    this.cpu.onSyscall = () => this.#syscall();
  }

  /** A byte of its memory. */
  byte(address: number): number {
    const frame = this.space.lookup(Math.floor(address / 4096)) >>> 3;
    return this.cpu.memory.bytes[frame * 4096 + address % 4096]!;
  }

  #syscall(): boolean {
    this.calls++;
    if (this.context.get(17) === 93) return false;
    const [from, size] = [this.context.get(11), this.context.get(12)];
    for (let at = 0; at < size; at++) this.output += String.fromCharCode(this.byte(from + at));
    this.context.set(10, size);
    return true;
  }

  #load(elf: Uint8Array): void {
    const view = new DataView(elf.buffer, elf.byteOffset, elf.length);
    const long = (at: number) => Number(view.getBigUint64(at, true));
    for (let at = 0; at < view.getUint16(56, true); at++) {
      const header = long(32) + at * 56;
      if (view.getUint32(header, true) !== 1) continue;
      const flags = view.getUint32(header + 4, true);
      const access = (flags & 4) >> 2 | flags & 2 | (flags & 1) << 2;
      const [offset, address] = [long(header + 8), long(header + 16)];
      const end = address + long(header + 40);
      for (let page = Math.floor(address / 4096); page * 4096 < end; page++) {
        this.#page(page, access);
      }
      this.#copy(elf.subarray(offset, offset + long(header + 32)), address);
    }
    this.context.pc = long(24);
  }

  #page(page: number, access: number): void {
    const there = this.space.lookup(page);
    const frame = there === 0 ? this.cpu.memory.allocate() : there >>> 3;
    this.space.map(page, frame, there & 7 | access);
  }

  #copy(bytes: Uint8Array, address: number): void {
    bytes.forEach((byte, at) => {
      const frame = this.space.lookup(Math.floor((address + at) / 4096)) >>> 3;
      this.cpu.memory.bytes[frame * 4096 + (address + at) % 4096] = byte;
    });
  }
}
