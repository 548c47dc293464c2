/**
 * An RT-Smart for tests: a machine whose programs' words and ends are remembered.
 *
 * @module
 */
import { guestUrl } from "../../guests/built.ts";
import type { EventBodies, EventKind, KernelEvent } from "../../kernel/events.ts";
import type { Lwp } from "../../kernel/rtsmart/lwp.ts";
import {
  RtSmartMachine,
  type RtSmartMachineOptions,
  type RtSmartProgram,
} from "../../lab/machine/rtsmart_machine.ts";

/** How a program ended, and what it said. */
export interface Ended {
  /** As `waitpid` says it. */
  readonly status: number;
  /** What it and its children wrote. */
  readonly output: string;
}

/** An RT-Smart, and what its programs wrote. */
export class TestRtSmart extends RtSmartMachine {
  readonly events: KernelEvent[] = [];
  readonly #written: Uint8Array[];

  /** A machine without programs, with little memory. */
  constructor(options: RtSmartMachineOptions = {}) {
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
  remember(): this {
    this.listen((event) => void this.events.push(event));
    return this;
  }

  /** The events of a kind. */
  of<K extends EventKind>(kind: K): EventBodies[K][] {
    return this.events.filter((event) => event.kind === kind) as unknown as EventBodies[K][];
  }

  /** The steps of the load model, by name. */
  get steps(): string[] {
    return this.of("load").map(({ step }) => step);
  }

  /** Put a guest in place; answers its path. */
  guest(name: string): string {
    const path = `/bin/${name.replace(/_rtsmart$/, "")}`;
    this.put(path, Deno.readFileSync(guestUrl(name)));
    return path;
  }

  /** Put what dynamic programs want in place. */
  libraries(): this {
    for (const name of ["ld.so", "ld-rtsmart.so.1", "librtsmart.so"]) {
      this.put(`/lib/${name}`, Deno.readFileSync(guestUrl(name)));
    }
    return this;
  }

  /** Run a program to its end. */
  finish(program: RtSmartProgram | string): Ended {
    const whole = typeof program === "string" ? { path: program } : program;
    const lwp = this.start(whole);
    if (typeof lwp === "number") throw new Error(`${whole.path} answers ${lwp}`);
    return this.wait(lwp);
  }

  /** Run until a process has ended; where it waits for input, there is none. */
  wait(lwp: Lwp): Ended {
    for (;;) {
      const why = this.run(lwp);
      if (lwp.ended) return { status: lwp.status, output: this.output };
      if (this.panicked !== null) throw new Error(`the kernel hangs: ${this.panicked}`);
      if (why !== "idle" || !this.wantsInput) {
        throw new Error(`the machine is ${why}, the program has not ended: ${this.output}`);
      }
      this.endInput();
    }
  }
}
