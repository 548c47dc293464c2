/**
 * The variables of a compiled function: one for each register that it uses, and as many for
 * intermediate values as are needed at a time.
 *
 * @module
 */
import { Type } from "../wasm.ts";

/** Variables with fixed numbers; the first three are parameters. */
export const Fixed = { TLB: 0, DEPTH: 1, FUEL: 2, ENTRY: 3, PC: 4 } as const;

const FIXED_TYPES: readonly Type[] = [Type.I32, Type.I64];

/** The number of the first register that holds floats. */
export const FLOATS = 32;

/** Gives out variables. */
export class Variables {
  readonly #types: Type[] = [...FIXED_TYPES];
  readonly #registers = new Map<number, number>();
  readonly #free = new Map<Type, number[]>();
  readonly #temporary: { type: Type; index: number }[] = [];

  /** The variable of a register. */
  register(register: number): number {
    let index = this.#registers.get(register);
    if (index === undefined) {
      index = this.lasting(register < FLOATS ? Type.I64 : Type.F64);
      this.#registers.set(register, index);
    }
    return index;
  }

  /** A variable that is never used for anything else. */
  lasting(type: Type): number {
    this.#types.push(type);
    return this.#types.length + Fixed.FUEL;
  }

  /** A variable until the next `reuse`. */
  temporary(type: Type): number {
    const index = this.#free.get(type)?.pop() ?? this.lasting(type);
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
}
