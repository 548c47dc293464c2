import { assertEquals } from "@std/assert";
import { compiledBinder, plainBinder } from "../../kernel/syscall/binder.ts";
import { compiledPerformer, plainPerformer } from "../../kernel/syscall/performer.ts";
import { compiledReader, plainReader } from "../../kernel/syscall/register_reader.ts";
import type { Row } from "../../kernel/syscall/row.ts";
import { SyscallTable } from "../../kernel/syscall/table.ts";
import { ZIRCON_ROWS } from "../../kernel/zircon/rows.ts";
import { SeededEntropy } from "../../lab/machine/seeded_entropy.ts";

const VALUES = [0, -1, -11, 7, "text", null];

/** A row whose kinds and deed write down what is asked of them. */
function traced(row: Row, answers: readonly unknown[], trace: unknown[]): Row {
  const kinds = row.kinds.map((kind, at) => ({
    ...kind,
    decode(raw: unknown, _call: unknown, name: string) {
      trace.push([name, raw]);
      return answers[at];
    },
  }));
  const run = (args: object) => {
    trace.push(["run", Object.entries(args).sort()]);
    return -2 as const;
  };
  return { ...row, kinds, run, performer: null } as unknown as Row;
}

Deno.test("a row's own function takes the same steps as the one for all rows, whatever is refused", () => {
  const random = new SeededEntropy(5);
  for (const row of new SyscallTable(ZIRCON_ROWS).rows) {
    for (let trial = 0; trial < 60; trial++) {
      const answers = row.kinds.map(() => VALUES[random.next() % VALUES.length]);
      const seen = [plainPerformer, compiledPerformer].map((make) => {
        const trace: unknown[] = [];
        const raws = row.kinds.map((_, at) => at);
        const call = { raws, context: null, closeTaken: () => void trace.push("closed") };
        trace.push(make(traced(row, answers, trace))(call as never));
        return JSON.stringify(trace);
      });
      assertEquals(seen[1], seen[0], row.name);
    }
  }
});

/** What a function answers, or what it throws, in words. */
function outcome(deed: () => unknown): unknown {
  try {
    return deed();
  } catch (error) {
    return String(error);
  }
}

Deno.test("a script's arguments come in the same order from a row's own function", () => {
  const random = new SeededEntropy(6);
  const numbers = [3, 2 ** 31 + 3, 2 ** 60, 1e300, -1, -0, 2.5, Infinity, -Infinity, NaN];
  const given = [undefined, ...numbers, "héllo", [1, 2], new Uint8Array(5), null];
  for (const row of new SyscallTable(ZIRCON_ROWS).rows) {
    for (let trial = 0; trial < 60; trial++) {
      const args = Object.fromEntries(
        row.names.map((name) => [name, given[random.next() % given.length]]),
      );
      const bound = [compiledBinder(row), plainBinder(row)].map((bind) =>
        outcome(() => {
          const raws: unknown[] = [];
          bind(args, raws);
          return raws;
        })
      );
      assertEquals(bound[0], bound[1], row.name);
    }
  }
});

Deno.test("arguments are read from the same registers, as wide, by a row's own function", () => {
  const reading = (how: string) => (register: number) => `${how} ${register}`;
  const context = {
    get: reading("plain"),
    getLow: reading("low"),
    getSigned: reading("signed"),
    getBig: reading("exact"),
  };
  const registers = [10, 11, 12, 13, 14, 15, 16, 17];
  for (const row of new SyscallTable(ZIRCON_ROWS).rows) {
    const [own, all] = [compiledReader, plainReader].map((make) => {
      const raws: unknown[] = [];
      make(row)(context as never, registers, raws);
      return raws;
    });
    assertEquals(own, all, row.name);
  }
});
