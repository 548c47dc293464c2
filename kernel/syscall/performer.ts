/**
 * Doing a call: decode its arguments in order, stop at the first that is refused, do the deed.
 *
 * One function for all rows would see values of every shape at every step, which costs more than the
 * deeds themselves. So each row gets a function of its own, written from the row when it is first
 * called. Where the host forbids making functions from text, one function does it for all.
 *
 * @module
 */
import { Status } from "../abi.ts";
import type { Call, Parked } from "./call.ts";
import { plainReader, readingText } from "./register_reader.ts";
import type { Row } from "./row.ts";

/**
 * Does one call, whose arguments it reads first where they still are in registers. After a refusal,
 * only what takes something from the caller is still decoded.
 */
export type Performer = (call: Call) => number | Parked;

/** The function that does the calls of a row. */
export function performerOf(row: Row): Performer {
  try {
    return compiledPerformer(row);
  } catch {
    return plainPerformer(row);
  }
}

/** The obvious one: every row is interpreted. */
export function plainPerformer(row: Row): Performer {
  const read = plainReader(row);
  return (call) => {
    if (call.context !== null) read(call.context, call.args, call.raws);
    const args: Record<string, unknown> = {};
    let answer: number | Parked = Status.OK;
    for (const at of row.order) {
      const kind = row.kinds[at]!;
      if (answer !== Status.OK && !kind.consumes) continue;
      const name = row.names[at]!;
      const value = kind.decode(call.raws[at], call, name);
      if (kind.errors.length > 0 && typeof value === "number" && value < 0) {
        if (answer === Status.OK) {
          answer = value;
          call.refused = at;
        }
      } else {
        args[name] = value;
      }
    }
    if (answer === Status.OK) answer = row.run(args, call);
    call.closeTaken();
    return answer;
  };
}

/** The fast one: the same steps, written out for one row. */
export function compiledPerformer(row: Row): Performer {
  const text = [
    "return (call) => {",
    "  const raws = call.raws, context = call.context;",
    `  if (context !== null) { const args = call.args; ${readingText(row)} }`,
    "  let answer = 0, value;",
    ...row.names.map((_, at) => `  let arg${at};`),
    ...row.order.map((at) => `  ${stepText(row, at)}`),
    `  if (answer === 0) answer = row.run({ ${argsText(row)} }, call);`,
    "  call.closeTaken();",
    "  return answer;",
    "};",
  ];
  return new Function("row", "kinds", text.join("\n"))(row, row.kinds) as Performer;
}

function stepText(row: Row, at: number): string {
  const kind = row.kinds[at]!;
  const name = JSON.stringify(row.names[at]);
  const decode = `value = kinds[${at}].decode(raws[${at}], call, ${name});`;
  const isRefusal = 'typeof value === "number" && value < 0';
  const keep = kind.errors.length > 0
    ? `if (${isRefusal}) { if (answer === 0) { answer = value; call.refused = ${at}; } } else arg${at} = value;`
    : `arg${at} = value;`;
  const step = `${decode} ${keep}`;
  return kind.consumes ? step : `if (answer === 0) { ${step} }`;
}

function argsText(row: Row): string {
  return row.names.map((name, at) => `${JSON.stringify(name)}: arg${at}`).join(", ");
}
