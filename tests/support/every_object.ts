/**
 * One object of every type that a system call can demand, by the name of its class.
 *
 * @module
 */
import { ExceptionType, failed, Priority, ProfileFlag, ResourceKind } from "../../kernel/abi.ts";
import { invariant } from "../../kernel/invariant.ts";
import { Channel } from "../../kernel/ipc/channel.ts";
import { Clock } from "../../kernel/ipc/clock.ts";
import { Counter } from "../../kernel/ipc/counter.ts";
import { DebugLog } from "../../kernel/ipc/debug_log.ts";
import { Event } from "../../kernel/ipc/event.ts";
import { Fifo } from "../../kernel/ipc/fifo.ts";
import { Interrupt } from "../../kernel/ipc/interrupt.ts";
import { Port } from "../../kernel/ipc/port.ts";
import { Profile } from "../../kernel/ipc/profile.ts";
import { Resource } from "../../kernel/ipc/resource.ts";
import { Socket } from "../../kernel/ipc/socket.ts";
import { Timer } from "../../kernel/ipc/timer.ts";
import type { Kernel } from "../../kernel/kernel.ts";
import type { KernelObject } from "../../kernel/object/object.ts";
import type { Realm } from "../../kernel/object/realm.ts";
import { Exception, synthetic } from "../../kernel/task/exception.ts";
import { Iob } from "../../kernel/task/iob.ts";
import { IobSharedRegion } from "../../kernel/task/iob_shared_region.ts";
import { Process } from "../../kernel/task/process.ts";
import { Thread } from "../../kernel/task/thread.ts";
import { Pager } from "../../kernel/vm/pager.ts";
import { Stream } from "../../kernel/vm/stream.ts";
import { Vmo } from "../../kernel/vm/vmo.ts";

/** What objects are made for: a process of a machine. */
export interface Maker {
  /** The ground that they stand on. */
  readonly realm: Realm;
  /** The process. */
  readonly process: Process;
  /** The machine. */
  readonly machine: { readonly kernel: Kernel };
}

/** How to make an object for a process of its own. */
const MAKERS: Readonly<Record<string, (program: Maker) => KernelObject>> = {
  KernelObject: ({ realm }) => new Event(realm),
  Channel: ({ realm }) => Channel.create(realm)[0],
  Clock: ({ realm }) => made(Clock.create(realm, 0, 0n)),
  Counter: ({ realm }) => new Counter(realm),
  DebugLog: (program) => new DebugLog(program.realm, program.machine.kernel.system.debugLog, true),
  Event: ({ realm }) => new Event(realm),
  Exception: (program) => {
    const thread = made(Thread.create(program.process, "excepted"));
    return new Exception(thread, synthetic(ExceptionType.GENERAL, 0, 0), () => {});
  },
  Fifo: ({ realm }) => made(Fifo.create(realm, 4, 4))[0],
  Interrupt: ({ realm }) => new Interrupt(realm),
  Iob: ({ realm }) => made(Iob.create(realm, []))[0],
  IobSharedRegion: ({ realm }) => made(IobSharedRegion.create(realm, 8192)),
  Job: (program) => made(program.machine.kernel.rootJob.createJob()),
  Pager: ({ realm }) => new Pager(realm),
  Port: ({ realm }) => new Port(realm, true),
  Process: (program) => made(Process.create(program.machine.kernel.rootJob, "other")),
  Profile: ({ realm }) => made(Profile.create(realm, PROFILE)),
  Resource: (program) => {
    const { realm, machine } = program;
    return Resource.root(realm, machine.kernel.system.resources, ResourceKind.SYSTEM, 16);
  },
  Socket: ({ realm }) => Socket.create(realm)[0],
  Stream: ({ realm }) => {
    const vmo = made(Vmo.create(realm, 4096));
    return new Stream(vmo, { mode: 3, append: false, canResize: false, seek: 0 });
  },
  Task: (program) => made(Process.create(program.machine.kernel.rootJob, "other")),
  TaskGroup: (program) => made(program.machine.kernel.rootJob.createJob()),
  Thread: (program) => made(Thread.create(program.process, "other")),
  Timer: ({ realm }) => new Timer(realm, 0),
  Vmar: (program) => program.process.space.root,
  Vmo: ({ realm }) => made(Vmo.create(realm, 4096)),
};

const PROFILE = {
  flags: ProfileFlag.PRIORITY,
  priority: Priority.DEFAULT,
  capacity: 0n,
  relativeDeadline: 0n,
  period: 0n,
  cpuMask: [],
};

/** The names of the classes. */
export const OBJECT_CLASSES: readonly string[] = Object.keys(MAKERS);

/** An object of the class of this name. */
export function makeObject(name: string, program: Maker): KernelObject {
  const maker = MAKERS[name];
  invariant(maker, `there is a way to make an object of class ${name}`);
  return maker(program);
}

function made<T extends object>(result: T | number): T {
  invariant(!failed(result as never), "what the test needs can be made");
  return result as T;
}
