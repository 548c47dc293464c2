import { assert, assertEquals } from "@std/assert";
import { FlowGraph } from "../../cpu/region/flow_graph.ts";
import { type Region, RegionReader } from "../../cpu/region/region.ts";
import { decode } from "../../cpu/riscv64/decode.ts";
import { RISCV64 } from "../../cpu/riscv64/isa.ts";
import { split } from "../../cpu/region/split.ts";
import { addi, bne, CODE, EBREAK, guest, jal, jalr } from "../support/guest.ts";
import { StopReason } from "../../cpu/stop_reason.ts";

/** A loop of two halves, which is entered at either of them. */
const LOOP = [
  bne(10, 0, 8),
  addi(11, 11, 1),
  addi(12, 12, 1),
  addi(5, 5, -1),
  bne(5, 0, -12),
  jalr(0, 1, 0),
];

function read(words: readonly number[]): Region {
  const at = (address: number) => {
    const bits = words[(address - CODE) / 4];
    return bits === undefined ? null : decode(bits);
  };
  return new RegionReader(RISCV64, {
    at,
    targetsOf: () => [],
    isReached: () => true,
    isCompiled: () => false,
  }).read(CODE, 100)!;
}

function strayEdges(region: Region): number {
  const graph = new FlowGraph(region);
  return graph.order.flatMap((from) =>
    from.successors.filter((to) => graph.isIrreducible(from, to))
  )
    .length;
}

Deno.test("a loop with two entries has one when the block behind the other was copied", () => {
  const region = read(LOOP);
  const before = region.blocks.length;
  assert(strayEdges(region) > 0);
  const after = split(region).region;
  assertEquals(strayEdges(after), 0);
  assertEquals(after.blocks.length, before + 1);
});

Deno.test("a loop with two entries counts the same from either, compiled", () => {
  for (const first of [0, 1]) {
    const { cpu, space, context } = guest([jal(1, 8), EBREAK, ...LOOP], { tier: "compiler" });
    for (let round = 0; round < 5; round++) {
      context.pc = CODE;
      context.set(5, 1000);
      context.set(10, first);
      context.set(11, 0);
      context.set(12, 0);
      assertEquals(cpu.run(context, space, 1e6), StopReason.BREAKPOINT);
      assertEquals([context.get(11), context.get(12)], [1000 - first, 1000]);
    }
  }
});
