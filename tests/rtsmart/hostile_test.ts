/**
 * Files and programs that mean harm to RT-Smart: spoiled ELF files, and calls with random numbers.
 * The kernel may hang, as the real one does; the machine around it never fails, and no memory is lost.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { SeededEntropy } from "../../lab/machine/seeded_entropy.ts";
import { TestRtSmart } from "../support/rtsmart.ts";
import { encode, LOAD, rtElf } from "../support/rtsmart_elf.ts";

const isLong = Deno.args.includes("--long");
const MUTATIONS = isLong ? 200_000 : 4_000;
const CALLS = isLong ? 2_000_000 : 240_000;
const BUDGET = 20_000;
const GENERATIONS = ["A", "B"] as const;

/** A copy of a file in which some bytes, most of them in its tables, are others. */
function mutate(base: Uint8Array, chance: SeededEntropy): Uint8Array {
  const bytes = base.slice();
  const count = 1 + chance.next() % 4;
  for (let one = 0; one < count; one++) {
    const table = [0, 0x4000][chance.next() % 2]!;
    const at = chance.next() % 8 === 0 ? chance.next() % bytes.length : table + chance.next() % 320;
    bytes[at] = [0, 0xff, 0x80, chance.next() & 0xff][chance.next() % 4]!;
  }
  return bytes;
}

function bases(): Uint8Array[] {
  const anywhere = rtElf();
  anywhere.type = 3;
  const linked = rtElf();
  const none = { flags: 4, offset: 0x3800n, vaddr: 0n, filesz: 12n, memsz: 0n };
  linked.segments.push({ ...none, type: 3 });
  linked.text = "/lib/ld.so.\0";
  return [rtElf(), anywhere, linked].map(encode);
}

for (const generation of GENERATIONS) {
  Deno.test(`spoiled programs end as errors, faults, runs or a hanging kernel under loader ${generation}`, () => {
    const chance = new SeededEntropy(7);
    const files = bases();
    const seen = new Map<string, number>();
    let machine = new TestRtSmart({ generation, memoryBytes: 8 << 20 });
    let before = -1;
    for (let one = 0; one < MUTATIONS; one++) {
      if (machine.panicked !== null) {
        machine = new TestRtSmart({ generation, memoryBytes: 8 << 20 });
      }
      machine.put("/lib/ld.so", files[0]!);
      machine.put("/lib/ld.so.", files[1]!);
      machine.put("/program", mutate(files[one % files.length]!, chance));
      const lwp = machine.start({ path: "/program" });
      if (typeof lwp !== "number") {
        machine.run(lwp, machine.kernel.realm.now + BUDGET);
        if (!lwp.ended) lwp.exitGroup(1);
      }
      const kind = machine.panicked !== null
        ? "hang"
        : typeof lwp === "number"
        ? "error"
        : lwp.status === 255 << 8
        ? "fault"
        : "end";
      seen.set(kind, (seen.get(kind) ?? 0) + 1);
      if (kind === "hang") before = -1;
      else if (before < 0) before = machine.rtsmart.realm.memory.freeFrames;
    }
    for (const kind of ["end", "error", "fault"]) assert(seen.has(kind), kind);
    // Loading is what the first loader hangs over; under both a program may make a call that does it.
    assert(generation === "B" || seen.has("hang"));
    assertEquals([machine.rtsmart.lwps.size, machine.rtsmart.threads.size], [0, 0]);
    const lost = before - machine.rtsmart.realm.memory.freeFrames;
    assert(lost < 16, `${lost} frames are lost`);
  });
}

/** A program that makes calls from a table: eight words for each, numbers first. */
const PER_PROGRAM = 400;
const CALLER = `
          li   s0, 0x200010000
          li   s1, ${PER_PROGRAM}
  1:      ld   a7, 0(s0)
          ld   a0, 8(s0)
          ld   a1, 16(s0)
          ld   a2, 24(s0)
          ld   a3, 32(s0)
          ld   a4, 40(s0)
          ld   a5, 48(s0)
          ecall
          addi s0, s0, 64
          addi s1, s1, -1
          bnez s1, 1b
          li   a7, 98
          li   a0, 0
          ecall
`;

/** The program with a table as its data, in a file of its own size. */
function caller(table: Uint8Array): Uint8Array {
  const elf = rtElf(CALLER);
  const size = BigInt(table.length);
  const data = elf.segments[1]!;
  data.filesz = data.memsz = size;
  data.offset = 0x6000n;
  elf.sections[2]!.size = size;
  elf.sections[3]!.size = 0n;
  const file = encode(elf);
  const whole = new Uint8Array(file.length + table.length);
  whole.set(file);
  whole.set(table, file.length);
  return whole;
}

