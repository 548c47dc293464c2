/**
 * The arena: files, good and bad, before every model of loading, and what each makes of them.
 *
 * A judge keeps its machine from file to file, so that a thousand files take seconds.
 *
 * @module
 */
import { codeOf, signalOf } from "../../kernel/linux/exit_status.ts";
import { SELF_PATH } from "../../guests/malformed.ts";
import { TaskReturnCode } from "../../kernel/abi.ts";
import { errnoName } from "../../kernel/linux/errno.ts";
import { signalName } from "../../kernel/linux/signal/signal.ts";
import type { HostFiles } from "../../kernel/ports.ts";
import type { BootFiles } from "../../loader/zircon/bootfs.ts";
import { errorName } from "../../kernel/rtsmart/error.ts";
import type { Generation } from "../../kernel/rtsmart/loader.ts";
import { LinuxMachine } from "../machine/linux_machine.ts";
import { MODEL_NAMES } from "./models.ts";
import type { Outcome, Payer } from "./report.ts";
import { Machine } from "../machine/machine.ts";
import type { TalkingMachine } from "../telling/refusals.ts";
import { RtSmartMachine } from "../machine/rtsmart_machine.ts";

/** What a model makes of a file. */
export interface Verdict {
  /** What becomes of it. */
  readonly outcome: Outcome;
  /** What is said about it. */
  readonly text: string;
  /** Who pays. */
  readonly paid: Payer;
}

/** What judges need besides the files. */
export interface ArenaFiles {
  /** Libraries for Zircon, below `lib/`. */
  readonly zircon: BootFiles;
  /** Libraries for Linux, below `lib/`. */
  readonly linux: BootFiles;
  /** Libraries for RT-Smart, below `lib/`. */
  readonly rtsmart: BootFiles;
  /** The program that loads another one over itself. */
  readonly loader: Uint8Array;
  /** Files of the host that Linux sees, where there are any. */
  readonly host?: HostFiles;
  /** Told of each machine that files are tried on. */
  readonly watch?: (machine: TalkingMachine) => void;
  /** How long a program may run, in nanoseconds of its own time: a millisecond unless told. */
  readonly time?: number;
}

/** Judges one file after another. */
export type Judge = (file: Uint8Array) => Verdict;

/** How long a program may run unless told. */
const TIME = 1_000_000;
const MILLISECOND = 1_000_000;
/** After so many files a judge takes a new machine. */
const FILES_MAX = 250;
const MEMORY = 64 << 20;
const LOADER = "/bin/userland_exec";

/** The models of the arena, in the order that they are shown. */
export const ARENA_MODELS: readonly string[] = [
  "zircon",
  "linux",
  "zcore",
  ...MODEL_NAMES.filter((name) => name !== "zircon" && name !== "linux"),
];

/** The judge for a model. */
export function judgeFor(model: string, files: ArenaFiles): Judge {
  if (model === "zircon") return zirconJudge(files);
  if (model === "linux") return linuxJudge(files, {});
  if (model === "zcore") return linuxJudge(files, { faithful: "zcore" });
  if (model === "userland-exec") return userlandJudge(files);
  return rtsmartJudge(files, model === "rtsmart-a" ? "A" : "B");
}

function zirconJudge({ zircon, time = TIME, watch }: ArenaFiles): Judge {
  const machines = new Series(() => {
    const machine = new Machine({ memoryBytes: MEMORY });
    watch?.(machine);
    machine.open(zircon);
    machine.run();
    return machine;
  });
  return (file) => {
    const machine = machines.next();
    const program = machine.launch({ file, args: ["program"] });
    if ("reason" in program) {
      return { outcome: "refused", text: program.reason, paid: "launcher" };
    }
    using running = program;
    const code = running.wait({ until: machine.kernel.realm.now + time });
    if (code === undefined) return endless(time, "nobody");
    if (code !== TaskReturnCode.EXCEPTION_KILL) {
      return { outcome: "runs", text: `ends with ${code}`, paid: "nobody" };
    }
    return { outcome: "killed", text: "an exception in the new process", paid: "nobody" };
  };
}

function linuxJudge(files: ArenaFiles, options: { faithful?: "zcore" }): Judge {
  const machines = new Series(() => linuxMachine(files, options));
  return (file) => {
    const machine = machines.next();
    machine.put(SELF_PATH, file);
    const group = machine.start({ path: SELF_PATH });
    const { panicked } = machine.linux;
    if (panicked !== null) {
      machines.renew();
      return { outcome: "panics", text: panicked, paid: "kernel" };
    }
    if (typeof group === "number") {
      return { outcome: "refused", text: errnoName(group), paid: "kernel" };
    }
    const isEarly = group.ended;
    return ended(machine, group, { isEarly, time: files.time ?? TIME });
  };
}

