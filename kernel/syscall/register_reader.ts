/**
 * Reading the arguments of a call from registers; as for doing a call, each row gets a function of its
 * own where the host allows it. Mostly it is part of the function that does the call.
 *
 * @module
 */
import type { Context } from "../ports.ts";
import { RegisterWidth } from "./register_width.ts";
import type { Call } from "./call.ts";
import type { Row } from "./row.ts";

/**
 * Puts a call's arguments, as its machine code has them, where the row expects them; `args` are the
 * numbers of the registers that may hold some.
 */
export type RegisterReader = (context: Context, args: readonly number[], raws: unknown[]) => void;

/** Read a call's arguments, if they still are in registers, without doing it yet. */
export function readArguments(call: Call): void {
  const { context, row } = call;
  if (context === null) return;
  call.context = null;
  (row.reader ??= registerReaderOf(row))(context, call.args, call.raws);
}

/** The function that reads a row's arguments. */
function registerReaderOf(row: Row): RegisterReader {
  try {
    return compiledReader(row);
  } catch {
    return plainReader(row);
  }
}

/** The obvious one. */
export function plainReader({ registers, widths }: Row): RegisterReader {
  return (context, args, raws) => {
    for (let at = 0; at < registers.length; at++) {
      const register = registers[at]!;
      if (register >= 0) raws[at] = context[GETTERS[widths[at]!]](args[register]!);
    }
  };
}

/** The fast one: the same, written out for one row. */
export function compiledReader(row: Row): RegisterReader {
  return new Function("context", "args", "raws", readingText(row)) as RegisterReader;
}

/** The text that reads a row's arguments, where `context`, `args` and `raws` are known. */
export function readingText({ registers, widths }: Row): string {
  return registers.map((register, at) =>
    register < 0 ? "" : `raws[${at}] = context.${GETTERS[widths[at]!]}(args[${register}]);`
  ).join("\n");
}

/** How a register of each width is read. */
const GETTERS = {
  [RegisterWidth.PLAIN]: "get",
  [RegisterWidth.LOW]: "getLow",
  [RegisterWidth.SIGNED]: "getSigned",
  [RegisterWidth.WIDE]: "getBig",
} as const;
