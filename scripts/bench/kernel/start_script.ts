/**
 * A script as a process, without any loader.
 *
 * @module
 */
import type { Program } from "../../../kernel/client.ts";
import { invariant } from "../../../kernel/invariant.ts";
import { Process } from "../../../kernel/task/process.ts";
import { Thread } from "../../../kernel/task/thread.ts";
import type { Machine } from "../../../lab/machine/machine.ts";

/** Start a script in the root job; it runs when the machine does. */
export function startScript(
  machine: Machine,
  name: string,
  program: (process: Process) => Program,
): Process {
  const process = Process.create(machine.kernel.rootJob, name);
  invariant(typeof process !== "number", "the root job takes in processes");
  const thread = Thread.create(process, name);
  invariant(typeof thread !== "number", "a new process takes in threads");
  process.begin();
  thread.start({ kind: "script", script: program(process), reply: undefined }, true);
  return process;
}
