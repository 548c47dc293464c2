/**
 * A machine with a processor, machine code put into processes as text, and a script that looks on.
 *
 * @module
 */
import { DEFAULT_RIGHTS, failed } from "../../kernel/abi.ts";
import type { Operation } from "../../kernel/client.ts";
import { Handle } from "../../kernel/object/handle.ts";
import { invariant, type KernelObject } from "../../kernel/mod.ts";
import type { Job } from "../../kernel/task/job.ts";
import { Process } from "../../kernel/task/process.ts";
import { Thread } from "../../kernel/task/thread.ts";
import { startBare } from "../../lab/machine/bare_program.ts";
import { Machine } from "../../lab/machine/machine.ts";

/** A machine code process, and the onlooker's handles to it. */
export interface Watched {
  readonly process: Process;
  readonly thread: Thread;
  /** Where its code begins. */
  readonly entry: number;
  readonly processHandle: number;
  readonly threadHandle: number;
}

/** A machine and a process that looks on. */
export class BareMachine {
  /** The machine. */
  readonly machine = new Machine({ memoryBytes: 32 << 20 });
  /** The process that looks on. */
  readonly onlooker: Process;

  /** A machine with an onlooker that does nothing yet. */
  constructor() {
    const process = Process.create(this.machine.kernel.rootJob, "onlooker");
    invariant(!failed(process), "the root job takes in processes");
    this.onlooker = process;
  }

  /** Give the onlooker a handle. */
  give(object: KernelObject, rights: number): number {
    return this.onlooker.addHandle(new Handle(object, rights), "test");
  }

  /** Start machine code, in the root job unless told. */
  start(text: string, job: Job = this.machine.kernel.rootJob): Watched {
    const { process, thread, entry } = startBare(this.machine, { name: "code", text, job });
    return {
      process,
      thread,
      entry,
      processHandle: this.give(process, DEFAULT_RIGHTS.process),
      threadHandle: this.give(thread, DEFAULT_RIGHTS.thread),
    };
  }

  /** Let the onlooker do something, and answer what it found. */
  look<T>(body: () => Operation<T>): T {
    const thread = Thread.create(this.onlooker, "onlooker");
    invariant(!failed(thread), "the onlooker lives");
    let found: { readonly value: T } | null = null;
    const script = function* () {
      found = { value: yield* body() };
    };
    if (this.onlooker.state === "new") this.onlooker.begin();
    // It is more urgent than what it looks at, so that it can stop what never waits.
    thread.priority = 20;
    thread.start({ kind: "script", script: script(), reply: undefined }, true);
    this.machine.run({ stop: () => found !== null });
    invariant(found !== null, "the onlooker comes to its end");
    return (found as { readonly value: T }).value;
  }
}
