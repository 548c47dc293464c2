/**
 * The variables of a compiled function: one for each register that it uses, and as many for
 * intermediate values as are needed at a time.
 *
 * @module
 */
import { Type } from "../wasm.ts";

/** Variables with fixed numbers; the first two are parameters. */
export const Fixed = { DEPTH: 0, FUEL: 1, ENTRY: 2, PC: 3 } as const;

const FIXED_TYPES: readonly Type[] = [Type.I32, Type.I64];

/** The number of the first register that holds floats. */
export const FLOATS = 32;

/** Gives out variables. */
export class Variables {
  readonly #types: Type[] = [...FIXED_TYPES];
  readonly #registers = new Map<number, number>();
  readonly #free = new Map<Type, number[]>();
  readonly #temporary: { type: Type; index: number }[] = [];
  readonly #scoped = new Map<Type, number[]>();
  /** How many of each type are in use. */
  #used = new Map<Type, number>();

  /** The variable of a register. */
  register(register: number): number {
    let index = this.#registers.get(register);
    if (index === undefined) {
      index = this.#lasting(register < FLOATS ? Type.I64 : Type.F64);
      this.#registers.set(register, index);
    }
    return index;
  }

  /**
   * A variable for what is known behind here, till paths meet or somebody is called: others have it
   * then. Many of them make functions slow to compile, and their frames large as long as V8 has not
   * optimised them.
   */
  scoped(type: Type): number {
    const used = this.#used.get(type) ?? 0;
    const there = this.#scoped.get(type) ?? [];
    this.#scoped.set(type, there);
    if (used === there.length) there.push(this.#lasting(type));
    this.#used.set(type, used + 1);
    return there[used]!;
  }

  /** Begin code where all is known that was known so far, or nothing; gives what `leave` takes. */
  enter(knows: boolean): Map<Type, number> {
    const before = this.#used;
    this.#used = new Map(knows ? before : []);
    return before;
  }

  /** That code is written. */
  leave(before: Map<Type, number>): void {
    this.#used = before;
  }

  /** How many there are. */
  get count(): number {
    return this.#types.length + Fixed.FUEL + 1;
  }

  /** A variable until the next `reuse`. */
  temporary(type: Type): number {
    const index = this.#free.get(type)?.pop() ?? this.#lasting(type);
    this.#temporary.push({ type, index });
    return index;
  }

  /** Let all temporary variables be used again. */
  reuse(): void {
    for (const { type, index } of this.#temporary) {
      const free = this.#free.get(type);
      if (free === undefined) this.#free.set(type, [index]);
      else free.push(index);
    }
    this.#temporary.length = 0;
  }

  /** Their types, as a function declares them. */
  get declarations(): (readonly [count: number, type: Type])[] {
    const runs: [number, Type][] = [];
    for (const type of this.#types) {
      const last = runs[runs.length - 1];
      if (last !== undefined && last[1] === type) last[0]++;
      else runs.push([1, type]);
    }
    return runs;
  }

  #lasting(type: Type): number {
    this.#types.push(type);
    return this.#types.length + Fixed.FUEL;
  }
}
