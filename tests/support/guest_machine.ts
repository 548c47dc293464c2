/**
 * A machine whose boot image holds every guest program, and what a run of some of them shows.
 *
 * @module
 */
import { GUESTS, guestUrl } from "../../guests/built.ts";
import {
  failed,
  FD_FOR_STDIO,
  Pa,
  paHandle,
  PolicyAction,
  type PolicyCondition,
  Right,
} from "../../kernel/abi.ts";
import { type Operation, type Program, zx } from "../../kernel/client.ts";
import { Machine, type MachineOptions } from "../../lab/mod.ts";
import { cloneLauncher, requestLaunch } from "../../loader/zircon/launcher.ts";
import type { StartupHandle } from "../../loader/zircon/process_builder.ts";
import { isRefusal, type Refusal } from "../../loader/zircon/refusal.ts";
import { type Home, type Services, settle, startServices } from "../../loader/zircon/userboot.ts";

/** What a run showed. */
export interface Shown {
  /** What was printed. */
  printed: string;
  /** How each process ended, by name. */
  readonly codes: Map<string, number>;
  /** The types of the exceptions that nobody handled. */
  readonly exceptions: number[];
}

/** What may be chosen about a run. */
export interface RunOptions {
  /** The first program's environment. */
  readonly environ?: readonly string[];
  /** Further files of the boot image; undefined takes one out. */
  readonly files?: Readonly<Record<string, Uint8Array | undefined>>;
  /** When to stop, in nanoseconds of the machine; when nothing can go on, unless told. */
  readonly until?: number;
  /** What may be chosen about the machine. */
  readonly machine?: Omit<MachineOptions, "print">;
}

/** Run one program to its end. */
export function runGuest(args: readonly string[], options: RunOptions = {}): Shown {
  return runScene(undefined, { ...options, args });
}

/** What a scene's script works with: it launches programs and waits for what becomes of them. */
export class Scene {
  /** The machine that it runs on, for a look at the kernel. */
  readonly machine: Machine;
  readonly #home: Home;
  readonly #services: Services;

  constructor(machine: Machine, home: Home, services: Services) {
    this.machine = machine;
    this.#home = home;
    this.#services = services;
  }

  /** Start a program that prints on the debug log, with further handles; answers the process. */
  *launch(
    args: readonly string[],
    given: readonly StartupHandle[] = [],
  ): Operation<number> {
    const process = yield* this.tryLaunch(args, given);
    if (typeof process !== "number") throw new Error(process.reason);
    return process;
  }

  /** The same where it may be refused. */
  *tryLaunch(
    args: readonly string[],
    given: readonly StartupHandle[] = [],
  ): Operation<number | Refusal> {
    const stdio = { info: paHandle(Pa.FD, FD_FOR_STDIO), handle: yield* this.log() };
    const handles = [stdio, ...given];
    return yield* requestLaunch(this.#services.launcher, { args, handles });
  }

  /** One more connection to the launcher. */
  *launcher(): Operation<number> {
    const channel = yield* cloneLauncher(this.#services.launcher);
    if (isRefusal(channel)) throw new Error(channel.reason);
    return channel;
  }

  /** One more handle to the debug log. */
  *log(): Operation<number> {
    const { log: handle } = this.#home;
    const copy = yield* zx.handleDuplicate({ handle, rights: Right.SAME_RIGHTS });
    if (failed(copy)) throw new Error("the debug log can be shared");
    return copy.out;
  }

  /** A job whose processes may not do these things. */
  *jobWithout(...conditions: PolicyCondition[]): Operation<number> {
    const made = yield* zx.jobCreate({ parent: this.#home.job });
    if (failed(made)) throw new Error("a job can be made");
    const policy = conditions.map((condition) => ({ condition, action: PolicyAction.DENY }));
    yield* zx.jobSetPolicy({ job: made.out, policy });
    return made.out;
  }

  /** One more handle to the resource that makes memory executable. */
  *vmex(): Operation<number> {
    const { vmex: handle } = this.#home;
    const copy = yield* zx.handleDuplicate({ handle, rights: Right.SAME_RIGHTS });
    if (failed(copy)) throw new Error("the resource can be shared");
    return copy.out;
  }
}

/** Run a script as the first process, which starts programs as it likes. */
export function runScene(
  script: ((scene: Scene) => Operation<void>) | undefined,
  options: RunOptions & { readonly args?: readonly string[] } = {},
): Shown {
  const shown: Shown = { printed: "", codes: new Map(), exceptions: [] };
  const print = (text: string) => void (shown.printed += text);
  const machine = new Machine({ ...options.machine, print });
  const names = new Map<number, string>();
  machine.listen((event) => {
    if (event.kind === "process-start") names.set(event.process, event.name);
    if (event.kind === "process-exit") shown.codes.set(names.get(event.process)!, event.code);
    if (event.kind === "exception" && event.channel === "unhandled") {
      shown.exceptions.push(event.type);
    }
  });
  machine.boot({
    files: filesWith(options.files ?? {}),
    args: options.args ?? ["bin/none"],
    environ: options.environ ?? [],
    ...(script ? { main: (bootstrap: number) => firstProcess(machine, bootstrap, script) } : {}),
  });
  machine.run(options.until === undefined ? {} : { until: options.until });
  return shown;
}

function* firstProcess(
  machine: Machine,
  bootstrap: number,
  script: (scene: Scene) => Operation<void>,
): Program {
  const home = yield* settle(bootstrap);
  if (typeof home === "string") throw new Error(home);
  const services = yield* startServices(home);
  if (isRefusal(services)) throw new Error(services.reason);
  yield* script(new Scene(machine, home, services));
  yield* zx.processExit({ code: 0 });
}

function filesWith(more: RunOptions["files"]): Record<string, Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  for (const { name, kind } of GUESTS) {
    const isShared = kind === "library" || kind === "linker";
    files[`${isShared ? "lib" : "bin"}/${name}`] = Deno.readFileSync(guestUrl(name));
  }
  for (const [path, bytes] of Object.entries(more ?? {})) {
    if (bytes) files[path] = bytes;
    else delete files[path];
  }
  return files;
}
