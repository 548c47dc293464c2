/**
 * An attack on the kernel by a script: whatever it does, the books balance after each call, nothing is
 * thrown, and once it is killed nothing of it is left.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { DEFAULT_RIGHTS } from "../../kernel/abi.ts";
import type { Operation, Program } from "../../kernel/client.ts";
import { failed, invariant, type KernelObject } from "../../kernel/mod.ts";
import type { Job } from "../../kernel/task/job.ts";
import type { Process } from "../../kernel/task/process.ts";
import { Audit } from "./audit.ts";
import { ScriptKernel } from "./scripts.ts";

/** How an attack is made. */
export interface AttackOptions {
  /** How much memory there is, in frames. */
  readonly frames?: number;
  /** The time at which whoever is left is killed. */
  readonly until?: number;
  /** How many channels are left that wait in a circle, where nobody can reach them: as in Zircon. */
  readonly cycles?: number;
}

/** Who attacks, and with what: handles to a job, to itself and to its addresses. */
export class Attacker {
  readonly machine: ScriptKernel;
  readonly process: Process;
  readonly job: Job;
  readonly jobHandle: number;
  readonly self: number;
  readonly root: number;

  constructor(machine: ScriptKernel, process: Process, job: Job) {
    this.machine = machine;
    this.process = process;
    this.job = job;
    this.jobHandle = this.take(job, DEFAULT_RIGHTS.job);
    this.self = this.take(process, DEFAULT_RIGHTS.process);
    this.root = this.take(process.space.root, DEFAULT_RIGHTS.rootVmar);
  }

  /** A handle to an object. */
  take(object: KernelObject, rights: number): number {
    return this.machine.give(this.process, object, rights);
  }

  /** Another process in the job, and a handle to it. */
  spawn(program: (process: Process) => Program): { process: Process; handle: number } {
    const process = this.machine.spawn("accomplice", program, this.job);
    return { process, handle: this.take(process, DEFAULT_RIGHTS.process) };
  }

  /** Another thread of the attacker's. */
  thread(program: Program): void {
    this.machine.thread(this.process, program);
  }
}

/** Let an attack run under audit, and kill whoever is left; answers what the attacker found. */
export function attack<T>(
  body: (attacker: Attacker) => Operation<T>,
  { frames = 1024, until = 1e12, cycles = 0 }: AttackOptions = {},
): T {
  const machine = new ScriptKernel({ frames });
  const { kernel } = machine;
  const { realm } = kernel;
  const books = () => JSON.stringify([realm.census(), realm.handles, realm.memory.freeFrames]);
  const before = books();
  const audit = new Audit(kernel);
  try {
    const job = kernel.rootJob.createJob();
    invariant(!failed(job), "the root job takes in jobs");
    let found: { readonly value: T } | null = null;
    machine.spawn("attacker", function* (process) {
      found = { value: yield* body(new Attacker(machine, process, job)) };
      yield { call: "nanosleep", args: {} };
    }, job);
    kernel.run({ until });
    assertEquals(kernel.system.failures.map(({ error }) => `${error}`), []);
    job.kill();
    kernel.run({ until: until + 1e9 });
    audit.end();
    if (cycles > 0) assertEquals(realm.census().channel, cycles);
    else assertEquals([books(), realm.kept], [before, 0]);
    invariant(found !== null, "the attacker lived to tell");
    return (found as { readonly value: T }).value;
  } finally {
    audit.leave();
  }
}
