/**
 * What lies on the stack at the entry, for `prog 123` with HOME and PATH?
 *
 * @module
 */
import type { BootMessage } from "../../lab/load/report.ts";
import { print } from "../command.ts";
import { type StackPiece, stackPieces } from "./stack_image.ts";
import { hex, question, titleOf, witnesses } from "./witness.ts";

/** What lies on a stack. */
export interface StackAtEntry {
  /** The model. */
  readonly title: string;
  /** The stack pointer. */
  readonly pointer: number;
  /** What lies there, lowest first. */
  readonly pieces: readonly StackPiece[];
  /** The message that has the words where the stack has not. */
  readonly message: BootMessage | null;
}

/** What lies on the stack in every model. */
export function stacksAtEntry(): StackAtEntry[] {
  return witnesses().map((witness) => ({
    title: titleOf(witness),
    pointer: witness.report.start.stack,
    pieces: stackPieces(witness.photograph),
    message: witness.report.message,
  }));
}

/** Draw it, the highest address first. */
export default question(
  "stack_at_entry",
  "What lies on the stack at the entry, for `prog 123` with HOME and PATH?",
  () => {
    for (const { title, pointer, pieces, message } of stacksAtEntry()) {
      print(`\n${title}`);
      if (message) {
        const words = [...message.args, ...message.environ].join(", ");
        print(`  nothing: sp ${hex(pointer)} is where the stack ends, and has no page yet.`);
        print(`  The words wait in the message of a channel: ${words}`);
        continue;
      }
      for (const line of drawing(pieces, pointer)) print(`  ${line}`);
    }
  },
);

function drawing(pieces: readonly StackPiece[], pointer: number): string[] {
  const width = Math.max(...pieces.map(({ value }) => value.length));
  const edge = `${" ".repeat(12)}+${"-".repeat(width + 2)}+`;
  const rows = pieces.toReversed().map(({ address, value, meaning }) => {
    const mark = address === pointer ? "  <- sp" : "";
    return `${hex(address).padStart(11)} | ${value.padEnd(width)} | ${meaning}${mark}`;
  });
  return [edge, ...rows, edge];
}
