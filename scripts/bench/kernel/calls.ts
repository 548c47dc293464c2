/**
 * How many system calls a second: the cheapest there is, from machine code and from a script.
 *
 * @module
 */
import { startBare } from "../../../lab/machine/bare_program.ts";
import { Machine } from "../../../lab/machine/machine.ts";
import { zx } from "../../../kernel/client.ts";
import type { Figure } from "../kernel.ts";
import { timeAlone } from "./alone.ts";
import { startScript } from "./start_script.ts";

const MACHINE_CALLS = 4_000_000;
const SCRIPT_CALLS = 1_000_000;

const CLOSE_NOTHING = `
  _start: li s0, ${MACHINE_CALLS}
  1: li a0, 0
  @zx_handle_close
  addi s0, s0, -1
  bnez s0, 1b
  li a0, 0
  @zx_process_exit
`;

/** Machine code that closes the invalid handle, over and over, on a machine that may be prepared. */
export function nullCalls(prepare?: (machine: Machine) => void): void {
  const machine = new Machine();
  prepare?.(machine);
  startBare(machine, { name: "calls", text: CLOSE_NOTHING });
  machine.run();
}

/** A script that does the same. */
export function nullScriptCalls(): void {
  const machine = new Machine();
  startScript(machine, "calls", function* () {
    for (let at = 0; at < SCRIPT_CALLS; at++) yield* zx.handleClose({ handle: 0 });
  });
  machine.run();
}

/** Closing the invalid handle, over and over. */
export async function callRates(): Promise<Figure[]> {
  const machineTime = await timeAlone("nullCalls");
  const scriptTime = await timeAlone("nullScriptCalls");
  const unit = "calls/s";
  return [
    {
      name: "null call from machine code",
      value: MACHINE_CALLS / machineTime * 1e9,
      unit,
      target: { least: 8_000_000 },
    },
    {
      name: "null call from a script",
      value: SCRIPT_CALLS / scriptTime * 1e9,
      unit,
      target: { least: 1_000_000 },
    },
  ];
}
