/**
 * What the event log costs: nothing that can be measured while nobody listens, beside a kernel from
 * whose sources the question whether somebody does is cut out; and what listening costs.
 *
 * @module
 */
import { join, toFileUrl } from "@std/path";
import type { Machine } from "../../../lab/machine/machine.ts";
import type { Figure } from "../kernel.ts";
import type * as Calls from "./calls.ts";
import { processorTime } from "./processor_time.ts";
import type * as Trips from "./round_trips.ts";

const ROOT = new URL("../../..", import.meta.url);
/** What a kernel is made of, and what measures it. */
const FOLDERS = ["cpu", "kernel", "lab", "loader", "guests", "scripts"];
const QUESTION = /[\w.]*\blog\.listening\b/g;
/** Enough for both sides to be as quick as they become, where they may be equal; else a look will do. */
const TURNS = { equal: 6, unequal: 2 };

/** Each piece of work, by what it is called; it may prepare the machine that it makes. */
interface Works {
  readonly [name: string]: (prepare?: (machine: Machine) => void) => void;
}

/** The log's cost for the cheapest call and for a round trip: absent, off and on. */
export async function logCosts(): Promise<Figure[]> {
  const folder = await Deno.makeTempDir();
  // Both are copies, so that what ran before has made neither of them fast or slow.
  const within = await copied(join(folder, "with"), (text) => text);
  const without = await copied(join(folder, "without"), (text) => text.replace(QUESTION, "false"));
  const names = Object.keys(within);
  // Nobody has listened anywhere while the first of these are measured.
  const off = names.map((name) => beside(within[name]!, without[name]!, TURNS.equal));
  const on = names.map((name) => {
    const work = within[name]!;
    return beside(() => work(listen), work, TURNS.unequal);
  });
  await Deno.remove(folder, { recursive: true });
  const unit = "times as long";
  return names.flatMap((name, at) => [
    { name: `${name}, log off beside absent`, value: off[at]!, unit },
    { name: `${name}, log on beside off`, value: on[at]!, unit },
  ]);
}

/** How many times as long one takes as the other: in turns, the least of each. */
function beside(one: () => void, other: () => void, turns: number): number {
  const least = [Infinity, Infinity];
  for (let turn = 0; turn < turns; turn++) {
    [other, one].forEach((work, at) => least[at] = Math.min(least[at]!, processorTime(work, 1)));
  }
  return least[1]! / least[0]!;
}

function listen(machine: Machine): void {
  machine.kernel.realm.log.listen(() => {});
}

/** The works on a kernel of its own, made from a copy of the sources. */
async function copied(folder: string, edit: (text: string) => string): Promise<Works> {
  for (const part of FOLDERS) await copy(new URL(`${part}/`, ROOT), join(folder, part), edit);
  const load = (name: string) => import(toFileUrl(join(folder, "scripts/bench/kernel", name)).href);
  const calls: Pick<typeof Calls, "nullCalls"> = await load("calls.ts");
  const trips: Pick<typeof Trips, "betweenMachineCode"> = await load("round_trips.ts");
  return { "null call": calls.nullCalls, "round trip": trips.betweenMachineCode };
}

async function copy(from: URL, to: string, edit: (text: string) => string): Promise<void> {
  await Deno.mkdir(to, { recursive: true });
  for await (const { name, isDirectory } of Deno.readDir(from)) {
    if (isDirectory) await copy(new URL(`${name}/`, from), join(to, name), edit);
    else if (name.endsWith(".ts")) {
      const text = await Deno.readTextFile(new URL(name, from));
      await Deno.writeTextFile(join(to, name), edit(text));
    }
  }
}
