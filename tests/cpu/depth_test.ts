/**
 * Calls nested deeper than the host's own stack goes.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { zirconProgram } from "../../guests/zircon_program.ts";
import { Machine, RunningProgram } from "../../lab/mod.ts";
import { zirconVdso } from "../../lab/machine/vdso.ts";
import { DATA, guest, jal, ld, lui, sw } from "../support/guest.ts";

Deno.test("a function that calls itself for ever runs until its budget is over, to the instruction", () => {
  const { cpu, space, context } = guest([jal(1, 0)], { tier: "compiler" });
  assertEquals(cpu.run(context, space, 300_000), 0);
  assertEquals(cpu.retired, 300_000);
});

Deno.test("one that needs five hundred variables of the host does, too", () => {
  const halves = Array.from({ length: 300 }, () => [sw(5, 6, 0), sw(7, 6, 4), ld(8, 6, 0)]).flat();
  const words = [lui(6, DATA), ...halves, jal(1, -4 * halves.length)];
  const { cpu, space, context } = guest(words, { tier: "compiler" });
  assertEquals(cpu.run(context, space, 1_000_000), 0);
  assertEquals(cpu.retired, 1_000_000);
});

Deno.test("a recursion of 100,000 calls comes back with its sum", () => {
  const file = zirconProgram(
    `_start: li   a0, 100000
             call sum
             li   t0, 251
             remu a0, a0, t0
             call zx_process_exit
     sum:    beqz a0, 1f
             addi sp, sp, -16
             sd   ra, 0(sp)
             sd   a0, 8(sp)
             addi a0, a0, -1
             call sum
             ld   t0, 8(sp)
             ld   ra, 0(sp)
             addi sp, sp, 16
             add  a0, a0, t0
     1:      ret`,
    zirconVdso(),
    { stackSize: 2 * 1024 * 1024 },
  );
  const program = new Machine().launch({ file, args: ["deep"] });
  assert(program instanceof RunningProgram);
  assertEquals(program.wait(), (100_000 * 100_001 / 2) % 251);
});
