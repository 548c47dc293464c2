/**
 * A process that asks about objects that it is given.
 *
 * @module
 */
import type { Operation } from "../../kernel/client.ts";
import type { KernelObject } from "../../kernel/object/object.ts";
import type { Realm } from "../../kernel/object/realm.ts";
import type { Process } from "../../kernel/task/process.ts";
import { ScriptKernel } from "./scripts.ts";

/** All rights that there are. */
export const ALL_RIGHTS = 0x1ffffff;

/** Who asks. */
export interface Asker {
  readonly machine: ScriptKernel;
  readonly realm: Realm;
  readonly process: Process;
  /** A handle to the process itself. */
  readonly self: number;
  /** A handle to an object. */
  give(object: KernelObject, rights: number): number;
}

/** Let a process ask. */
export function asking<T>(body: (asker: Asker) => Operation<T>): T {
  const machine = new ScriptKernel();
  return machine.run1((process) => {
    const give = (object: KernelObject, rights: number) => machine.give(process, object, rights);
    const { realm } = machine.kernel;
    return body({ machine, realm, process, give, self: give(process, ALL_RIGHTS) });
  });
}
