/**
 * A small tree of tasks for tests that look at tasks: a job with jobs, processes and threads in it,
 * and a process that looks, with one page of memory to be told in.
 *
 * @module
 */
import { VmOption } from "../../kernel/abi.ts";
import type { Operation } from "../../kernel/client.ts";
import { failed, invariant, type KernelObject } from "../../kernel/mod.ts";
import type { Job } from "../../kernel/task/job.ts";
import { Process } from "../../kernel/task/process.ts";
import { Thread } from "../../kernel/task/thread.ts";
import type { Vmar } from "../../kernel/vm/vmar.ts";
import { Vmo } from "../../kernel/vm/vmo.ts";
import { ScriptKernel } from "./scripts.ts";

/** How many of everything there is. */
export const EACH = 3;

/** Where no process has memory. */
export const NOWHERE = 8;

/** What can be looked at. */
export interface Subjects {
  readonly job: Job;
  readonly process: Process;
  readonly thread: Thread;
  readonly vmar: Vmar;
  readonly vmo: Vmo;
}

/** Who looks, and with what. */
export interface Looker {
  readonly machine: ScriptKernel;
  readonly process: Process;
  readonly subjects: Subjects;
  /** Where one page of memory is, behind which there is none. */
  readonly page: number;
}

/** Make a tree of tasks, and let a process look at it. */
export function looking<T>(body: (looker: Looker) => Operation<T>): T {
  const machine = new ScriptKernel();
  const subjects = makeSubjects(machine);
  return machine.run1((process) => {
    const page = mapPage(process);
    return body({ machine, process, subjects, page });
  });
}

/** Give a process one page of memory; answers its address. */
export function mapPage(process: Process, pages = 1): number {
  const vmo = Vmo.create(process.realm, pages * 4096);
  invariant(!failed(vmo), "there is memory");
  const mapping = process.space.root.map({
    options: VmOption.PERM_READ | VmOption.PERM_WRITE,
    vmo,
    vmoOffset: 0,
    length: pages * 4096,
    accessMax: 3,
  });
  invariant(typeof mapping !== "number", "there is room");
  return mapping.base;
}

function makeSubjects(machine: ScriptKernel): Subjects {
  const job = kept(machine.kernel.rootJob.createJob());
  for (let at = 0; at < EACH; at++) kept(job.createJob());
  const processes = Array.from({ length: EACH }, (_, at) => {
    return kept(Process.create(job, `process ${at}`));
  });
  const process = processes[0]!;
  const threads = Array.from({ length: EACH }, (_, at) => {
    return kept(Thread.create(process, `thread ${at}`));
  });
  for (let at = 0; at < EACH; at++) mapPage(process);
  const vmo = kept(Vmo.create(machine.kernel.realm, 4096));
  for (let at = 0; at < EACH; at++) machine.give(process, vmo, 0);
  return { job, process, thread: threads[0]!, vmar: process.space.root, vmo };
}

function kept<T extends KernelObject>(object: T | number): T {
  invariant(typeof object !== "number", "what the test needs can be made");
  object.hold();
  return object;
}
