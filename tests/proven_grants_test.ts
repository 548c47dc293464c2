/**
 * Each denial names the smallest grant that would flip it. This takes every denial that a test of the
 * kernel provokes, grants what it names, does the call again, and sees that refusal gone; with any part
 * of several rights that it names left out, it is there still.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { Status } from "../kernel/abi.ts";
import { performerOf } from "../kernel/syscall/performer.ts";
import { errorsOf, type Row } from "../kernel/syscall/row.ts";
import { SyscallTable } from "../kernel/syscall/table.ts";
import { ZIRCON_ROWS } from "../kernel/zircon/rows.ts";
import { GrantTrial, type Verdict } from "./support/grant_trial.ts";
import { collectTests } from "./support/test_titles.ts";

const KERNEL_TESTS = fromFileUrl(new URL("./kernel", import.meta.url));
const ROWS: readonly Row[] = new SyscallTable(ZIRCON_ROWS).rows;

/** Tests by chance, and those that take long, show nothing here that others do not. */
const LEFT_OUT = /hostile|model|attack|garbage|audit/;

/** What there was to see. */
interface Trials {
  /** By call, argument and grant: what came of it, once and again. */
  readonly verdicts: Map<string, Set<Verdict>>;
  /** The calls that forbade something for what the object is, and not for the handle's rights. */
  readonly forbidding: Set<Row>;
}

/** Watch the calls of all rows while something runs, and try what each denial says. */
async function trying(body: () => Promise<void>): Promise<Trials> {
  const trials: Trials = { verdicts: new Map(), forbidding: new Set() };
  for (const row of ROWS) {
    const real = performerOf(row);
    let within = false;
    row.performer = (call) => {
      if (within) return real(call);
      const trial = new GrantTrial(call);
      const answer = real(call);
      if (answer === Status.ACCESS_DENIED && call.denied) {
        within = true;
        const { argument, grant } = call.thread.denial!;
        const key = `${row.name} ${argument}: ${grant}`;
        const verdicts = trials.verdicts.get(key) ?? new Set();
        trials.verdicts.set(key, verdicts.add(trial.attempt(real)));
        within = false;
      } else if (answer === Status.ACCESS_DENIED) trials.forbidding.add(row);
      trial.end();
      return answer;
    };
  }
  try {
    await body();
  } finally {
    for (const row of ROWS) row.performer = null;
  }
  return trials;
}

Deno.test("what a denial says would do, does, and nothing less", async () => {
  const tests = await collectTests(KERNEL_TESTS, (file) => !LEFT_OUT.test(file));
  const { verdicts, forbidding } = await trying(async () => {
    for (const { fn, ignore } of tests) {
      if (ignore) continue;
      try {
        await fn();
      } catch {
        // What was refused is done now, which the test did not reckon with; its denials count.
      }
    }
  });
  const isGone = (name: string) =>
    [...verdicts].some(([key, found]) => key.startsWith(`${name} `) && found.has("gone"));
  const denying = ROWS.filter((row) => errorsOf(row).includes("ACCESS_DENIED"));
  const unproven = denying.filter((row) => !isGone(row.name) && !forbidding.has(row));
  assertEquals(unproven.map(({ name }) => name), []);
  const wrong = [...verdicts].filter(([, found]) => {
    return !found.has("gone") || found.has("still there") || found.has("too much");
  });
  assertEquals(wrong, []);
  // What no handle could flip says, in words of its own, what would.
  const vague = [...forbidding].filter(({ grants }) => grants?.ACCESS_DENIED === undefined);
  assertEquals(vague.map(({ name }) => name), []);
});
