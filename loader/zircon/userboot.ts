/**
 * Userboot: the first process, started by the kernel with everything there is, to give it away.
 *
 * It starts the loader service and the launcher with just what each needs, asks the launcher for the
 * first program, waits for its end, and ends with the same code.
 *
 * @module
 */
import {
  decodeInfo,
  failed,
  FD_FOR_STDIO,
  InfoTopic,
  Pa,
  paHandle,
  type ProcessArgs,
  Right,
  Signal,
  Status,
} from "../../kernel/abi.ts";
import { type Operation, type Program, zx } from "../../kernel/client.ts";
import { type ElfFile, readElf } from "./elf_mapper.ts";
import { openBootfs, openFile } from "./bootfs.ts";
import { requestLaunch } from "./launcher.ts";
import { buildProcess, type StartupHandle } from "./process_builder.ts";
import { isRefusal, Refusal } from "./refusal.ts";
import { readStartup } from "./startup.ts";

/** What the first process was given. */
export interface Home {
  /** The root job. */
  readonly job: number;
  /** The vDSO that processes are to be given. */
  readonly vdso: ElfFile;
  /** The boot image. */
  readonly image: number;
  /** The resource that allows memory to be made executable, among other things. */
  readonly vmex: number;
  /** The debug log. */
  readonly log: number;
  /** The command line and environment of the first program. */
  readonly args: ProcessArgs;
  /** Something more that only some first processes are given; 0 where it was not. */
  readonly extra: number;
}

/** What there is once the services run. */
export interface Services {
  /** A channel to the launcher. */
  readonly launcher: number;
}

/** The loader hands out parts of the image to be mapped and named, and never changes it. */
const IMAGE_RIGHTS = Right.READ | Right.MAP | Right.DUPLICATE | Right.TRANSFER |
  Right.GET_PROPERTY | Right.SET_PROPERTY;

/** Userboot's program. */
export function* userboot(bootstrap: number): Program {
  const home = yield* settle(bootstrap);
  if (typeof home === "string") return yield* fail(0, home);
  const code = yield* boot(home);
  if (isRefusal(code)) return yield* fail(home.log, code.reason);
  yield* zx.processExit({ code });
}

/** Take in what the kernel gave; or the sentence that says what is wrong with it. */
export function* settle(bootstrap: number): Operation<Home | string> {
  const startup = yield* readStartup(bootstrap);
  if (typeof startup === "string") return startup;
  const vdso = yield* readElf(startup.take(Pa.VMO_VDSO), "vdso");
  if (isRefusal(vdso)) return vdso.reason;
  return {
    job: startup.take(Pa.JOB_DEFAULT),
    vdso,
    image: startup.take(Pa.VMO_BOOTFS),
    vmex: startup.take(Pa.SYSTEM_RESOURCE),
    log: startup.take(paHandle(Pa.FD, FD_FOR_STDIO)),
    args: startup.args,
    extra: startup.take(Pa.USER0),
  };
}

/** Start the first program; answers its exit code. */
function* boot(home: Home): Operation<number | Refusal> {
  const services = yield* startServices(home);
  if (isRefusal(services)) return services;
  const log = yield* copy(home.log, Right.SAME_RIGHTS);
  if (isRefusal(log)) return log;
  const process = yield* requestLaunch(services.launcher, {
    args: home.args.args,
    environ: home.args.environ,
    handles: [{ info: paHandle(Pa.FD, FD_FOR_STDIO), handle: log }],
  });
  return isRefusal(process) ? process : yield* exitCode(process);
}

/** Start the loader service and the launcher, each with what it needs and no more. */
export function* startServices(home: Home): Operation<Services | Refusal> {
  const loader = yield* startService(home, "svc/loader", [
    [Pa.VMO_BOOTFS, home.image, IMAGE_RIGHTS],
    [Pa.SYSTEM_RESOURCE, home.vmex, Right.SAME_RIGHTS],
  ]);
  if (isRefusal(loader)) return loader;
  const launcher = yield* startService(home, "svc/launcher", [
    [Pa.JOB_DEFAULT, home.job, Right.SAME_RIGHTS],
    [Pa.VMO_VDSO, home.vdso.vmo, Right.SAME_RIGHTS],
    [Pa.LDSVC_LOADER, loader, Right.SAME_RIGHTS],
  ]);
  return isRefusal(launcher) ? launcher : { launcher };
}

/** Start a program of the boot image with some handles; answers the end of a channel to it. */
function* startService(
  home: Home,
  path: string,
  grants: readonly (readonly [info: number, handle: number, rights: number])[],
): Operation<number | Refusal> {
  const executable = yield* open(home, path);
  if (isRefusal(executable)) return executable;
  const channel = yield* zx.channelCreate({});
  if (failed(channel)) return Refusal.call(channel, `a channel to ${path}`);
  const handles: StartupHandle[] = [{ info: Pa.USER0, handle: channel.out1 }];
  for (const [info, handle, rights] of grants) {
    // A channel has one owner: it moves, everything else is copied.
    const granted = info === Pa.LDSVC_LOADER ? handle : yield* copy(handle, rights);
    if (isRefusal(granted)) return granted;
    handles.push({ info, handle: granted });
  }
  const built = yield* buildProcess({
    job: home.job,
    name: path.slice(path.lastIndexOf("/") + 1),
    executable,
    args: [path],
    environ: [],
    names: [],
    handles,
    vdso: home.vdso,
    loader: 0,
  });
  if (isRefusal(built)) return built;
  const { process, thread, rootVmar, entry, stack, bootstrap, vdsoBase } = built;
  const start = { process, thread, entry, stack, arg1: bootstrap, arg2: vdsoBase };
  const status = yield* zx.processStart(start);
  yield* zx.handleCloseMany({ handles: [process, thread, rootVmar] });
  return status === Status.OK ? channel.out0 : Refusal.call(status, `${path} cannot be started`);
}

function* open({ image, vmex }: Home, path: string): Operation<number | Refusal> {
  const files = yield* openBootfs(image);
  if (typeof files === "string") return new Refusal(Status.IO_INVALID, files);
  const file = files.get(path);
  if (!file) return new Refusal(Status.NOT_FOUND, `the boot image has no ${path}`);
  const opened = yield* openFile(image, path, file, vmex);
  return failed(opened) ? Refusal.call(opened, `${path} cannot be opened`) : opened.out;
}

function* copy(handle: number, rights: number): Operation<number | Refusal> {
  const made = yield* zx.handleDuplicate({ handle, rights });
  return failed(made) ? Refusal.call(made, "a handle cannot be copied") : made.out;
}

/** Wait for a process to end; answers its exit code. */
export function* exitCode(process: number): Operation<number | Refusal> {
  yield* zx.objectWaitOne({ handle: process, signals: Signal.TASK_TERMINATED });
  const topic = InfoTopic.PROCESS.number;
  const info = yield* zx.objectGetInfo({ handle: process, topic });
  if (failed(info)) return Refusal.call(info, "the program's exit code");
  return decodeInfo("PROCESS", info.buffer)[0]!.returnCode;
}

/** Say what went wrong where people can read it, and end. */
function* fail(log: number, reason: string): Operation<void> {
  const bytes = new TextEncoder().encode(`userboot: ${reason}\n`);
  if (log !== 0) yield* zx.debuglogWrite({ handle: log, buffer: bytes });
  yield* zx.processExit({ code: 1 });
}
