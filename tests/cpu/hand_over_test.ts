import { assertEquals } from "@std/assert";
import { addi, bne, CODE, DATA, EBREAK, ECALL, guest, jal, lui, sd } from "../support/guest.ts";
import { StopReason } from "../../cpu/stop_reason.ts";

const TIERS = ["interpreter", "compiler", "auto"] as const;

/** Counts calls in `x6` and at `DATA`, for ever. */
const COUNT = [lui(7, DATA), addi(6, 6, 1), sd(6, 7, 0), ECALL, jal(0, -12)];

/** Two threads of one program, each in a space of its own with data of its own. */
function pair(tier: typeof TIERS[number], words: readonly number[] = COUNT) {
  const { cpu, space, context, code, data } = guest(words, { tier });
  const other = { space: cpu.createSpace(), context: cpu.createContext() };
  const otherData = cpu.memory.allocate();
  other.space.map(CODE / 4096, code, 1 | 4);
  other.space.map(DATA / 4096, otherData, 1 | 2);
  other.context.pc = CODE;
  const counts = () => [data, otherData].map((frame) => cpu.memory.words[frame * 1024]);
  return { cpu, threads: [{ space, context }, other], counts };
}

for (const tier of TIERS) {
  Deno.test(`${tier}: threads that hand over to each other keep registers, memory and counts`, () => {
    const { cpu, threads, counts } = pair(tier);
    let calls = 0;
    cpu.onSyscall = () => {
      assertEquals(cpu.retired, 4 * (calls + 1));
      if (++calls === 10_001) return false;
      const { context, space } = threads[calls % 2]!;
      cpu.handOver(context, space, 1000);
      return true;
    };
    assertEquals(cpu.run(threads[0]!.context, threads[0]!.space, 1000), StopReason.SYSCALL);
    assertEquals(counts(), [5001, 5000]);
    assertEquals(threads.map(({ context }) => context.get(6)), [5001, 5000]);
  });

  Deno.test(`${tier}: who is handed over to runs for its own budget, and the run says how it ended`, () => {
    for (let budget = 1; budget < 30; budget++) {
      const { cpu, threads } = pair(tier, [
        ECALL,
        addi(5, 0, 8),
        addi(5, 5, -1),
        bne(5, 0, -4),
        EBREAK,
      ]);
      const [first, second] = threads;
      let calls = 0;
      cpu.onSyscall = () => {
        if (calls++ === 0) cpu.handOver(second!.context, second!.space, budget);
        return true;
      };
      const reason = cpu.run(first!.context, first!.space, 1_000_000);
      assertEquals(reason, budget <= 18 ? StopReason.BUDGET : StopReason.BREAKPOINT);
      assertEquals(cpu.retired, 1 + Math.min(budget, 18));
      assertEquals(first!.context.pc, CODE + 4);
      assertEquals(
        second!.context.get(5),
        budget < 2 ? 0 : 8 - Math.floor((Math.min(budget, 18) - 1) / 2),
      );
    }
  });
}

Deno.test("auto: threads hand over for longer than WebAssembly is stayed in, to the instruction", () => {
  const { cpu, threads, counts } = pair("auto");
  let calls = 0;
  cpu.onSyscall = () => {
    if (++calls > 400_000) return true;
    const { context, space } = threads[calls % 2]!;
    cpu.handOver(context, space, calls === 400_000 ? 7 : 1_000_000);
    return true;
  };
  assertEquals(cpu.run(threads[0]!.context, threads[0]!.space, 1_000_000), StopReason.BUDGET);
  assertEquals([calls, cpu.retired], [400_001, 1_600_000 + 7]);
  assertEquals(counts(), [200_002, 200_000]);
});
