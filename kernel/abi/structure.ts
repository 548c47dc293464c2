/**
 * Structures as they lie in a program's memory: one description writes them and reads them.
 *
 * @module
 */

/** How one field lies in memory. */
export interface Field<T> {
  /** How many bytes it has. */
  readonly size: number;
  /** What its address must be a multiple of. */
  readonly align: number;
  /** Read it. */
  read(view: DataView, at: number): T;
  /** Write it. */
  write(view: DataView, at: number, value: T): void;
}

/** Fields by name, in the order they lie in memory. */
export type Fields = Readonly<Record<string, Field<unknown>>>;

/** The values of fields. */
export type ValuesOf<F extends Fields> = {
  readonly [N in keyof F]: F[N] extends Field<infer T> ? T : never;
};

/** The value of a structure. */
export type ValueOf<S> = S extends Structure<infer F> ? ValuesOf<F> : never;

/** A structure: fields one behind the other, each where its alignment lets it be. */
export class Structure<F extends Fields> {
  /** How many bytes it has. */
  readonly size: number;
  readonly #fields: readonly {
    readonly name: string;
    readonly at: number;
    field: Field<unknown>;
  }[];

  /** A structure of these fields, aligned to eight bytes, or `align`. */
  constructor(fields: F, align = 8) {
    let at = 0;
    this.#fields = Object.entries(fields).map(([name, field]) => {
      at = Math.ceil(at / field.align) * field.align;
      const here = { name, at, field };
      at += field.size;
      return here;
    });
    this.size = Math.ceil(at / align) * align;
  }

  /** Its bytes. */
  encode(values: ValuesOf<F>): Uint8Array {
    const bytes = new Uint8Array(this.size);
    this.write(new DataView(bytes.buffer), 0, values);
    return bytes;
  }

  /** Write it somewhere. */
  write(view: DataView, start: number, values: ValuesOf<F>): void {
    const given: Readonly<Record<string, unknown>> = values;
    for (const { name, at, field } of this.#fields) field.write(view, start + at, given[name]);
  }

  /** What bytes say; they must be as many as it has. */
  decode(bytes: Uint8Array, start = 0): ValuesOf<F> {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const found = this.#fields.map(({ name, at, field }) => [name, field.read(view, start + at)]);
    return Object.fromEntries(found) as ValuesOf<F>;
  }
}

/** An unsigned number of 32 bits. */
export const u32: Field<number> = {
  size: 4,
  align: 4,
  read: (view, at) => view.getUint32(at, true),
  write: (view, at, value) => view.setUint32(at, value >>> 0, true),
};

/** A signed number of 32 bits. */
export const i32: Field<number> = {
  size: 4,
  align: 4,
  read: (view, at) => view.getInt32(at, true),
  write: (view, at, value) => view.setInt32(at, value, true),
};

/** An unsigned number of 64 bits; exact up to 2^53. */
export const u64: Field<number> = {
  size: 8,
  align: 8,
  read: (view, at) => view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32,
  write(view, at, value) {
    view.setUint32(at, value >>> 0, true);
    view.setUint32(at + 4, Math.floor(value / 2 ** 32) >>> 0, true);
  },
};

/** The time that stands for one that never comes: the largest of 64 bits. */
const NEVER = 0x7fffffffffffffffn;

/** A signed number of 64 bits; exact up to 2^53, and infinity is the largest there is. */
export const i64: Field<number> = {
  size: 8,
  align: 8,
  read(view, at) {
    const value = view.getBigInt64(at, true);
    return value === NEVER ? Infinity : Number(value);
  },
  write(view, at, value) {
    view.setBigInt64(at, value >= 2 ** 63 ? NEVER : BigInt(Math.trunc(value)), true);
  },
};

/** One byte that is 0 or 1. */
export const flag: Field<boolean> = {
  size: 1,
  align: 1,
  read: (view, at) => view.getUint8(at) !== 0,
  write: (view, at, value) => view.setUint8(at, value ? 1 : 0),
};

/** Bytes that mean nothing. */
export function padding(size: number): Field<undefined> {
  return { size, align: 1, read: () => undefined, write: () => {} };
}

/** Text with a zero behind it, in so many bytes. */
export function text(size: number): Field<string> {
  return {
    size,
    align: 1,
    read(view, at) {
      const bytes = new Uint8Array(view.buffer, view.byteOffset + at, size);
      const end = bytes.indexOf(0);
      return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
    },
    write(view, at, value) {
      const bytes = new TextEncoder().encode(value).subarray(0, size - 1);
      new Uint8Array(view.buffer, view.byteOffset + at, size).set(bytes);
    },
  };
}

/** So many fields of one kind, one behind the other. */
export function list<T>(field: Field<T>, length: number): Field<readonly T[]> {
  return {
    size: field.size * length,
    align: field.align,
    read: (view, at) =>
      Array.from({ length }, (_, index) => field.read(view, at + index * field.size)),
    write(view, at, values) {
      values.forEach((value, index) => field.write(view, at + index * field.size, value));
    },
  };
}
