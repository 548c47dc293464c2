/**
 * A Linux for tests: a machine whose programs' words and ends are remembered.
 *
 * @module
 */
import type { EventBodies, KernelEvent } from "../../kernel/events.ts";
import type { Group } from "../../kernel/linux/group.ts";
import {
  LinuxMachine,
  type LinuxMachineOptions,
  type LinuxProgram,
} from "../../lab/machine/linux_machine.ts";

/** How a program ended, and what it said. */
export interface Ended {
  /** As `wait4` says it. */
  readonly status: number;
  /** What it and its children wrote. */
  readonly output: string;
}

/** A Linux, and what its programs wrote. */
export class TestLinux extends LinuxMachine {
  readonly events: KernelEvent[] = [];
  readonly #written: Uint8Array[];

  /** A machine without programs, with little memory. */
  constructor(options: LinuxMachineOptions = {}) {
    const written: Uint8Array[] = [];
    const stdout = (bytes: Uint8Array) => void written.push(bytes.slice());
    super({ memoryBytes: 64 << 20, stdout, ...options });
    this.#written = written;
  }

  /** What was written. */
  get output(): string {
    const decoder = new TextDecoder();
    return this.#written.map((bytes) => decoder.decode(bytes, { stream: true })).join("");
  }

  /** Remember what happens. */
  remember(): void {
    this.listen((event) => void this.events.push(event));
  }

  /** The steps of the load model, by name. */
  get steps(): string[] {
    return this.events.filter(({ kind }) => kind === "load")
      .map((event) => (event as unknown as EventBodies["load"]).step);
  }

  /** Run a program to its end. */
  finish(program: LinuxProgram | string): Ended {
    const whole = typeof program === "string" ? { path: program } : program;
    const group = this.start(whole);
    if (typeof group === "number") throw new Error(`${whole.path} answers ${group}`);
    return this.wait(group);
  }

  /** Run until a process has ended; where it waits for input, there is none. */
  wait(group: Group): Ended {
    for (;;) {
      const why = this.run(group);
      if (group.ended) return { status: group.exitStatus, output: this.output };
      if (why !== "idle" || !this.wantsInput) {
        throw new Error(`the machine is ${why}, the program has not ended: ${this.output}`);
      }
      this.endInput();
    }
  }
}
