/**
 * What a program of RT-Smart finds at its first instruction: registers, the arguments' block to the
 * last byte, the auxiliary vector, and what is mapped.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { Generation } from "../../kernel/rtsmart/loader.ts";
import type { Lwp } from "../../kernel/rtsmart/lwp.ts";
import { type LayoutName, LAYOUTS } from "../../kernel/rtsmart/mm/layout.ts";
import { TestRtSmart } from "../support/rtsmart.ts";
import { encode, LOAD, rtElf } from "../support/rtsmart_elf.ts";

const A0 = 10;
const SP = 2;
const PROGRAM = {
  path: "/bin/prog",
  args: ["prog", "123"],
  environment: ["HOME=/root", "PATH=/bin"],
};

/** `prog 123` with two variables, loaded and not yet run. */
function loaded(generation: Generation, layout?: LayoutName): { machine: TestRtSmart; lwp: Lwp } {
  const machine = new TestRtSmart({ generation, ...(layout ? { layout } : {}) });
  machine.put("/bin/prog", encode(rtElf()));
  const lwp = machine.start(PROGRAM);
  assert(typeof lwp !== "number");
  return { machine, lwp };
}

/** So many 64-bit words from an address on. */
function words(lwp: Lwp, address: number, count: number): bigint[] {
  const bytes = lwp.memory.bytes(address, count * 8);
  assert(typeof bytes !== "number");
  const view = new DataView(bytes.buffer);
  return Array.from({ length: count }, (_, at) => view.getBigUint64(at * 8, true));
}

for (const generation of ["A", "B"] as const) {
  Deno.test(`loader ${generation} leaves the arguments' address in a0 and at sp, and the kernel's stack in a3`, () => {
    const { machine, lwp } = loaded(generation);
    const { context, kernelStack } = lwp.mainThread!;
    const { stackEnd } = machine.rtsmart.layout;
    assertEquals(context.pc, Number(LOAD));
    assertEquals(context.get(SP), stackEnd);
    assertEquals(
      [0, 1, 2].map((at) => context.get(A0 + at)),
      [stackEnd, Number(LOAD), stackEnd],
    );
    // The kernel's own address, which nobody has cleared away.
    assertEquals(BigInt.asIntN(64, context.getBig(A0 + 3)), BigInt(kernelStack));
    assert(kernelStack < 0);
    const others = Array.from({ length: 31 }, (_, at) => at + 1)
      .filter((one) => one !== SP && (one < A0 || one > A0 + 3));
    for (const register of others) assertEquals(context.get(register), 0, `x${register}`);
  });

  Deno.test(`the arguments' block of loader ${generation} is argc, pointers, vector and texts in one piece`, () => {
    const { machine, lwp } = loaded(generation);
    const start = machine.rtsmart.layout.stackEnd;
    // argc, two arguments and a zero, two variables and a zero, 32 pairs, a zero: 72 words.
    const text = BigInt(start + 72 * 8);
    assertEquals(words(lwp, start, 7), [
      2n,
      text,
      text + 5n,
      0n,
      text + 9n,
      text + 20n,
      0n,
    ]);
    const vector = words(lwp, start + 7 * 8, 64);
    assertEquals(words(lwp, start + 71 * 8, 1), [0n]);
    const used = generation === "A" ? 12 : 30;
    assertEquals(vector.slice(used), vector.slice(used).map(() => 0n));
    const texts = lwp.memory.bytes(Number(text), 30);
    assertEquals(
      new TextDecoder().decode(texts as Uint8Array),
      "prog\x00123\0HOME=/root\0PATH=/bin\0",
    );
    assertEquals(lwp.image.argsLength, 72 * 8 + 30);
    assertEquals(start % 4096, 0);
  });

  Deno.test(`loader ${generation} makes everything readable, writable and executable`, () => {
    const { machine } = loaded(generation);
    const remembering = new TestRtSmart({ generation }).remember();
    remembering.put("/bin/prog", encode(rtElf()));
    remembering.start(PROGRAM);
    const { layout } = machine.rtsmart;
    const maps = remembering.of("map").map(({ address, access, name }) => [name, address, access]);
    const page = layout.top - 0x2000;
    assertEquals(
      maps,
      generation === "A"
        ? [
          ["[stack]", layout.stackStart, 7],
          ["[args]", layout.stackEnd, 7],
          ["[phdr]", page, 7],
          ["[text]", Number(LOAD), 7],
          ["[data]", Number(LOAD) + 0x10000, 7],
        ]
        : [
          ["[stack]", layout.stackStart, 7],
          ["[args]", layout.stackEnd, 7],
          ["/bin/prog", Number(LOAD), 7],
          ["/bin/prog", Number(LOAD) + 0x10000, 7],
          ["[aux]", page, 7],
        ],
    );
  });
}