function userlandJudge(files: ArenaFiles): Judge {
  let said = "";
  const stdout = (bytes: Uint8Array) => void (said += String.fromCharCode(...bytes));
  const machines = new Series(() => {
    const machine = linuxMachine(files, { stdout });
    machine.put(LOADER, files.loader);
    return machine;
  });
  return (file) => {
    said = "";
    const machine = machines.next();
    machine.put(SELF_PATH, file);
    const group = machine.start({ path: LOADER, args: [LOADER, SELF_PATH] });
    if (typeof group === "number") throw new Error("the loader itself can be executed");
    const verdict = ended(machine, group, { isEarly: false, time: files.time ?? TIME });
    const [, reason] = /^userland_exec: (.*)/.exec(said) ?? [];
    return reason ? { outcome: "refused", text: reason, paid: "caller" } : verdict;
  };
}

function rtsmartJudge({ rtsmart, time = TIME }: ArenaFiles, generation: Generation): Judge {
  const machines = new Series(() => {
    const machine = new RtSmartMachine({ memoryBytes: MEMORY, generation });
    for (const [name, bytes] of Object.entries(rtsmart)) machine.put(`/${name}`, bytes);
    return machine;
  });
  return (file) => {
    const machine = machines.next();
    machine.put(SELF_PATH, file);
    const lwp = machine.start({ path: SELF_PATH });
    if (typeof lwp !== "number") machine.run(lwp, machine.kernel.realm.now + time);
    const { panicked } = machine;
    if (panicked !== null) {
      machines.renew();
      return { outcome: "panics", text: `the kernel hangs: ${panicked}`, paid: "kernel" };
    }
    if (typeof lwp === "number") {
      return { outcome: "refused", text: errorName(lwp), paid: "kernel" };
    }
    if (!lwp.ended) {
      lwp.exitGroup(0);
      return endless(time, "nobody");
    }
    const { status } = lwp;
    // A fault ends a process as if it had ended itself, with -1.
    if (status === 0xff00) return { outcome: "killed", text: "ends with 255", paid: "nobody" };
    return { outcome: "runs", text: `ends with ${status >> 8}`, paid: "nobody" };
  };
}

type Started = Exclude<ReturnType<LinuxMachine["start"]>, number>;

/** How a process ended, that was a program's before or is a new one's. */
function ended(
  machine: LinuxMachine,
  group: Started,
  { isEarly, time }: { readonly isEarly: boolean; readonly time: number },
): Verdict {
  machine.run(group, machine.kernel.realm.now + time);
  const isEndless = !group.ended;
  if (isEndless) group.exit(0);
  const { exitStatus } = group;
  machine.linux.forget(group);
  if (isEndless) return endless(time, "caller");
  const signal = signalOf(exitStatus);
  if (signal === 0) {
    return { outcome: "runs", text: `ends with ${codeOf(exitStatus)}`, paid: "nobody" };
  }
  const where = isEarly ? "behind the point of no return" : "at its own instruction";
  return { outcome: "killed", text: `${signalName(signal)} ${where}`, paid: "caller" };
}

function linuxMachine(
  { linux, host, watch }: ArenaFiles,
  options: ConstructorParameters<typeof LinuxMachine>[0],
): LinuxMachine {
  const mounts = host ? { "/": host } : {};
  const machine = new LinuxMachine({ ...options, mounts, memoryBytes: MEMORY });
  watch?.(machine);
  for (const [name, bytes] of Object.entries(linux)) machine.put(`/${name}`, bytes);
  machine.endInput();
  return machine;
}

function endless(time: number, paid: Payer): Verdict {
  return { outcome: "endless", text: `still runs after ${time / MILLISECOND} ms`, paid };
}

/** Machines, one for so many files. */
class Series<T> {
  readonly #make: () => T;
  #machine: T;
  #used = 0;

  constructor(make: () => T) {
    this.#make = make;
    this.#machine = make();
  }

  next(): T {
    if (this.#used === FILES_MAX) this.renew();
    this.#used++;
    return this.#machine;
  }

  renew(): void {
    this.#machine = this.#make();
    this.#used = 0;
  }
}
