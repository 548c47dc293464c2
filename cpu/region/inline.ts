/**
 * Puts copies of short functions where they are called, so that calling them is a jump and coming
 * back is another, with all registers where they are.
 *
 * @module
 */
import { Flow, type Isa } from "../isa.ts";
import { type Block, type CodeSource, type Region, RegionReader } from "./region.ts";

/** Instructions of a function that is copied, at most. */
const FUNCTION_MAX = 80;
/** How deep functions are copied into copies. */
const DEPTH_MAX = 3;

/** The same region with short functions in it that are called often, of so many instructions at most. */
export function inline(plain: Region, isa: Isa, source: CodeSource, most: number): Region {
  const blocks = [...plain.blocks];
  const instructions = new Map(plain.instructions);
  let left = most;
  let calls = blocks.filter(isDirectCall);
  for (let depth = 0; depth < DEPTH_MAX && calls.length > 0; depth++) {
    const deeper: Block[] = [];
    for (const call of calls) {
      const callee = read(call, isa, source);
      if (callee === null || callee.instructions.size > left) continue;
      left -= callee.instructions.size;
      lead(call, callee);
      blocks.push(...callee.blocks);
      for (const [address, one] of callee.instructions) instructions.set(address, one);
      deeper.push(...callee.blocks.filter(isDirectCall));
    }
    calls = deeper;
  }
  blocks.forEach((block, index) => block.index = index);
  return { ...plain, blocks, instructions };
}

function isDirectCall({ flow }: Block): boolean {
  return flow === Flow.CALL;
}

/** The function that a block calls, if it is worth copying. */
function read(call: Block, isa: Isa, source: CodeSource): Region | null {
  const { address, instruction } = call.body.at(-1)!;
  const target = address + instruction.imm;
  if (!source.isCompiled(target)) return null;
  const callee = new RegionReader(isa, source).read(target, FUNCTION_MAX);
  if (callee === null || callee.instructions.size >= FUNCTION_MAX) return null;
  const returns = callee.blocks.some(({ flow }) => flow === Flow.RETURN);
  const strays = callee.blocks.some(({ flow, exit, address }) =>
    flow === Flow.INDIRECT || flow === Flow.TAIL || (exit && source.isReached(address))
  );
  return returns && !strays ? callee : null;
}

/** Let a call lead to its own copy, and the copy's returns behind the call. */
function lead(call: Block, callee: Region): void {
  const next = call.successors[0]!;
  call.flow = Flow.JUMP;
  call.successors[0] = callee.blocks[0]!;
  for (const block of callee.blocks) {
    if (block.flow === Flow.RETURN) block.successors.push(next);
  }
}
