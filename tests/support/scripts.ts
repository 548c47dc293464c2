/**
 * A kernel that runs scripts: no processor, plain memory, a clock that begins at zero.
 *
 * @module
 */
import { failed, type Failure, statusName } from "../../kernel/abi.ts";
import type { Operation, Program } from "../../kernel/client.ts";
import { invariant } from "../../kernel/invariant.ts";
import { Kernel } from "../../kernel/kernel.ts";
import { Handle } from "../../kernel/object/handle.ts";
import type { KernelObject } from "../../kernel/object/object.ts";
import type { Job } from "../../kernel/task/job.ts";
import { Process } from "../../kernel/task/process.ts";
import type { Scheduler } from "../../kernel/task/scheduler.ts";
import { Thread } from "../../kernel/task/thread.ts";
import { Zircon } from "../../kernel/zircon/mod.ts";
import { SeededEntropy } from "../../lab/machine/seeded_entropy.ts";
import { PlainMemory } from "./realm.ts";

/** What a call answered that must not have failed. */
export function good<T extends object>(result: T | Failure): T {
  invariant(!failed(result), `the call succeeds, it does not answer ${statusName(Number(result))}`);
  return result;
}

/** What a test may choose about its kernel. */
export interface ScriptKernelOptions {
  /** How many frames of memory there are. */
  readonly frames?: number;
  /** Where chance begins. */
  readonly seed?: number;
  /** Who runs next. */
  readonly scheduler?: Scheduler;
}

/** A kernel for scripts, and what it printed. */
export class ScriptKernel {
  /** The kernel. */
  readonly kernel: Kernel;
  /** What was printed. */
  printed = "";

  /** A kernel with a root job. */
  constructor({ frames = 1024, seed = 1, scheduler }: ScriptKernelOptions = {}) {
    this.kernel = new Kernel({
      memory: new PlainMemory(frames),
      entropy: new SeededEntropy(seed),
      console: { write: (bytes) => void (this.printed += new TextDecoder().decode(bytes)) },
      personality: new Zircon(),
      ...(scheduler ? { scheduler } : {}),
    });
  }

  /** Make a process, in the root job unless told, that runs a script as soon as the kernel runs. */
  spawn(
    name: string,
    program: (process: Process) => Program,
    job: Job = this.kernel.rootJob,
  ): Process {
    const process = Process.create(job, name);
    invariant(!failed(process), "the job takes in processes");
    const thread = Thread.create(process, name);
    invariant(!failed(thread), "a new process takes in threads");
    process.begin();
    thread.start({ kind: "script", script: program(process), reply: undefined }, true);
    return process;
  }

  /** Let one more script run in a process. */
  thread(process: Process, program: Program): Thread {
    const thread = Thread.create(process, "more");
    invariant(!failed(thread), "a process that lives takes in threads");
    thread.start({ kind: "script", script: program, reply: undefined });
    return thread;
  }

  /** Give a process a handle; answers its value there. */
  give(process: Process, object: KernelObject, rights: number): number {
    return process.addHandle(new Handle(object, rights), "test");
  }

  /** Run until nothing can; a script that failed fails the test. */
  run(): void {
    this.kernel.run();
    const [failure] = this.kernel.system.failures;
    if (failure) throw failure.error;
  }

  /** Run one script to its end and answer what it found. */
  run1<T>(body: (process: Process) => Operation<T>): T {
    let found: { readonly value: T } | null = null;
    this.spawn("test", function* (process) {
      found = { value: yield* body(process) };
    });
    this.run();
    invariant(found !== null, "the script comes to its end");
    return (found as { readonly value: T }).value;
  }
}
