/**
 * Functions that are called so often that compiled code has copies of them.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { StopReason } from "../../cpu/stop_reason.ts";
import { addi, bne, CODE, DATA, EBREAK, guest, jal, jalr, ld, sd } from "../support/guest.ts";

const ROUNDS = 3000;
const FUNCTION = 16;

/** Calls a function in a loop; behind the call is an instruction that it may skip. */
function calling(body: readonly number[]): number[] {
  const caller = [jal(1, FUNCTION * 4), addi(8, 8, 1), addi(9, 9, 1), addi(5, 5, -1)];
  const loop = [...caller, bne(5, 0, -16), EBREAK];
  return [...loop, ...new Array(FUNCTION - loop.length).fill(EBREAK), ...body];
}

Deno.test("a function that does not return to where it was called from goes where it says", () => {
  const { cpu, space, context } = guest(calling([
    addi(6, 6, 1),
    0x00f37393, // andi x7, x6, 15
    bne(7, 0, 8),
    addi(1, 1, 4),
    jalr(0, 1, 0),
  ]));
  context.set(5, ROUNDS);
  assertEquals(cpu.run(context, space, 1e7), StopReason.BREAKPOINT);
  const skipped = Math.floor(ROUNDS / 16);
  assertEquals([context.get(8), context.get(9)], [ROUNDS - skipped, ROUNDS]);
  assertEquals(cpu.retired, ROUNDS * 8 + skipped + (ROUNDS - skipped));
});

Deno.test("a fault in a function that calls others is at its instruction, with its registers", () => {
  const { cpu, space, context } = guest(calling([
    addi(2, 2, -16),
    sd(1, 2, 0),
    jal(1, 16),
    ld(1, 2, 0),
    addi(2, 2, 16),
    jalr(0, 1, 0),
    sd(6, 12, 0),
    addi(6, 6, 1),
    addi(12, 12, 8),
    jalr(0, 1, 0),
  ]));
  context.set(5, ROUNDS);
  context.set(2, DATA + 2048);
  context.set(12, DATA + 2048);
  assertEquals(cpu.run(context, space, 1e7), StopReason.FAULT);
  assertEquals(cpu.faultAddress, DATA + 4096);
  assertEquals(context.pc, CODE + (FUNCTION + 6) * 4);
  assertEquals([context.get(1), context.get(2), context.get(6), context.get(8)], [
    CODE + (FUNCTION + 3) * 4,
    DATA + 2048 - 16,
    256,
    256,
  ]);
});

Deno.test("a function whose copies are out of date is not run from them", () => {
  const { cpu, space, context, code } = guest(calling([addi(6, 6, 1), jalr(0, 1, 0)]));
  for (const step of [1, 5, 7]) {
    cpu.memory.words[code * 1024 + FUNCTION] = addi(6, 6, step);
    cpu.memory.wrote(code);
    context.pc = CODE;
    context.set(5, ROUNDS);
    context.set(6, 0);
    assertEquals(cpu.run(context, space, 1e7), StopReason.BREAKPOINT);
    assertEquals(context.get(6), ROUNDS * step);
  }
});

Deno.test("a loop in such a function goes round as often as it did where it was, and faults as there", () => {
  const { cpu, space, context, data } = guest(calling([
    0x00064383, // lb x7, 0(x12)
    addi(12, 12, 1),
    addi(6, 6, 1),
    bne(7, 0, -12),
    jalr(0, 1, 0),
  ]));
  const { bytes } = cpu.memory;
  const page = data * 4096;
  // Words of one, two, three… letters, and at the page's end one that does not end.
  let words = 0;
  for (let at = 0; at < 4096; words++) {
    const letters = 1 + words % 7;
    bytes.fill(65, page + at, Math.min(page + at + letters, page + 4096));
    at += letters + 1;
  }
  for (let walk = 0; walk < 6; walk++) {
    context.pc = CODE;
    context.set(5, ROUNDS);
    for (const register of [6, 8, 9]) context.set(register, 0);
    context.set(12, DATA);
    const before = cpu.retired;
    assertEquals(cpu.run(context, space, 1e7), StopReason.FAULT);
    assertEquals(cpu.faultAddress, DATA + 4096);
    assertEquals(context.pc, CODE + FUNCTION * 4);
    const whole = words - 1;
    assertEquals([6, 8, 9, 12].map((one) => context.get(one)), [
      4096,
      whole,
      whole,
      DATA + 4096,
    ]);
    assertEquals(cpu.retired - before, 4096 * 4 + whole * 6 + 1);
  }
});
