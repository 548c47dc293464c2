/**
 * Loading a program in each of the models, with its report.
 *
 * @module
 */
import { errnoName } from "../kernel/linux/errno.ts";
import { LinuxMachine } from "./linux_machine.ts";
import { LoadRecorder } from "./load_recorder.ts";
import type { LoadReport } from "./load_report.ts";
import { Machine } from "./machine.ts";
import type { BootFiles } from "../loader/zircon/bootfs.ts";

/** What to load. */
export interface LoadRequest {
  /** The program's file. */
  readonly file: Uint8Array;
  /** Its arguments, its own name first. */
  readonly args: readonly string[];
  /** Libraries, below `lib/`. */
  readonly libraries: BootFiles;
  /** How much virtual time it may take, in nanoseconds. */
  readonly timeout: number;
  /** A clock outside, in milliseconds. */
  readonly clock: () => number;
}

/** What became of it: what the program printed and the report, or why there is none. */
export interface Loaded {
  /** The report; null if the program never began. */
  readonly report: LoadReport | null;
  /** What it printed. */
  readonly output: string;
  /** Why it did not begin, or did not end; empty if all went well. */
  readonly reason: string;
}

/** Load a program over the launcher: parsed and mapped by a process that only holds handles. */
export function loadZircon({ file, args, libraries, timeout, clock }: LoadRequest): Loaded {
  const machine = new Machine();
  const recorder = new LoadRecorder();
  machine.listen((event) => recorder.hear(event));
  machine.open(libraries);
  machine.run();
  recorder.begin();
  const began = clock();
  const program = machine.launch({ file, args });
  if ("reason" in program) return { report: null, output: "", reason: program.reason };
  using running = program;
  const code = running.wait({ until: machine.kernel.realm.now + timeout });
  const report = recorder.report({ model: "zircon", hostMs: clock() - began });
  return { report, output: running.output, reason: code === undefined ? ENDLESS : "" };
}

/** Load a program with `execve`: parsed and mapped by the kernel, found by its path. */
export function loadLinux({ file, args, timeout, clock }: LoadRequest): Loaded {
  let output = "";
  const decoder = new TextDecoder();
  const stdout = (bytes: Uint8Array) => void (output += decoder.decode(bytes, { stream: true }));
  const machine = new LinuxMachine({ stdout });
  const path = `/tmp/${args[0]}`;
  machine.put(path, file);
  machine.endInput();
  const recorder = new LoadRecorder();
  machine.listen((event) => recorder.hear(event));
  recorder.begin();
  const began = clock();
  const group = machine.start({ path, args });
  if (typeof group === "number") {
    const reason = `execve answers ${errnoName(group)}`;
    return { report: null, output, reason };
  }
  machine.run(group, machine.kernel.realm.now + timeout);
  const report = recorder.report({ model: "linux", hostMs: clock() - began });
  return { report, output, reason: group.ended ? "" : ENDLESS };
}

const ENDLESS = "it did not end in the time it had";

/** Every model, by name. */
export const LOAD_MODELS: Readonly<Record<string, (request: LoadRequest) => Loaded>> = {
  zircon: loadZircon,
  linux: loadLinux,
};
