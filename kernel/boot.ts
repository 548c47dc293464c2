/**
 * The first process: the only one that no process makes.
 *
 * The kernel makes it in the root job and hands it, in one processargs message, everything that
 * there is to give away. What happens from then on is up to user space.
 *
 * @module
 */
import {
  DEFAULT_RIGHTS,
  encodeProcessArgs,
  failed,
  FD_FOR_STDIO,
  Pa,
  paHandle,
  ResourceKind,
  Right,
  RIGHTS_BASIC,
} from "./abi.ts";
import { invariant } from "./invariant.ts";
import { Channel } from "./ipc/channel.ts";
import { DebugLog } from "./ipc/debug_log.ts";
import { Message } from "./ipc/message.ts";
import { Resource } from "./ipc/resource.ts";
import type { Kernel } from "./kernel.ts";
import { Handle } from "./object/handle.ts";
import type { KernelObject } from "./object/object.ts";
import { Process } from "./task/process.ts";
import type { ScriptMain } from "./task/script_entries.ts";
import { Thread } from "./task/thread.ts";
import { Vmo } from "./vm/vmo.ts";

/** What the first process is started with. */
export interface BootOptions {
  /** Its program. */
  readonly main: ScriptMain;
  /** The boot image's bytes. */
  readonly image: Uint8Array;
  /** The vDSO that processes are to be given; without one, only scripts can run. */
  readonly vdso: Vmo | null;
  /** The command line of the first program that it is to start. */
  readonly args: readonly string[];
  /** That program's environment. */
  readonly environ: readonly string[];
  /** One more object that the first process is to have, as `Pa.USER0`. */
  readonly extra?: KernelObject;
}

/** Start the first process. */
export function bootUserspace(kernel: Kernel, options: BootOptions): Process {
  const { rootJob, realm } = kernel;
  const process = Process.create(rootJob, "userboot");
  invariant(!failed(process), "the root job takes in the first process");
  const thread = Thread.create(process, "main");
  invariant(!failed(thread), "a new process takes in a thread");
  const grants = grantsOf(kernel, options, process, thread);
  const [ours, theirs] = Channel.create(realm);
  const handles = grants.map(([, object, rights]) => new Handle(object, rights));
  const bytes = encodeProcessArgs({
    handleInfo: grants.map(([info]) => info),
    args: options.args,
    environ: options.environ,
    names: [],
  });
  const message = Message.create(realm, bytes, handles);
  invariant(!failed(message), "there is room for the first message");
  const written = new Handle(ours, 0);
  ours.write(message);
  const arg1 = process.giveHandle(theirs, DEFAULT_RIGHTS.channel, "bootstrap");
  written.close();
  process.begin();
  thread.start({ kind: "script", script: options.main(arg1, 0), reply: undefined });
  return process;
}

type Grant = readonly [info: number, object: KernelObject, rights: number];

function grantsOf(
  kernel: Kernel,
  { image, vdso, extra }: BootOptions,
  process: Process,
  thread: Thread,
): Grant[] {
  const { realm, rootJob, system } = kernel;
  const grants: Grant[] = [
    [Pa.PROC_SELF, process, DEFAULT_RIGHTS.process],
    [Pa.VMAR_ROOT, process.space.root, DEFAULT_RIGHTS.rootVmar],
    [Pa.THREAD_SELF, thread, DEFAULT_RIGHTS.thread],
    [Pa.JOB_DEFAULT, rootJob, DEFAULT_RIGHTS.job],
    [Pa.MMIO_RESOURCE, rootResource(kernel, ResourceKind.MMIO, 2 ** 52), DEFAULT_RIGHTS.resource],
    [Pa.IRQ_RESOURCE, rootResource(kernel, ResourceKind.IRQ, 1024), DEFAULT_RIGHTS.resource],
    [Pa.SYSTEM_RESOURCE, rootResource(kernel, ResourceKind.SYSTEM, 16), DEFAULT_RIGHTS.resource],
    [Pa.VMO_BOOTFS, imageVmo(kernel, image), DEFAULT_RIGHTS.vmo],
  ];
  if (vdso) grants.push([Pa.VMO_VDSO, vdso, VDSO_RIGHTS]);
  if (extra) grants.push([Pa.USER0, extra, RIGHTS_BASIC | Right.SIGNAL]);
  const log = new DebugLog(realm, system.debugLog, false);
  grants.push([paHandle(Pa.FD, FD_FOR_STDIO), log, DEFAULT_RIGHTS.debugLog]);
  return grants;
}

const VDSO_RIGHTS = (DEFAULT_RIGHTS.vmo & ~(Right.WRITE | Right.SET_PROPERTY)) | Right.EXECUTE;

function rootResource({ realm, system }: Kernel, kind: number, size: number): Resource {
  return Resource.root(realm, system.resources, kind, size);
}

function imageVmo({ realm }: Kernel, image: Uint8Array): Vmo {
  const vmo = Vmo.create(realm, image.length);
  invariant(typeof vmo !== "number", "the boot image is no larger than a memory object can be");
  const status = vmo.write(0, image);
  invariant(status === 0, "the machine has memory for its boot image");
  vmo.name = "bootfs";
  return vmo;
}
