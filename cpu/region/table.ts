/**
 * The table that compiled functions are called through.
 *
 * It is as long as it will ever be and has a function of their type in every place, so that V8 compares
 * neither its length nor a type when one is called.
 *
 * @module
 */
import { type Signature, tableBytes, type TableType, Type } from "../wasm.ts";

/** Regions at a time: some 10 KiB each with their machine code; all are dropped when it is full. */
export const REGIONS_MAX = 4096;

/**
 * A compiled function takes how much of the host's stack it may use, and how many instructions may
 * still be executed; it gives the next address, and how many are left, or `LEFT`.
 */
export const REGION: Signature = {
  params: [Type.I32, Type.I32],
  results: [Type.I64, Type.I32],
};

/** In place of how many are left: all is in the context and in the state, and all code is to be left. */
export const LEFT = -1;

/** With place 0, where nobody is. */
const LENGTH = REGIONS_MAX + 1;

/** The table's type in a module that has `REGION` among its types. */
export function tableType(types: readonly Signature[]): TableType {
  return { type: types.indexOf(REGION), length: LENGTH };
}

/** A table with functions that nobody calls. */
export class RegionTable {
  /** What compiled code and the interpreter import. */
  readonly table: WebAssembly.Table;
  readonly #nobody: () => void;

  /** A table of a new machine. */
  constructor() {
    const module = new WebAssembly.Module(tableBytes(REGION, LENGTH));
    const { exports } = new WebAssembly.Instance(module);
    this.table = exports["table"] as WebAssembly.Table;
    this.#nobody = exports["nobody"] as () => void;
  }

  /** The function at a place is gone. */
  clear(slot: number): void {
    this.table.set(slot, this.#nobody);
  }
}