/** Numbers that calls might trip over: odd ones, addresses of everything, small ones. */
function argument(chance: SeededEntropy): bigint {
  const odd = [0n, 1n, 2n, 3n, 8n, 4096n, -1n, -100n, 0x7fffffffn, 0x80000000n, 1n << 63n];
  const addresses = [
    LOAD,
    LOAD + 0x10000n,
    LOAD + 0x10ff8n,
    LOAD + 0x4000_0000n,
    0x3_0000_0000n,
    0x3_ffff_ff00n,
    0x4_0000_0000n,
    0x3f_ffff_efffn,
    0x40_0000_0000n,
    -0x40_0000_0000n + 0x20_0000n,
  ];
  const pool = chance.next() % 3 === 0 ? odd : chance.next() % 2 === 0 ? addresses : [];
  const chosen = pool[chance.next() % Math.max(1, pool.length)];
  return BigInt.asUintN(64, chosen ?? BigInt(chance.next() % (1 << (chance.next() % 31))));
}

/** Calls that end the kernel at once when they are given nonsense are made, but seldom. */
const DEADLY: readonly number[] = [
  1,
  98,
  20,
  21,
  24,
  25,
  28,
  29,
  32,
  33,
  34,
  37,
  38,
  39,
  40,
  41,
  42,
  68,
  113,
  114,
  115,
];

function randomTable(chance: SeededEntropy): Uint8Array {
  const bytes = new Uint8Array(PER_PROGRAM * 64);
  const view = new DataView(bytes.buffer);
  for (let call = 0; call < PER_PROGRAM; call++) {
    let number = 1 + chance.next() % 210;
    if (DEADLY.includes(number) && chance.next() % 64 !== 0) number = 15;
    view.setBigUint64(call * 64, BigInt(number), true);
    for (let one = 1; one <= 6; one++) {
      view.setBigUint64(call * 64 + one * 8, argument(chance), true);
    }
  }
  return bytes;
}

Deno.test("random calls with random arguments never harm the machine around the kernel", () => {
  const chance = new SeededEntropy(11);
  const programs = Math.ceil(CALLS / PER_PROGRAM) * 2;
  const ends = new Map<string, number>();
  let made = 0;
  const count = () => void made++;
  const tracer = { entered: count, left: () => {}, unknown: count, faulted: () => {} };
  let machine = new TestRtSmart({ memoryBytes: 16 << 20 });
  for (let one = 0; one < programs && made < CALLS; one++) {
    if (machine.panicked !== null || one % 50 === 0) {
      machine = new TestRtSmart({ generation: GENERATIONS[one % 2]!, memoryBytes: 16 << 20 });
    }
    machine.rtsmart.tracer = tracer;
    machine.put("/caller", caller(randomTable(chance)));
    const lwp = machine.start({ path: "/caller" });
    if (typeof lwp === "number") continue;
    for (let turns = 0; turns < 8 && !lwp.ended; turns++) {
      machine.run(lwp, machine.kernel.realm.now + 10_000_000);
      machine.feed(new Uint8Array(8));
    }
    const end = machine.panicked?.replace(/0x[0-9a-f]+/, "…") ?? `status ${lwp.status}`;
    ends.set(end, (ends.get(end) ?? 0) + 1);
    machine.rtsmart.shutDown();
    assertEquals(machine.rtsmart.threads.size, 0);
    assert(machine.rtsmart.heap.objects.size < 4, `${machine.rtsmart.heap.objects.size} objects`);
  }
  assert(made >= CALLS, `${made} calls were made`);
  assert(ends.size > 3, JSON.stringify([...ends]));
});

Deno.test("whatever was called, afterwards a good program runs, and all memory of the bad one is back", () => {
  const chance = new SeededEntropy(13);
  for (let one = 0; one < 40; one++) {
    const machine = new TestRtSmart({ memoryBytes: 16 << 20 });
    machine.put("/caller", caller(randomTable(chance)));
    machine.put("/good", encode(rtElf()));
    const before = machine.rtsmart.realm.memory.freeFrames;
    const lwp = machine.start({ path: "/caller" });
    assert(typeof lwp !== "number");
    machine.run(lwp, machine.kernel.realm.now + 10_000_000);
    machine.rtsmart.shutDown();
    if (machine.panicked !== null) continue;
    assertEquals(machine.finish("/good").status, 42 << 8);
    const shared = [...Array(64).keys()].map((id) => machine.rtsmart.sharedMemory.piece(id));
    const kept = shared.reduce((sum, piece) => sum + (piece?.length ?? 0) / 4096, 0);
    const lost = before - machine.rtsmart.realm.memory.freeFrames - kept;
    assert(lost < 24, `${lost} frames are lost`);
  }
});
