import { assertEquals } from "@std/assert";
import { StopReason } from "../../cpu/stop_reason.ts";
import { ElfGuest } from "../../scripts/bench/elf_guest.ts";

const TIERS = ["interpreter", "compiler", "auto"] as const;
const KERNELS = ["coremark", "fib", "strings", "bytecode"];
const LENGTH = 60_000;

function read(name: string): Uint8Array {
  return Deno.readFileSync(new URL(`../../guests/bench/${name}.elf`, import.meta.url));
}

/** All registers after so many instructions, run in pieces of `quantum`. */
function stateAfter(elf: Uint8Array, tier: typeof TIERS[number], quantum: number): bigint[] {
  const guest = new ElfGuest(elf, { tier, memoryBytes: 8 << 20 });
  for (let left = LENGTH; left > 0; left -= quantum) {
    const reason = guest.cpu.run(guest.context, guest.space, Math.min(quantum, left));
    assertEquals(reason, StopReason.BUDGET);
  }
  assertEquals(guest.cpu.retired, LENGTH);
  const registers = Array.from({ length: 65 }, (_, at) => guest.context.getBig(at));
  return [...registers, BigInt(guest.context.pc)];
}

for (const name of KERNELS) {
  const elf = read(name);
  const expected = stateAfter(elf, "interpreter", LENGTH);
  for (const tier of TIERS) {
    Deno.test(`${tier}: preempting ${name} every k instructions, k in 1…100, changes nothing`, () => {
      for (let quantum = 1; quantum <= 100; quantum += quantum < 12 ? 1 : 11) {
        assertEquals(stateAfter(elf, tier, quantum), expected, `quantum ${quantum}`);
      }
      assertEquals(stateAfter(elf, tier, LENGTH), expected);
      assertEquals(stateAfter(elf, tier, 9973), expected);
    });
  }
}
