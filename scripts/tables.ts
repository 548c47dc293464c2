/**
 * `deno task tables`: print the manuals, which are computed from the tables that the sandbox runs by.
 *
 * @module
 */
import { command, CommandError, Exit, print } from "./command.ts";
import { instructionRows } from "./tables/instructions.ts";

/** A line of a manual: columns by name, in order. */
type Row = Readonly<Record<string, string>>;

const TABLES: Readonly<Record<string, () => readonly Row[]>> = {
  instructions: () => instructionRows().map((row) => ({ ...row })),
};

if (import.meta.main) {
  const names = Object.keys(TABLES);
  await command({
    usage: `deno task tables [${names.join("|")}] [--json]`,
    about: "Prints the manuals: every instruction with its encoding and what it does.",
    flags: { json: "as one JSON object with rows" },
    example: "deno task tables instructions",
  }, (args) => {
    const chosen = args._.length === 0 ? names : args._.map(String);
    for (const name of chosen) {
      const rows = TABLES[name]?.();
      if (rows === undefined) {
        throw new CommandError(`There is no table ${name}; there is: ${names.join(", ")}`);
      }
      print(args.json ? JSON.stringify({ table: name, rows }) : aligned(rows));
    }
    return Exit.ok;
  });
}

function aligned(rows: readonly Row[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const widths = columns.map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => {
    return columns.map((column, at) => row[column]!.padEnd(widths[at]!)).join("  ").trimEnd();
  }).join("\n");
}
