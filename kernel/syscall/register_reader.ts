/**
 * Reading the arguments of a call from registers; as for doing a call, each row gets a function of its
 * own where the host allows it.
 *
 * @module
 */
import type { Context } from "../ports.ts";
import { RegisterWidth, type Row } from "./row.ts";

/** Puts a call's arguments, as its machine code has them, where the row expects them. */
export type RegisterReader = (context: Context, raws: unknown[]) => void;

/** The function that reads a row's arguments, by the numbers of the registers that may hold some. */
export function registerReaderOf(row: Row, args: readonly number[]): RegisterReader {
  try {
    return compiledReader(row, args);
  } catch {
    return plainReader(row, args);
  }
}

/** The obvious one. */
export function plainReader({ registers, widths }: Row, args: readonly number[]): RegisterReader {
  return (context, raws) => {
    for (let at = 0; at < registers.length; at++) {
      const register = registers[at]!;
      if (register >= 0) raws[at] = context[GETTERS[widths[at]!]](args[register]!);
    }
  };
}

/** The fast one: the same, written out for one row. */
export function compiledReader(row: Row, args: readonly number[]): RegisterReader {
  const lines = row.registers.map((register, at) =>
    register < 0 ? "" : `raws[${at}] = context.${GETTERS[row.widths[at]!]}(${args[register]});`
  );
  return new Function("context", "raws", lines.join("\n")) as RegisterReader;
}

/** How a register of each width is read. */
const GETTERS = {
  [RegisterWidth.PLAIN]: "get",
  [RegisterWidth.LOW]: "getLow",
  [RegisterWidth.SIGNED]: "getSigned",
  [RegisterWidth.WIDE]: "getBig",
} as const;
