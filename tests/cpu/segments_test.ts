/**
 * Runs of pages that compiled code checks with one comparison, where there are more than are known at
 * a time, or a page of one changes.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { Access } from "../../cpu/layout.ts";
import { RUNS_MAX, type Segment, Segments } from "../../cpu/memory/segments.ts";
import { Space, SpaceBudget } from "../../cpu/memory/space.ts";
import { addi, bne, CODE, ECALL, jal, ld } from "../support/guest.ts";
import { SeededRandom } from "../support/seeded_random.ts";
import { WAYS } from "../support/subject.ts";

const DATA = 0x100000;
const OTHERS = 0x200000;
const COUNT = RUNS_MAX + 10;

for (const way of WAYS) {
  Deno.test(`${way.name}: a page of a run that was forgotten is not accessed where it was`, () => {
    const subject = way.create();
    subject.map(CODE, 1 | 4);
    const [first, second] = [0, 4096].map((at) => subject.map(DATA + at, 1 | 2));
    assertEquals(second, first! + 1);
    const changed = subject.cpu.memory.allocate();
    subject.cpu.memory.longs[second! * 512] = 1n;
    subject.cpu.memory.longs[changed * 512] = 2n;
    const shared = subject.cpu.memory.allocate();
    for (let page = 0; page < COUNT; page++) subject.map(OTHERS + page * 4096, 1 | 2, shared);
    subject.writeCode(CODE, [
      ld(10, 6, 0),
      ld(11, 7, 0),
      9 << 20 | 7 << 15 | 7 << 7 | 0x33,
      addi(8, 8, -1),
      bne(8, 0, -12),
      ECALL,
      jal(0, -24),
    ]);
    const prepare = (address: number, count: number) => {
      [[6, address], [7, OTHERS], [8, count], [9, 4096]].forEach(([register, value]) =>
        subject.set(register!, BigInt(value!))
      );
    };
    let calls = 0;
    subject.onSyscall = () => {
      if (calls++ > 0) return false;
      subject.map(DATA + 4096, 1 | 2, changed);
      prepare(DATA + 4096, 1);
      return true;
    };
    prepare(DATA, COUNT);
    subject.pc = CODE;
    subject.run(1_000_000);
    assertEquals([calls, subject.get(10)], [2, 2n]);
  });
}

Deno.test("runs are found and forgotten whole, and who has one is told when no one knows it", () => {
  const space = new Space(new SpaceBudget());
  const random = new SeededRandom(37);
  const given = new Set<Segment>();
  const segments = new Segments(Access.READ, () => true, (one) => given.delete(one));
  const frames = new Map<number, number>();
  for (let step = 0; step < 100_000; step++) {
    const page = random.below(20_000);
    if (random.below(2) > 0) {
      // Mostly where its neighbour would have it, so that there are runs.
      const frame = random.below(3) > 0 ? 30_000 + page : 1 + random.below(20_000);
      const dropped = segments.drop(page);
      if (dropped !== undefined) given.delete(dropped);
      space.map(page, frame, Access.READ);
      frames.set(page, frame);
    } else if (frames.has(page)) {
      const segment = segments.around(space, page);
      assert(segment.first <= page && page < segment.end);
      for (let at = segment.first; at < segment.end; at++) {
        assertEquals(frames.get(at), segment.frame + at - segment.first);
      }
      for (const one of given) {
        if (one.first >= segment.first && one.end <= segment.end) given.delete(one);
      }
      given.add(segment);
      assert(given.size <= RUNS_MAX);
      assertEquals(segments.around(space, page), segment);
    }
  }
  assert(given.size > 100);
  for (const one of given) assertEquals(segments.drop(one.first), one);
});
