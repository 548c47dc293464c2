/**
 * A process that counts, for tests that hold it still and look whether it does.
 *
 * @module
 */
import { DEFAULT_RIGHTS, failed } from "../../kernel/abi.ts";
import { type Operation, zx } from "../../kernel/client.ts";
import { invariant } from "../../kernel/mod.ts";
import type { Process } from "../../kernel/task/process.ts";
import { Thread } from "../../kernel/task/thread.ts";
import type { Maker } from "./making.ts";

/** A process whose threads count until they are killed. */
export class Counter {
  /** The process. */
  readonly process: Process;
  /** The tester's handle to it. */
  readonly handle: number;
  /** The tester's handles to its threads. */
  readonly threads: number[] = [];
  /** How far each thread has counted. */
  readonly counts: number[] = [];
  readonly #maker: Maker;

  /** A counting process with one thread, which runs as soon as the tester waits. */
  constructor(maker: Maker) {
    this.#maker = maker;
    this.counts.push(0);
    const { machine, process } = maker;
    this.process = machine.spawn("counter", () => this.#count(0));
    this.handle = machine.give(process, this.process, DEFAULT_RIGHTS.process);
    this.#hold([...this.process.threads][0]!);
  }

  /** Add a thread; it is started unless told. */
  add(started = true): Thread {
    const thread = Thread.create(this.process, "counting");
    invariant(!failed(thread), "the process takes in threads");
    this.#hold(thread);
    this.counts.push(0);
    const index = this.counts.length - 1;
    if (started) this.start(thread, index);
    return thread;
  }

  /** Start a thread that was added. */
  start(thread: Thread, index: number): void {
    thread.start({ kind: "script", script: this.#count(index), reply: undefined });
  }

  /** Let some time pass; answers which threads have counted meanwhile. */
  *moving(): Operation<boolean[]> {
    const before = [...this.counts];
    const { realm } = this.#maker.machine.kernel;
    yield* zx.nanosleep({ deadline: realm.now + 100_000 });
    return this.counts.map((count, at) => count > (before[at] ?? 0));
  }

  #hold(thread: Thread): void {
    const { machine, process } = this.#maker;
    this.threads.push(machine.give(process, thread, DEFAULT_RIGHTS.thread));
  }

  *#count(index: number) {
    for (;;) {
      this.counts[index]!++;
      yield* zx.nanosleep({ deadline: this.#maker.machine.kernel.realm.now + 1000 });
    }
  }
}
