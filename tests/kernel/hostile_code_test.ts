/**
 * Machine code that knows no manners: calls with arguments of any content from the vDSO, and
 * instructions that nobody wrote. The kernel goes on, and keeps nothing of whoever did it.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { Handle } from "../../kernel/object/handle.ts";
import type { KernelObject } from "../../kernel/object/object.ts";
import type { Body } from "../../kernel/task/thread.ts";
import { ZIRCON_ROWS } from "../../kernel/zircon/rows.ts";
import {
  BARE_MEMORY,
  BARE_MEMORY_SIZE,
  bareVdsoAddress,
  startBare,
} from "../../lab/machine/bare_program.ts";
import { Machine } from "../../lab/machine/machine.ts";
import { Audit } from "../support/audit.ts";
import { makeObject, type Maker, OBJECT_CLASSES } from "../support/every_object.ts";
import { SeededRandom } from "../support/seeded_random.ts";

const isLong = Deno.args.includes("--long");
const CALLS = isLong ? 10_000_000 : 400_000;
const NONSENSE = isLong ? 40_000 : 1500;
const TOGETHER = 4;
const ROUNDS = 20;
const TURN = 2_000_000;
const TABLE_SIZE = 256;
const ARGUMENTS = BARE_MEMORY;
const FUNCTIONS = BARE_MEMORY + TABLE_SIZE * 8;
const ALL_RIGHTS = 0x1ffffff;
const ODD = [
  0n,
  1n,
  2n,
  3n,
  8n,
  64n,
  4096n,
  1n << 31n,
  (1n << 32n) - 1n,
  1n << 53n,
  (1n << 64n) - 1n,
];

/** Objects that need no thread of a test's own. */
const CLASSES = OBJECT_CLASSES.filter((name) => name !== "Exception");

/** A call of any function with any arguments, for ever. */
const CALLER = `
  mv s0, a0
  li s1, ${ARGUMENTS}
  li s2, ${FUNCTIONS}
again:
${["a0", "a1", "a2", "a3", "a4", "a5", "a6", "a7", "t6"].map(drawn).join("")}
  jalr ra, 0(t6)
  j again
`;

/** Mix the state, and take what the table has at a place drawn with it. */
function drawn(register: string): string {
  return `
  slli t1, s0, 13
  xor s0, s0, t1
  srli t1, s0, 7
  xor s0, s0, t1
  slli t1, s0, 17
  xor s0, s0, t1
  srli t1, s0, 20
  andi t1, t1, ${TABLE_SIZE - 1}
  slli t1, t1, 3
  add t1, t1, ${register === "t6" ? "s2" : "s1"}
  ld ${register}, 0(t1)
`;
}

/** The addresses of all functions but those that only end the caller. */
const ENTRIES = Object.values(ZIRCON_ROWS).map(({ name }) => name)
  .filter((name) => !/exit|noretry|finish/.test(name)).map((name) => BigInt(bareVdsoAddress(name)));

/** A machine in which programs misbehave. */
class Hostility {
  readonly machine = new Machine({ memoryBytes: 32 << 20 });
  readonly audit: Audit;
  readonly #random: SeededRandom;

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
    this.audit = new Audit(this.machine.kernel, { known: [this.machine.vdso] });
  }

  /** What there is, apart from what programs have made. */
  get census(): unknown {
    const { realm } = this.machine.kernel;
    return { ...realm.census(), frames: realm.memory.freeFrames, handles: realm.handles };
  }

  /** Start a program that calls whatever, with handles to one of everything. */
  startCaller(): void {
    const { kernel } = this.machine;
    const job = kernel.rootJob.createJob();
    assert(typeof job !== "number");
    const { process, thread } = startBare(this.machine, { name: "caller", text: CALLER, job });
    const maker = { realm: kernel.realm, machine: { kernel: { ...kernel, rootJob: job } } };
    const handles = CLASSES.flatMap((name) => {
      const object = makeObject(name, { ...maker, process } as unknown as Maker);
      const { peer } = object as { readonly peer?: KernelObject };
      const both = peer ? [object, peer] : [object];
      return both.map((one) => process.addHandle(new Handle(one, ALL_RIGHTS), "test"));
    });
    const random = this.#random;
    const values = Array.from({ length: TABLE_SIZE }, () => this.#value(handles));
    const entries = Array.from({ length: TABLE_SIZE }, () => random.pick(ENTRIES));
    const words = BigUint64Array.from([...values, ...entries]);
    assertEquals(process.memory.write(ARGUMENTS, new Uint8Array(words.buffer)), 0);
    const { context } = thread.body as Body & { readonly kind: "machine" };
    context.setBig(10, random.next64() | 1n);
  }

  /** Start a program of instructions that nobody wrote, with a few that make sense between them. */
  startNonsense(): void {
    const random = this.#random;
    const words = Array.from({ length: 200 }, () => {
      if (random.below(6) === 0) return ".word 0x00000073";
      if (random.below(4) === 0) return `li t0, ${random.below(200)}`;
      return `.word 0x${(random.next() >>> 0).toString(16)}`;
    });
    const job = this.machine.kernel.rootJob.createJob();
    assert(typeof job !== "number");
    startBare(this.machine, { name: "nonsense", text: words.join("\n"), job });
  }

  /** Let them run for a while, and end whoever is left. */
  round(): void {
    const { kernel } = this.machine;
    this.machine.run({ until: kernel.realm.now + TURN });
    for (const job of [...kernel.rootJob.jobs]) job.kill();
    for (const process of [...kernel.rootJob.processes]) process.kill();
    this.machine.run({ until: kernel.realm.now + 1000 });
  }

  #value(handles: readonly number[]): bigint {
    const random = this.#random;
    switch (random.below(5)) {
      case 0:
        return BigInt(BARE_MEMORY + random.below(BARE_MEMORY_SIZE));
      case 1:
        return random.pick(ODD);
      case 2:
        return BigInt(random.below(256));
      default:
        return BigInt(random.pick(handles));
    }
  }
}

Deno.test(`${CALLS} calls of any kind from machine code keep every law after each, and leave nothing`, () => {
  for (let seed = 1, calls = 0; calls < CALLS; seed++) {
    const hostility = new Hostility(seed);
    const before = hostility.census;
    const { system } = hostility.machine.kernel;
    for (let round = 0; round < ROUNDS; round++) {
      for (let at = 0; at < TOGETHER; at++) hostility.startCaller();
      hostility.round();
    }
    assertEquals(hostility.census, before, `seed ${seed}`);
    hostility.audit.end();
    assertEquals(hostility.audit.calls >= system.syscalls, true, "each call is looked behind");
    calls += system.syscalls;
  }
});

Deno.test(`${NONSENSE} programs of instructions that nobody wrote end, each by itself`, () => {
  const hostility = new Hostility(1);
  const before = hostility.census;
  for (let at = 0; at < NONSENSE; at += TOGETHER) {
    for (let one = 0; one < TOGETHER; one++) hostility.startNonsense();
    hostility.round();
  }
  assertEquals(hostility.census, before);
  hostility.audit.end();
});