Deno.test("the first loader tells five things, behind the name that copying the arguments has told", () => {
  const { machine, lwp } = loaded("A");
  const { stackEnd, top } = machine.rtsmart.layout;
  const page = BigInt(top - 0x2000);
  assertEquals(words(lwp, stackEnd + 7 * 8, 12), [
    31n,
    BigInt(stackEnd + 72 * 8),
    6n,
    4096n,
    25n,
    page + 0x1000n - 16n,
    3n,
    page,
    5n,
    2n,
    4n,
    56n,
  ]);
  // The program headers are a copy, and there: the file's own 112 bytes.
  assertEquals(lwp.memory.bytes(Number(page), 112), encode(rtElf()).slice(64, 176));
});

Deno.test("the later loader tells fifteen things, over the name that copying the arguments has told", () => {
  const { machine, lwp } = loaded("B");
  const { stackEnd, top } = machine.rtsmart.layout;
  const told: readonly (readonly [number, bigint])[] = [
    [6, 4096n],
    [25, BigInt(top - 0x1000 - 16)],
    // Where the program headers would be if the first segment began with the file.
    [3, LOAD + 64n],
    [5, 2n],
    [4, 56n],
    [7, 0n],
    [8, 0n],
    [9, LOAD],
    [11, 0n],
    [12, 0n],
    [13, 0n],
    [14, 0n],
    [16, 0n],
    [17, 0n],
    [23, 0n],
  ];
  assertEquals(
    words(lwp, stackEnd + 7 * 8, 30),
    told.flatMap(([key, value]) => [BigInt(key), value]),
  );
});

Deno.test("the sixteen bytes that pass for random are the clock's ticks, and zeros", () => {
  for (const generation of ["A", "B"] as const) {
    const machine = new TestRtSmart({ generation });
    machine.kernel.run({ until: 1_234_000_000 });
    machine.rtsmart.realm.timeouts.set(1_234_000_000, () => {});
    machine.kernel.run();
    machine.put("/bin/prog", encode(rtElf()));
    const lwp = machine.start(PROGRAM);
    assert(typeof lwp !== "number");
    const at = machine.rtsmart.layout.top - 0x1000 - 16;
    assertEquals(words(lwp, at, 2), [1234n, 0n]);
  }
});

Deno.test("the stack is all of its addresses at once, and pages as they are touched", () => {
  const { machine, lwp } = loaded("B");
  const { stackStart, stackEnd } = machine.rtsmart.layout;
  const stack = lwp.aspace.at(stackStart)!;
  assertEquals([stack.start, stack.end], [stackStart, stackEnd]);
  assertEquals(stackEnd - stackStart, 0x9000_0000);
  assertEquals(lwp.aspace.v2p(stackEnd - 8), 0);
  assert(lwp.aspace.touch(stackEnd - 8, 2) > 0);
  assert(lwp.aspace.v2p(stackEnd - 8) > 0);
});

Deno.test("each set of addresses has its parts where it says, and runs programs there", () => {
  for (const [name, layout] of Object.entries(LAYOUTS)) {
    const file = rtElf();
    const shift = BigInt(layout.load) - LOAD;
    file.entry += shift;
    for (const one of file.segments) one.vaddr += shift;
    for (const one of file.sections.slice(1)) one.address += shift;
    for (const generation of ["A", "B"] as const) {
      const machine = new TestRtSmart({ generation, layout: name as LayoutName });
      machine.put("/bin/prog", encode(file));
      const lwp = machine.start(PROGRAM);
      assert(typeof lwp !== "number", `${name} ${generation} answers ${lwp}`);
      assertEquals(lwp.image.args, layout.stackEnd);
      assertEquals(machine.wait(lwp).status, 42 << 8);
    }
  }
});

Deno.test("where the arguments lie at the heap's beginning, the first heap page comes behind them", () => {
  const { machine, lwp } = loaded("A", "shared");
  const { heap, stackEnd } = machine.rtsmart.layout;
  assertEquals(heap, stackEnd);
  assertEquals(lwp.image.endHeap, heap);
  assertEquals(loaded("B", "separate").machine.rtsmart.layout.heap < stackEnd + 1, true);
});
