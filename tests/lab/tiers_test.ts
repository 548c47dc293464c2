/**
 * However machine code is executed, the same seed makes the same happen, to the last event.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { RoundRobin } from "../../kernel/task/scheduler.ts";
import { LogHash } from "../../kernel/trace.ts";
import { OracleProcessor } from "../support/oracle_processor.ts";
import { Machine, type MachineOptions } from "../../lab/machine/machine.ts";
import { isRefusal } from "../../loader/zircon/refusal.ts";

const GUESTS: readonly (readonly string[])[] = [
  ["hello", "Ada"],
  ["thread_storm"],
  ["fault"],
  ["wx_probe"],
  ["pager_client"],
];

const fileOf = (name: string) =>
  Deno.readFileSync(new URL(`../../guests/${name}/${name}`, import.meta.url));

/** How much memory the machines have. */
const MEMORY = { memoryBytes: 32 << 20 };

/** Everything that happens while the guests run one after the other, as a number, and what they print. */
function happening(options: MachineOptions): { readonly hash: string; readonly events: number } {
  const machine = new Machine({ ...MEMORY, ...options });
  const hash = new LogHash();
  let events = 0;
  machine.listen((event) => {
    hash.add(event);
    events++;
  });
  for (const args of GUESTS) {
    const program = machine.launch({ file: fileOf(args[0]!), args });
    assert(!isRefusal(program), `${args[0]} is launched`);
    machine.run({ until: machine.kernel.realm.now + 1e9 });
    program[Symbol.dispose]();
  }
  return { hash: hash.text, events };
}

for (const quantum of [1_000_000, 997]) {
  Deno.test(`every tier makes the same events, in turns of ${quantum} instructions`, () => {
    const [first, ...others] = (["interpreter", "compiler", "auto"] as const).map((tier) =>
      happening({ tier, scheduler: new RoundRobin(quantum) })
    );
    assert(first!.events > 1000);
    for (const other of others) assertEquals(other, first);
  });
}

Deno.test("the oracle, which does one instruction after the other, makes the same events too", () => {
  const quantum = () => new RoundRobin(9973);
  const oracle = happening({ processor: new OracleProcessor(MEMORY), scheduler: quantum() });
  assertEquals(oracle, happening({ tier: "compiler", scheduler: quantum() }));
});

Deno.test("another seed makes other events", () => {
  assert(happening({ seed: 1 }).hash !== happening({ seed: 2 }).hash);
});
