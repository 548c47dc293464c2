/**
 * The arguments' block: `argc`, the pointers of arguments and environment, the auxiliary vector, and
 * all texts behind them, in one piece that begins where the stack ends.
 *
 * So a program that looks for its arguments at its stack pointer finds them, as one does that takes
 * the address it is given.
 *
 * @module
 */
import { PAGE_SIZE } from "../../kernel/ports.ts";
import { Errno } from "../../kernel/rtsmart/error.ts";
import type { Generation, Strings } from "../../kernel/rtsmart/loader.ts";
import type { Lwp } from "../../kernel/rtsmart/lwp.ts";
import { zeroEnded } from "../../kernel/rtsmart/text.ts";
import { At, AUX_ITEMS, putAux } from "./aux_vector.ts";

const WORD = 8;

/** `argc`, the zeros behind arguments, environment and vector, and the vector. */
const FIXED_WORDS = 4 + 2 * AUX_ITEMS;

/** How many bytes the later loader's arguments may have. */
const STRINGS_MAX = 1 << 20;

/** How many bytes arguments and environment take with their pointers. */
export function sizeOf({ args, environment }: Strings): number {
  const texts = [...args, ...environment];
  return texts.reduce((sum, one) => sum + one.length + 1 + WORD, 2 * WORD);
}

/** Whether so many arguments are possible: 0, or why not. */
export function checkStrings(generation: Generation, strings: Strings): number {
  const size = sizeOf(strings);
  if (generation === "A") return size > PAGE_SIZE ? Errno.EINVAL : 0;
  return size > STRINGS_MAX ? Errno.ENOMEM : 0;
}

/** Put the arguments into a program (`lwp_argscopy`); answers where its vector is, or an error. */
export function argscopy(generation: Generation, lwp: Lwp, strings: Strings): number {
  const { args, environment } = strings;
  const words = FIXED_WORDS + args.length + environment.length;
  const texts = [...args, ...environment].map(zeroEnded);
  const size = words * WORD + texts.reduce((sum, { length }) => sum + length, 0);
  if (generation === "A" && size > PAGE_SIZE) return Errno.ENOMEM;
  const start = lwp.rtsmart.layout.stackEnd;
  lwp.step("lwp_argscopy", `${args.length} arguments, ${environment.length} of environment`);
  const at = lwp.aspace.map({ address: start, length: size, fixed: true, name: "[args]" });
  if (at < 0) return Errno.ENOMEM;
  const block = layOut(strings, start, words, texts);
  if (lwp.memory.write(start, block) !== 0) return Errno.ENOMEM;
  lwp.copied(block.length, "arguments and environment");
  lwp.step("lwp_args_put", `${block.length} bytes at 0x${start.toString(16)}`);
  const vector = start + WORD * (3 + args.length + environment.length);
  const name = lwp.memory.readU64(start + WORD);
  if (!putAux(lwp, vector, { items: [[At.EXECFN, Math.max(0, name)]] })) return Errno.ENOMEM;
  lwp.image.args = start;
  lwp.image.argsLength = size;
  return vector;
}

/** The bytes of the block; its vector is still zeros. */
function layOut(
  { args }: Strings,
  start: number,
  words: number,
  texts: readonly Uint8Array[],
): Uint8Array {
  const size = words * WORD + texts.reduce((sum, { length }) => sum + length, 0);
  const block = new Uint8Array(size);
  const view = new DataView(block.buffer);
  let text = words * WORD;
  texts.forEach((one, at) => {
    // Behind the arguments' pointers stands a zero.
    const word = 1 + at + (at < args.length ? 0 : 1);
    view.setBigUint64(word * WORD, BigInt(start + text), true);
    block.set(one, text);
    text += one.length;
  });
  view.setUint32(0, args.length, true);
  return block;
}
