/**
 * `deno task tables`: print the manuals, which are computed from the tables that the sandbox runs by.
 *
 * @module
 */
import { command, CommandError, Exit, print } from "./command.ts";
import { parityReport, readParity } from "./parity.ts";
import { areaRows } from "./tables/areas.ts";
import { instructionRows } from "./tables/instructions.ts";
import { linuxRows } from "./tables/linux.ts";
import { rtsmartRows } from "./tables/rtsmart.ts";
import { syscallRows } from "./tables/syscalls.ts";

/** A line of a manual: columns by name, in order. */
type Row = Readonly<Record<string, string>>;

/** A manual: its rows, and how they look to a person. */
interface Table {
  rows(): readonly Row[];
  show(rows: readonly Row[]): string;
}

const TABLES: Readonly<Record<string, Table>> = {
  instructions: { rows: () => instructionRows().map((row) => ({ ...row })), show: aligned },
  linux: { rows: () => linuxRows().map((row) => ({ ...row })), show: aligned },
  rtsmart: { rows: () => rtsmartRows().map((row) => ({ ...row })), show: aligned },
  syscalls: { rows: () => syscallRows().map((row) => ({ ...row })), show: paragraphs },
  areas: { rows: () => areaRows().map((row) => ({ ...row })), show: aligned },
};

if (import.meta.main) {
  const names = Object.keys(TABLES);
  await command({
    usage: `deno task tables [--json] [${names.join("|")}]`,
    about:
      "Prints the manuals: every instruction with its encoding and what it does, every system\n" +
      "call with its arguments and how it can fail, and every area of libc-test with what tries it.",
    flags: {
      json: "print a JSON object with the table's rows, or an array of them all",
      parity: "count Zircon's own core tests that have one here, and do no more",
    },
    example: "deno task tables syscalls",
  }, (args) => {
    if (args.parity) {
      if (args.json || args._.length > 0) throw new CommandError("--parity stands alone");
      print(parityReport(readParity()));
      return Exit.ok;
    }
    const stray = args._.find((name) => !Object.hasOwn(TABLES, name));
    if (stray !== undefined) {
      throw new CommandError(`there is no table ${stray}; there is ${names.join(", ")}`);
    }
    const tables = (args._.length === 0 ? names : args._).map((name) => {
      return { table: name, rows: TABLES[name]!.rows() };
    });
    if (args.json) print(JSON.stringify(tables.length === 1 ? tables[0] : tables));
    else print(tables.map(({ table, rows }) => TABLES[table]!.show(rows)).join("\n\n"));
    return Exit.ok;
  });
}

/** A paragraph for each row: what does not fit on a line stands below it. */
function paragraphs(rows: readonly Row[]): string {
  return rows.map(({ number, name, args, about, errors }) => {
    const lines = [about, ...(args ? [args] : []), errors ? `errors: ${errors}` : "cannot fail"];
    return [`${number!.padStart(3)}  ${name}`, ...lines.map((line) => `     ${line}`)].join("\n");
  }).join("\n\n");
}

function aligned(rows: readonly Row[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const widths = columns.map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => {
    return columns.map((column, at) => row[column]!.padEnd(widths[at]!)).join("  ").trimEnd();
  }).join("\n");
}
