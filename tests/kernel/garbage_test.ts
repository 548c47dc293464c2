/**
 * Scripts that give calls what no machine code could: the program ends with a sentence, never the
 * machine.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import type { Program } from "../../kernel/client.ts";
import { ZIRCON_ROWS } from "../../kernel/zircon/rows.ts";
import { ScriptKernel } from "../support/scripts.ts";

const GARBAGE: readonly unknown[] = [
  undefined,
  null,
  true,
  NaN,
  -1,
  1.5,
  2 ** 70,
  Infinity,
  -Infinity,
  5n,
  -(2n ** 70n),
  "text",
  Symbol("none"),
  {},
  [null],
  ["a"],
  [[[]]],
  [{ handle: "x" }],
  new Uint8Array(4),
  () => 1,
  new Date(0),
];

/** What programs threw that made one call each, in one machine. */
function mistakesIn(call: string, ...all: Record<string, unknown>[]): string[] {
  const machine = new ScriptKernel();
  for (const args of all) {
    machine.spawn("careless", function* (): Program {
      yield { call, args };
    });
  }
  machine.kernel.run({ until: 1e6 });
  return machine.kernel.system.failures.map(({ error }) => (error as Error).message);
}

Deno.test("an argument that is no number ends the program, with a sentence that names it", () => {
  const about = mistakesIn("vmoRead", { handle: 3, offset: 5n, bufferSize: 4 });
  assertEquals(about, ["zx_vmo_read: offset is a bigint; it must be a whole number"]);
  assertStringIncludes(mistakesIn("handleClose", {})[0]!, "handle is missing");
  assertEquals(mistakesIn("nanosleep", { deadline: Infinity }), []);
});

Deno.test("no call with any argument of any type ends the machine", () => {
  let mistakes = 0;
  for (const [call, row] of Object.entries(ZIRCON_ROWS)) {
    const zeros = Object.fromEntries(row.names.map((name) => [name, 0]));
    const attempts = row.names.flatMap((name) =>
      GARBAGE.map((value) => ({ ...zeros, [name]: value }))
    );
    mistakes += mistakesIn(call, ...attempts).length;
  }
  assert(mistakes > 1000, `${mistakes} mistakes`);
});
