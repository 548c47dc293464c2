import { assertEquals } from "@std/assert";
import { DEFAULT_RIGHTS } from "../../kernel/abi.ts";
import type { Program } from "../../kernel/client.ts";
import { invariant } from "../../kernel/mod.ts";
import { ChanceScheduler } from "../../kernel/task/chance_scheduler.ts";
import type { Process } from "../../kernel/task/process.ts";
import { SyscallTable } from "../../kernel/syscall/table.ts";
import { ZIRCON_ROWS } from "../../kernel/zircon/rows.ts";
import { Audit } from "../support/audit.ts";
import { SeededEntropy } from "../../lab/machine/seeded_entropy.ts";
import { SeededRandom } from "../support/seeded_random.ts";
import { ScriptKernel } from "../support/scripts.ts";
import { mapPage, NOWHERE } from "../support/subjects.ts";

const CALLS = Object.keys(ZIRCON_ROWS);
const TABLE = new SyscallTable(ZIRCON_ROWS);

/** Calls that end the one who makes them would leave nobody to make more. */
const FATAL = /Exit$|^taskKill$|^processExit$/;
const HARMLESS = CALLS.filter((call) => !FATAL.test(call));

/** How many calls in all, in as many machines as it takes; machine code makes 400,000 more. */
const CALLS_MIN = Deno.args.includes("--long") ? 16_000_000 : 1_600_000;
const PROCESSES = 4;
const CALLS_EACH = 25_000;

/** What an attacker knows of itself: where it has memory, and some of its handles. */
interface Arms {
  readonly page: number;
  handles: readonly number[];
}

/** Numbers that a guest may put into a register: nothing, small, huge, an address, a handle. */
function register(random: SeededRandom, { page, handles }: Arms): number {
  switch (random.below(8)) {
    case 0:
      return 0;
    case 1:
      return random.below(16);
    case 2:
      return random.pick([2 ** 31, 2 ** 32 - 1, 2 ** 53, 2 ** 63, 2 ** 64, 4096, 65536]);
    case 3:
      return random.next();
    case 4:
      return random.pick([NOWHERE, page, page + random.below(4096), page + 4096 * 3, 2 ** 38]);
    default:
      return handles.length === 0 ? random.next() : random.pick(handles);
  }
}

/** The first of a process's handles. */
function someHandles({ handleTable }: Process): number[] {
  const values: number[] = [];
  for (const [value] of handleTable.entries()) {
    if (values.push(value) === 40) break;
  }
  return values;
}

function* attack(process: Process, random: SeededRandom): Program {
  const arms: Arms = { page: mapPage(process, 4), handles: [] };
  for (let at = 0; at < CALLS_EACH; at++) {
    if (at % 8 === 0) arms.handles = someHandles(process);
    const call = random.below(500) === 0 ? random.pick(CALLS) : random.pick(HARMLESS);
    const registers = Array.from({ length: 8 }, () => register(random, arms));
    // Whoever waits for ever makes no more calls: deadlines are near.
    const { names, kinds } = TABLE.named(call)!;
    names.forEach((name, index) => {
      if (/deadline/i.test(name)) registers[index] = process.realm.now + random.below(50_000);
      if (kinds[index]!.role === "check") registers.length = Math.min(registers.length, index);
    });
    if (call === "futexWait" || call === "nanosleep") registers.fill(0);
    yield { call, registers };
    if (random.below(200) === 0) closeSome(process);
  }
}

/** No table grows without end. */
function closeSome(process: Process): void {
  if (process.handleTable.size < 500) return;
  for (const [value] of [...process.handleTable.entries()].slice(50)) {
    process.removeHandle(value, "test")?.close();
  }
}

/** A machine full of attackers, run to its end; answers how many calls it answered. */
function siege(seed: number): number {
  const scheduler = new ChanceScheduler(new SeededEntropy(seed));
  const machine = new ScriptKernel({ seed, scheduler, frames: 4096 });
  const { kernel } = machine;
  const { realm } = kernel;
  const before = JSON.stringify([realm.census(), realm.handles]);
  const audit = new Audit(kernel);
  const job = kernel.rootJob.createJob();
  invariant(typeof job === "object", "the root job takes in jobs");
  for (let at = 0; at < PROCESSES; at++) {
    const random = new SeededRandom(seed * 100 + at);
    machine.spawn("attacker", (process) => {
      machine.give(process, job, DEFAULT_RIGHTS.job);
      machine.give(process, process, DEFAULT_RIGHTS.process);
      return attack(process, random);
    }, job);
  }
  kernel.run({ until: 1e12 });
  assertEquals(kernel.system.failures.map(({ error }) => `${error}`), []);
  job.kill();
  kernel.run({ until: 2e12 });
  audit.end();
  assertEquals(audit.calls >= kernel.system.syscalls, true, "every call was followed by a look");
  assertEquals(JSON.stringify([realm.census(), realm.handles]), before, `seed ${seed}`);
  assertEquals(realm.kept, 0, `seed ${seed}`);
  return kernel.system.syscalls;
}

Deno.test(`${CALLS_MIN} random calls from scripts keep every law after each, and leave nothing`, () => {
  let calls = 0;
  for (let seed = 1; calls < CALLS_MIN; seed++) {
    const made = siege(seed);
    assertEquals(made > 10_000, true, `seed ${seed}: ${made} calls`);
    calls += made;
  }
});
