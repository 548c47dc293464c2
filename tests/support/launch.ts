/**
 * A machine whose first process brings up the services and then asks the launcher for what a test
 * wants.
 *
 * @module
 */
import { failed } from "../../kernel/abi.ts";
import { type Operation, zx } from "../../kernel/client.ts";
import { Machine, type MachineOptions } from "../../lab/mod.ts";
import type { ScriptMain } from "../../kernel/task/script_entries.ts";
import type { BootFiles } from "../../loader/zircon/bootfs.ts";
import { type LaunchRequest, requestLaunch } from "../../loader/zircon/launcher.ts";
import { isRefusal, type Refusal } from "../../loader/zircon/refusal.ts";
import { exitCode, type Home, settle, startServices } from "../../loader/zircon/userboot.ts";

/** The first process, once its services run. */
export class Boot {
  /** What the kernel gave it. */
  readonly home: Home;
  /** A channel to the launcher. */
  readonly launcher: number;

  constructor(home: Home, launcher: number) {
    this.home = home;
    this.launcher = launcher;
  }

  /** A memory object with these bytes that may be executed. */
  *executable(file: Uint8Array): Operation<number> {
    const made = yield* zx.vmoCreate({ size: file.length });
    if (failed(made)) throw new Error(`no memory for a file of ${file.length} bytes`);
    yield* zx.vmoWrite({ handle: made.out, buffer: file, offset: 0 });
    const marked = yield* zx.vmoReplaceAsExecutable({ handle: made.out, vmex: this.home.vmex });
    if (failed(marked)) throw new Error("the file cannot be made executable");
    return marked.out;
  }

  /** Ask the launcher; answers the process or why there is none. */
  *launch(request: LaunchRequest): Operation<number | Refusal> {
    return yield* requestLaunch(this.launcher, request);
  }

  /** Launch and wait for the end; answers the exit code or why there is none. */
  *run(request: LaunchRequest): Operation<number | Refusal> {
    const process = yield* this.launch(request);
    if (isRefusal(process)) return process;
    const code = yield* exitCode(process);
    yield* zx.handleClose({ handle: process });
    return code;
  }
}

/** Boot a machine, let the test's body run in its first process, and answer what it found. */
export function withLauncher<T>(
  body: (boot: Boot, machine: Machine) => Operation<T>,
  files: BootFiles = {},
  options: MachineOptions & { readonly scripts?: Readonly<Record<string, ScriptMain>> } = {},
): T {
  const found: T[] = [];
  const machine = new Machine(options);
  const scripts = Object.entries(options.scripts ?? {}).map(([name, main]) =>
    [name, machine.script(main)] as const
  );
  machine.boot({
    files: { ...files, ...Object.fromEntries(scripts) },
    args: [],
    *main(bootstrap) {
      const home = yield* settle(bootstrap);
      if (typeof home === "string") throw new Error(home);
      const services = yield* startServices(home);
      if (isRefusal(services)) throw new Error(services.reason);
      found.push(yield* body(new Boot(home, services.launcher), machine));
    },
  });
  machine.run();
  if (found.length === 0) throw new Error("the first process did not come to its end");
  return found[0]!;
}
