/**
 * Files and programs that mean harm: mutated ELF files, and calls with random numbers. Whatever they
 * do, the machine goes on, good programs run after them, and no memory is lost.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { assemble } from "../../guests/assembler.ts";
import type { Tracer } from "../../kernel/linux/tracer.ts";
import { SeededEntropy } from "../../lab/machine/seeded_entropy.ts";
import { FileType } from "../../loader/elf.ts";
import { ExecCaller } from "../support/exec_caller.ts";
import { judge, type Verdict } from "../support/execve_model.ts";
import { TestLinux } from "../support/linux.ts";
import { LINKED, LINKER, mutateBytes, mutateNumbers, wholeFiles } from "../support/mutated_elf.ts";
import { encode, tinyElf } from "../support/tiny_elf.ts";

const isLong = Deno.args.includes("--long");
const MUTATIONS = isLong ? 200_000 : 20_000;
const CALLS = isLong ? 1_000_000 : 100_000;

/** What mutated files come to. */
const KINDS = [
  ..."ENOEXEC ENOENT EACCES EIO EINVAL ELIBBAD".split(" "),
  ..."SIGSEGV SIGBUS SIGILL 42 runs".split(" "),
];

/** Of so many files one may be such that Linux's rules leave open what becomes of it. */
const OPEN_IN = 50;

/** Whether a file became what it would become under Linux. */
function agrees(verdict: Verdict, outcome: string): boolean {
  switch (verdict.kind) {
    case "error":
    case "signal":
      return outcome === verdict.name;
    case "end":
      return outcome === `${verdict.code}`;
    default:
      return outcome === "runs" || outcome.startsWith("SIG") || /^\d+$/.test(outcome);
  }
}

function described(verdict: Verdict): string {
  if (verdict.kind === "end") return `${verdict.code}`;
  return verdict.kind === "error" || verdict.kind === "signal" ? verdict.name : verdict.kind;
}

Deno.test("mutated programs end as they do under Linux, and their caller goes on", () => {
  const caller = new ExecCaller(64 << 20);
  const { memory } = caller.machine.linux.realm;
  const chance = new SeededEntropy(7);
  const files = wholeFiles();
  const linker = caller.machine.put("/linker", files[LINKER]!);
  const memoryBytes = BigInt(memory.totalFrames) * 4096n;
  const seen = new Map<string, number>();
  const before = memory.freeFrames;
  for (let one = 0; one < MUTATIONS; one++) {
    const which = one % files.length;
    const round = Math.floor(one / files.length);
    // Of the programs with a dynamic linker, every other one is whole, and the linker is not.
    const isLinker = which === LINKED && round % 4 < 2;
    const mutate = round % 2 === 0 ? mutateBytes : mutateNumbers;
    const mutated = mutate(files[isLinker ? LINKER : which]!, chance);
    const linkerBytes = isLinker ? mutated : files[LINKER]!;
    linker.truncate(0);
    linker.writeAt(0, linkerBytes);
    const bytes = isLinker ? files[LINKED]! : mutated;
    const verdict = judge(bytes, { files: { linker: linkerBytes }, memoryBytes });
    const outcome = caller.outcome(bytes);
    const said = described(verdict);
    seen.set(said, (seen.get(said) ?? 0) + 1);
    assert(agrees(verdict, outcome), `file ${one}: Linux says ${said}, here it is ${outcome}`);
  }
  for (const kind of KINDS) assert(seen.has(kind), `no file is a case of ${kind}`);
  const open = seen.get("open") ?? 0;
  assert(open * OPEN_IN <= MUTATIONS, `the rules leave ${open} files open`);
  assertEquals(caller.outcome(files[0]!), "42");
  assert(before - memory.freeFrames < 16, `${before - memory.freeFrames} frames are lost`);
  caller.end();
  assertEquals(caller.machine.linux.groups.size, 0);
});

/** A program that makes calls from a table: eight words for each, numbers first. */
const CALLER = assemble(
  `
  _start: la   s0, table
          li   s1, 400
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
          li   a7, 94
          li   a0, 0
          ecall
          .data
          .balign 16
  table:  .ascii "TABLE-OF-CALLS--"
          .zero 25600
`,
  { type: FileType.EXEC },
);

const TABLE = indexOfText(CALLER, "TABLE-OF-CALLS--");
const PER_PROGRAM = 400;

/** More of the host's heap no campaign needs, however long it is. */
const HOST_BYTES = 512 << 20;

function indexOfText(bytes: Uint8Array, text: string): number {
  const words = new TextDecoder("latin1").decode(bytes);
  return words.indexOf(text);
}

/** Numbers that calls might trip over. */
function argument(chance: SeededEntropy): bigint {
  const odd = [0n, 1n, 2n, 3n, 8n, 4096n, -1n, -100n, 0x7fffffffn, 0x80000000n, 1n << 63n];
  const addresses = [0x11000n, 0x10000n, 0x11ff8n, 0x3ffffff000n, 0x3fffffffffn, 0x4000000000n];
  const pool = chance.next() % 3 === 0 ? odd : chance.next() % 2 === 0 ? addresses : [];
  const chosen = pool[chance.next() % Math.max(1, pool.length)];
  return BigInt.asUintN(64, chosen ?? BigInt(chance.next() % (1 << (chance.next() % 31))));
}

function randomCalls(chance: SeededEntropy): Uint8Array {
  const bytes = CALLER.slice();
  const view = new DataView(bytes.buffer);
  for (let call = 0; call < PER_PROGRAM; call++) {
    const at = TABLE + call * 64;
    let number = chance.next() % 460;
    // Most calls are not the ones that end the program.
    if ((number === 93 || number === 94) && chance.next() % 8 !== 0) number = 172;
    view.setBigUint64(at, BigInt(number), true);
    for (let one = 1; one <= 6; one++) view.setBigUint64(at + one * 8, argument(chance), true);
  }
  return bytes;
}

/** Somebody who is told of everything and does nothing. */
const NOBODY: Tracer = {
  entered: () => {},
  waits: () => {},
  left: () => {},
  unknown: () => {},
  signal: () => {},
  stopped: () => {},
  began: () => {},
  ended: () => {},
  renumbered: () => {},
};

Deno.test("random calls with random arguments harm nobody but the program that makes them", () => {
  const chance = new SeededEntropy(11);
  const good = encode(tinyElf(2));
  const each = 50;
  let made = 0;
  const count = () => void made++;
  while (made < CALLS) {
    const machine = new TestLinux({ memoryBytes: 64 << 20, stderr: () => {} });
    machine.put("/good", good);
    machine.linux.tracer = { ...NOBODY, entered: count, unknown: count };
    assertEquals(machine.finish("/good").status, 42 << 8);
    const caller = machine.put("/caller", randomCalls(chance));
    const { memory } = machine.linux.realm;
    const before = memory.freeFrames;
    for (let one = 0; one < each && made < CALLS; one++) {
      caller.truncate(0);
      caller.writeAt(0, randomCalls(chance));
      const group = machine.start({ path: "/caller", directory: "/tmp" });
      if (typeof group === "number") continue;
      machine.run(group, machine.kernel.realm.now + 50_000_000);
      if (!group.ended) group.exit(1);
      machine.linux.shutDown();
    }
    machine.linux.shutDown();
    assert(before - memory.freeFrames < 16, `${before - memory.freeFrames} frames are lost`);
    const { heapUsed } = Deno.memoryUsage();
    assert(heapUsed < HOST_BYTES, `the host keeps ${heapUsed} bytes`);
    assertEquals(machine.finish("/good").status, 42 << 8);
    assertEquals(machine.linux.tasks.size, 0);
  }
});
