/**
 * Which mappings exist after each step of `load_elf_binary`, and of what other models do instead?
 *
 * @module
 */
import { LoadMappings } from "../../lab/load/mappings.ts";
import type { LoadStep, MappingChange } from "../../lab/load/report.ts";
import { Access } from "../../kernel/ports.ts";
import { print } from "../command.ts";
import { hex, question, titleOf, type Witness, witnesses } from "./witness.ts";

/** A step, and what is mapped when it is done. */
export interface StepMappings {
  /** Who did it. */
  readonly who: string;
  /** The step. */
  readonly step: string;
  /** What is mapped in the new program then, lowest first. */
  readonly mappings: readonly string[];
  /** Whether it changed anything. */
  readonly changes: boolean;
}

/** The steps of every model, of a static program and of one with a dynamic linker. */
export function mappingsByStep(): Map<string, StepMappings[]> {
  const all = [...witnesses(), ...witnesses(true)];
  return new Map(all.map((witness) => [titleOf(witness), stepsOf(witness)]));
}

/** Print it: where a step changes nothing, only its name. */
export default question(
  "mappings_by_step",
  "Which mappings exist after each step of load_elf_binary, and elsewhere?",
  () => {
    for (const [title, steps] of mappingsByStep()) {
      print(`\n${title}`);
      let quiet: string[] = [];
      for (const { step, mappings, changes } of steps) {
        if (!changes) {
          quiet.push(step);
          continue;
        }
        if (quiet.length > 0) print(`  ${[...new Set(quiet)].join(", ")}: as before`);
        quiet = [];
        print(`  ${step}`);
        for (const line of mappings) print(`      ${line}`);
      }
      if (quiet.length > 0) print(`  ${[...new Set(quiet)].join(", ")}: as before`);
    }
  },
);

function stepsOf({ report }: Witness): StepMappings[] {
  const memory = new LoadMappings();
  return report.steps.map(({ who, what, changes }: LoadStep) => {
    for (const change of changes) apply(memory, change);
    const mappings = memory.all.map(({ address, length, access, name }) =>
      `${hex(address)}-${hex(address + length)} ${access} ${name}`
    );
    return { who, step: what, mappings, changes: changes.length > 0 };
  });
}

function apply(memory: LoadMappings, { kind, address, length, access, name }: MappingChange): void {
  const end = address + length;
  if (kind === "unmap") memory.remove(address, end);
  else if (kind === "protect") memory.protect(address, end, accessOf(access));
  else memory.add({ address, length, access: accessOf(access), offset: 0 }, { name });
}

function accessOf(letters: string): number {
  return (letters.includes("r") ? Access.READ : 0) | (letters.includes("w") ? Access.WRITE : 0) |
    (letters.includes("x") ? Access.EXECUTE : 0);
}
