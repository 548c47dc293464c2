/**
 * Loading a program in each of the models, with its report.
 *
 * @module
 */
import { signalOf } from "../../kernel/linux/exit_status.ts";
import { errnoName } from "../../kernel/linux/errno.ts";
import type { Group } from "../../kernel/linux/group.ts";
import { signalName } from "../../kernel/linux/signal/signal.ts";
import { graphBelow, reachIn } from "../authority/authority_moment.ts";
import { LinuxMachine } from "../machine/linux_machine.ts";
import { Camera } from "./photograph.ts";
import { LoadRecorder } from "./recorder.ts";
import { ENDLESS, type Loaded, type LoadRequest, type Reachable } from "./request.ts";
import { exceptionText } from "./report.ts";
import { loadRtSmart, loadRtSmartA } from "./rtsmart.ts";
import { Machine } from "../machine/machine.ts";
import { ScenarioError } from "../scenario_error.ts";

/** A way of loading. */
export type LoadModel = (request: LoadRequest) => Loaded;

/** Load a program over the launcher: parsed and mapped by a process that only holds handles. */
export function loadZircon(request: LoadRequest): Loaded {
  const { file, args, environ = [], libraries, timeout, clock, wantsReach } = request;
  const machine = new Machine();
  const camera = new Camera(machine.kernel);
  let reach: readonly Reachable[] = [];
  const recorder = new LoadRecorder((process, thread) => {
    camera.take(process, thread);
    if (wantsReach) reach = reachIn(graphBelow(machine.kernel.rootJob), process);
  });
  machine.listen((event) => recorder.hear(event));
  machine.open(libraries);
  machine.run();
  recorder.begin();
  const began = clock();
  const program = machine.launch({ file, args, environ });
  if ("reason" in program) return nothing(program.reason);
  using running = program;
  const code = running.wait({ until: machine.kernel.realm.now + timeout });
  const report = recorder.report({ model: "zircon", hostMs: clock() - began });
  const crash = report?.exception
    ? `it met an exception that nobody handled, ${exceptionText(report.exception)}`
    : "";
  const { photograph } = camera;
  const reason = code === undefined ? ENDLESS : crash;
  return { report, output: running.output, reason, photograph, reach };
}

/** Load a program with `execve`: parsed and mapped by the kernel, found by its path. */
export function loadLinux(request: LoadRequest): Loaded {
  return runLinux({ ...request, model: "linux", loaderName: "", words: [pathOf(request)] });
}

/** Load a program by another one that is there already: all by calls that any program may make. */
export function loadUserlandExec(request: LoadRequest): Loaded {
  if (!request.loader) return nothing("there is no userland_exec");
  const loaderName = "userland_exec";
  const words = [LOADER, "-a", request.args[0]!, pathOf(request)];
  const loaded = runLinux({ ...request, model: "userland-exec", loaderName, words });
  // Before the program began it was its loader who ended, and said why.
  if (loaded.report) return loaded;
  const said = loaded.output.trim().replace(/^userland_exec: /, "");
  return nothing(said || loaded.reason);
}

/** A run on a machine with Linux. */
interface LinuxRun extends LoadRequest {
  readonly model: string;
  /** Who loads it, where that is a program; empty where it is the kernel. */
  readonly loaderName: string;
  /** What is executed, and its words before the program's own. */
  readonly words: readonly string[];
}

function runLinux(run: LinuxRun): Loaded {
  const { file, args, environ = [], timeout, clock, words, model, loaderName } = run;
  let output = "";
  const decoder = new TextDecoder();
  const stdout = (bytes: Uint8Array) => void (output += decoder.decode(bytes, { stream: true }));
  const machine = new LinuxMachine({ stdout, mounts: run.host ? { "/": run.host } : {} });
  for (const [name, bytes] of Object.entries(run.libraries)) machine.put(`/${name}`, bytes);
  machine.put(pathOf(run), file);
  if (run.loader) machine.put(LOADER, run.loader);
  machine.endInput();
  const camera = new Camera(machine.kernel);
  let reach: readonly Reachable[] = [];
  const recorder = new LoadRecorder((process, thread) => {
    camera.take(process, thread);
    if (run.wantsReach) reach = machine.reachOf(process);
  }, loaderName);
  machine.listen((event) => recorder.hear(event));
  // Where the kernel loads, the load begins at once; a loader of its own begins it when it runs.
  if (loaderName === "") recorder.begin();
  const began = clock();
  const [path] = words;
  const group = machine.start({
    path: path!,
    args: words.length > 1 ? [...words, ...args.slice(1)] : args,
    environment: environ,
  });
  if (typeof group === "number") {
    return nothing(`execve answers ${errnoName(group)}`);
  }
  machine.run(group, machine.kernel.realm.now + timeout);
  const report = recorder.report({ model, hostMs: clock() - began });
  const { photograph } = camera;
  return { report, output, reason: endOf(group), photograph, reach };
}

function nothing(reason: string): Loaded {
  return { report: null, output: "", reason, photograph: null };
}

/** Why a process did not end as a program does; empty if it did. */
function endOf(group: Group): string {
  if (!group.ended) return ENDLESS;
  const signal = signalOf(group.exitStatus);
  return signal === 0 ? "" : `it was ended by ${signalName(signal)}`;
}

function pathOf({ args }: LoadRequest): string {
  return args[0]!.startsWith("/") ? args[0]! : `/tmp/${args[0]}`;
}

const LOADER = "/bin/userland_exec";

/** The name of a model; of RT-Smart there are two, the later loader and that of the first years. */
export type LoadModelName = "zircon" | "linux" | "rtsmart" | "rtsmart-a" | "userland-exec";

/** Every model, by name. */
export const LOAD_MODELS: Readonly<Record<LoadModelName, LoadModel>> = {
  zircon: loadZircon,
  linux: loadLinux,
  rtsmart: loadRtSmart,
  "rtsmart-a": loadRtSmartA,
  "userland-exec": loadUserlandExec,
};

/** The names of all models. */
export const MODEL_NAMES: readonly LoadModelName[] = Object.keys(LOAD_MODELS) as LoadModelName[];

/** The model of a name, which who does not check types may have misspelled. */
export function modelNamed(name: string): LoadModel {
  if (isModelName(name)) return LOAD_MODELS[name];
  throw new ScenarioError(`there is no load model ${name}; there is ${MODEL_NAMES.join(", ")}`);
}

/** Whether there is a model of this name. */
export function isModelName(name: string): name is LoadModelName {
  return Object.hasOwn(LOAD_MODELS, name);
}
