/**
 * Who sets the registers and the stack, and to what?
 *
 * @module
 */
import { REGISTER_NAMES } from "../../lab/load/photograph.ts";
import {
  hex,
  lastStep,
  mappingAt,
  printAnswers,
  question,
  titleOf,
  type Witness,
  witnesses,
} from "./witness.ts";

/** What a register is set to. */
export interface RegisterValue {
  /** Its name. */
  readonly name: string;
  /** Its value. */
  readonly value: number;
  /** What that is. */
  readonly meaning: string;
}

/** What a model does. */
export interface Setting {
  /** The model. */
  readonly title: string;
  /** Who sets them. */
  readonly by: string;
  /** The registers that are not zero. */
  readonly registers: readonly RegisterValue[];
  /** Who made the stack, and how. */
  readonly stackBy: string;
  /** How many bytes it has. */
  readonly stackSize: number;
  /** How many bytes lie on it already. */
  readonly onStack: number;
}

const USER_TOP = 2 ** 47;

/** What every model does. */
export function settings(): Setting[] {
  return witnesses().map((witness) => {
    const { report, photograph } = witness;
    const registers = REGISTER_NAMES.map((name, at) => ({
      name,
      value: photograph.registers[at]!,
    })).filter(({ value }) => value !== 0).map((one) => ({
      ...one,
      meaning: meaningOf(witness, one.value),
    }));
    const stack = mappingAt(witness, report.start.stack - 1) ??
      mappingAt(witness, report.start.stack);
    return {
      title: titleOf(witness),
      by: lastStep(witness),
      registers,
      stackBy: `${stack?.who}: ${stack?.how}`,
      stackSize: stack?.length ?? 0,
      onStack: photograph.stack.length,
    };
  });
}

/** Print it. */
export default question(
  "registers_and_stack",
  "Who sets the registers and the stack, and to what?",
  () => {
    const answers = settings().map(({ title, by, registers, stackBy, stackSize, onStack }) => [
      title,
      `set by ${by}; all others are zero`,
      ...registers.map(({ name, value, meaning }) =>
        `  ${name.padEnd(3)} ${hex(value)}  ${meaning}`
      ),
      `a stack of ${stackSize / 1024} KiB, made by ${stackBy}, with ${onStack} bytes on it`,
    ]);
    printAnswers(answers);
  },
);

function meaningOf(witness: Witness, value: number): string {
  const { start, authority } = witness.report;
  if (value === start.entry) return "the first instruction";
  const held = authority.find(({ handle }) => handle === value);
  if (held) return `a handle to the ${held.what}, by ${held.via}`;
  if (value >= USER_TOP) return "an address of the kernel";
  const found = mappingAt(witness, value);
  if (value === start.stack) {
    return found && found.address === value
      ? `the end of the stack, and the beginning of ${found.name}`
      : found
      ? "the stack"
      : "the end of the stack";
  }
  if (found?.address === value) return `where ${found.name} begins`;
  return found ? `inside ${found.name}` : "no address";
}
