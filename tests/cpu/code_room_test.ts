/**
 * Programs whose code is more than the machine keeps decoded at a time.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { RECORDS_COUNT } from "../../cpu/layout.ts";
import { addi, bne, ECALL, jal, jalr, lui } from "../support/guest.ts";
import { SeededRandom } from "../support/seeded_random.ts";
import { type Subject, WAYS } from "../support/subject.ts";

const CODE = 0x10000;
const FUNCTIONS = 0x100000;
/** Pages of a function, which goes from one to the next. */
const PAGES = 100;
const COUNT = Math.ceil((RECORDS_COUNT + 500) / PAGES);
const ROUNDS = 12;

/** Registers: a sum, the function to call, the distance to the next one, how many are left. */
const [SUM, FUNCTION, DISTANCE, LEFT] = [5, 6, 7, 8];

/** Write functions that each page adds something in, mostly at the same place; gives their sum. */
function writeFunctions(subject: Subject, random: SeededRandom): number {
  let sum = 0;
  let at = 0;
  for (let page = 0; page < PAGES * COUNT; page++) {
    const base = FUNCTIONS + page * 4096;
    const isLast = page % PAGES === PAGES - 1;
    const next = isLast || random.below(8) !== 0 ? 0 : 8 * (1 + random.below(400));
    const added = 1 + random.below(1000);
    sum += added;
    subject.map(base, 1 | 4);
    const leave = isLast ? jalr(0, 1, 0) : jal(0, 4096 + next - at - 4);
    subject.writeCode(base + at, [addi(SUM, SUM, added), leave]);
    at = next;
  }
  return sum;
}

for (const way of WAYS) {
  Deno.test(`${way.name}: more code than is kept decoded does what it says`, () => {
    const subject = way.create();
    const sum = writeFunctions(subject, new SeededRandom(31));
    subject.map(CODE, 1 | 4);
    subject.writeCode(CODE, [
      lui(FUNCTION, FUNCTIONS),
      lui(DISTANCE, PAGES * 4096),
      addi(LEFT, 0, COUNT),
      jalr(1, FUNCTION, 0),
      DISTANCE << 20 | FUNCTION << 15 | FUNCTION << 7 | 0x33,
      addi(LEFT, LEFT, -1),
      bne(LEFT, 0, -12),
      ECALL,
    ]);
    for (let round = 1; round <= ROUNDS; round++) {
      subject.pc = CODE;
      subject.run(1_000_000);
      assertEquals(subject.pc, CODE + 32);
      assertEquals(subject.get(SUM), BigInt(sum * round));
    }
  });
}
