/**
 * The microkernel way to run a program: userboot starts a launcher, and the launcher the program.
 *
 * @module
 */
import { Machine } from "../../lab/machine.ts";
import { CommandError } from "../command.ts";
import { type ExecRequest, exitCodeOf } from "../exec.ts";

/** Run a program under the Zircon personality; answers its exit code. */
export function execZircon({ image, args, seed, file }: ExecRequest): number {
  const machine = new Machine({ seed, print: (text) => writeOut(text) });
  const process = machine.boot({ files: { [args[0]!]: image }, args });
  process.hold();
  const end = machine.run();
  if (process.state !== "dead") {
    throw new CommandError(
      `${file} waits for something that never comes (the machine is ${end})`,
      1,
    );
  }
  return exitCodeOf(process.returnCode);
}

function writeOut(text: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(text));
}
