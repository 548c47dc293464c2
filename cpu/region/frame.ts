/**
 * The function that a region becomes, apart from its instructions: its variables, the labels that
 * enclose the code being written, and how state goes between variables and memory.
 *
 * @module
 */
import { CONTEXT, Registers, State } from "../layout.ts";
import { Arith, arith, i32, i64, loadFrom, local, type Node, write } from "../node.ts";
import type { Block } from "./region.ts";
import { members } from "./register_flow.ts";
import { Fixed, FLOATS, Variables } from "./variables.ts";
import { LEFT } from "./table.ts";
import { Code, EMPTY, Op, Type } from "../wasm.ts";

/** What a label is for: a loop's beginning, what follows a block, or a way out. */
export interface Label {
  readonly kind: "loop" | "block" | "pad" | "other";
  /** The block that is reached, for the first two. */
  readonly block: Block | null;
  /** The registers that are stored on the way out. */
  readonly dirty: bigint;
}

/** A label that nobody looks for. */
export const OTHER: Label = { kind: "other", block: null, dirty: 0n };

/** The variable for an address on its way out. */
export const PC: Node = local(Fixed.PC, Type.I64);

/** The variable that says how many instructions may still be executed. */
export const FUEL: Node = local(Fixed.FUEL, Type.I32);

/** The variable that says what may be used of the host's stack. */
export const DEPTH: Node = local(Fixed.DEPTH, Type.I32);

/** Where the translations of the running space are. */
export const TRANSLATIONS: Node = loadFrom(0x28, Type.I32, i32(0), State.TRANSLATIONS);

/** Bytes of the host's stack that V8 uses for a variable as long as it has not optimised the code. */
const SLOT = 8;

/** The same for a function, beside its variables. */
const FRAME = 256;

/** A function being written. */
export class RegionFrame {
  /** What was written. */
  readonly code = new Code(4096);
  /** The function's variables. */
  readonly variables = new Variables();
  readonly #labels: Label[] = [];
  /** Where the code says how much of the host's stack it uses. */
  readonly #sizes: number[] = [];

  /** Begin something that ends with `close`. */
  open(op: number, label: Label): void {
    this.code.byte(op);
    this.code.byte(EMPTY);
    this.#labels.push(label);
  }

  /** End what was begun last. */
  close(): void {
    this.code.byte(Op.END);
    this.#labels.pop();
  }

  /** Somebody else opened so many labels, or closed them. */
  opened(count: number): void {
    for (; count > 0; count--) this.#labels.push(OTHER);
    for (; count < 0; count++) this.#labels.pop();
  }

  /** How far out a label is. */
  distance(is: (label: Label) => boolean): number {
    for (let at = this.#labels.length - 1; at >= 0; at--) {
      if (is(this.#labels[at]!)) return this.#labels.length - 1 - at;
    }
    throw new RangeError("A region leads to a block that does not enclose it");
  }

  /** Put an address in `PC`. */
  keep(address: Node): Node {
    write(this.code, address);
    this.code.op(Op.SET, Fixed.PC);
    return PC;
  }

  /** Return with an address to go to, and what may still be executed. */
  leave(target: Node): void {
    write(this.code, target);
    write(this.code, FUEL);
    this.code.byte(Op.RETURN);
  }

  /** Say that all compiled code is to be left: what goes on is in the context and the state. */
  leaveAll(): void {
    write(this.code, i64(0));
    write(this.code, i32(LEFT));
    this.code.byte(Op.RETURN);
  }

  /**
   * What a callee may use of the host's stack; return with an address to go to if that is nothing.
   */
  depth(target: Node): Node {
    const { code } = this;
    const left = local(this.variables.temporary(Type.I32), Type.I32);
    write(code, DEPTH);
    this.#sizes.push(code.later());
    code.byte(Arith.I32_SUB);
    code.op(Op.TEE, left.op);
    write(code, i32(0));
    code.byte(Arith.I32_LT_S);
    code.mostly(false);
    this.open(Op.IF, OTHER);
    this.leave(target);
    this.close();
    return left;
  }

  /** All is written: now it is known how many variables there are. */
  end(): void {
    for (const at of this.#sizes) this.code.settle(at, FRAME + this.variables.count * SLOT);
  }

  /** Count executed instructions. */
  subtract(count: number): void {
    if (count === 0) return;
    write(this.code, arith(Arith.I32_SUB, Type.I32, FUEL, i32(count)));
    this.code.op(Op.SET, Fixed.FUEL);
  }

  /** Registers from the context to variables. */
  load(set: bigint): void {
    for (const register of members(set)) {
      write(this.code, i32(0));
      this.code.memory(register < FLOATS ? 0x29 : 0x2b, CONTEXT + register * 8);
      this.code.op(Op.SET, this.variables.register(register));
    }
  }

  /** Registers from variables to the context. */
  store(set: bigint): void {
    for (const register of members(set)) {
      write(this.code, i32(0));
      this.code.op(Op.GET, this.variables.register(register));
      this.code.memory(register < FLOATS ? 0x37 : 0x39, CONTEXT + register * 8);
    }
  }

  /** The count to memory, where others look at it, less what was executed and not yet counted. */
  storeFuel(executed = 0): void {
    write(this.code, i32(0));
    write(this.code, arith(Arith.I32_SUB, Type.I32, FUEL, i32(executed)));
    this.code.memory(0x36, State.FUEL);
  }

  /** Say that where control goes on in the interpreter nothing begins. */
  storeCold(): void {
    write(this.code, i32(0));
    write(this.code, i32(1));
    this.code.memory(0x36, State.COLD);
  }

  /** An address to the context. */
  storePc(address: Node): void {
    write(this.code, i32(0));
    write(this.code, address);
    this.code.memory(0x37, CONTEXT + Registers.PC);
  }
}
