/**
 * A program that was launched, as a script outside the machine sees it.
 *
 * @module
 */
import { invariant } from "../../kernel/invariant.ts";
import type { Socket } from "../../kernel/ipc/socket.ts";
import type { Handle } from "../../kernel/object/handle.ts";
import type { RunOptions } from "../../kernel/kernel.ts";
import type { Process } from "../../kernel/task/process.ts";
import { mapEntriesOf, type MapEntry } from "../map_entry.ts";

/** A handle that a program holds. */
export interface HeldHandle {
  /** Its value in the program. */
  readonly value: number;
  /** What kind of object it names. */
  readonly type: string;
  /** The object's identity. */
  readonly koid: number;
  /** The object's name. */
  readonly name: string;
  /** The handle's rights. */
  readonly rights: number;
}

/** What a program needs of its machine. */
export interface Runner {
  /** Let the machine run. */
  run(options: RunOptions): string;
}

/** A launched program. Disposing of it kills it if it still runs. */
export class RunningProgram implements Disposable {
  readonly #machine: Runner;
  readonly #process: Process;
  readonly #stdio: Handle;
  readonly #decoder = new TextDecoder();
  #text = "";
  #disposed = false;

  /** The program of a process, with this side's end of its standard streams. */
  constructor(machine: Runner, process: Process, stdio: Handle) {
    this.#machine = machine;
    this.#process = process;
    this.#stdio = stdio;
    process.hold();
  }

  /** Its process's identity. */
  get koid(): number {
    return this.#process.koid;
  }

  /** Its process's name. */
  get name(): string {
    return this.#process.name;
  }

  /** What it ended with; undefined while it runs. */
  get exitCode(): number | undefined {
    return this.#process.state === "dead" ? this.#process.returnCode : undefined;
  }

  /** Everything it has printed so far. */
  get output(): string {
    this.takeOutput();
    return this.#text;
  }

  /** What it has printed since it was last asked. */
  takeOutput(): string {
    const text = this.#decoder.decode(this.#read(), { stream: true });
    this.#text += text;
    return text;
  }

  /** What it prints, as a stream: reading it lets the machine run. */
  readable(): ReadableStream<Uint8Array> {
    return new ReadableStream({
      pull: (controller) => {
        this.#machine.run({ stop: () => this.#waiting > 0 || this.exitCode !== undefined });
        const bytes = this.#read();
        if (bytes.length > 0) controller.enqueue(bytes);
        else controller.close();
      },
    });
  }

  /** Give it text to read; answers how many bytes it has room for now. */
  write(text: string): number {
    const sent = this.#socket.write(new TextEncoder().encode(text));
    return typeof sent === "number" ? 0 : sent.written;
  }

  /** Let the machine run until it ends; answers its exit code, or undefined if it never will. */
  wait(options: Pick<RunOptions, "until"> = {}): number | undefined {
    this.#machine.run({ ...options, stop: () => this.exitCode !== undefined });
    return this.exitCode;
  }

  /** End it. */
  kill(): void {
    this.#process.kill();
  }

  /** The handles it holds, in the order of its table. */
  handles(): HeldHandle[] {
    return [...this.#process.handleTable.entries()].map(([value, { object, rights }]) => {
      const { label, koid, name } = object;
      return { value, type: label, koid, name, rights };
    });
  }

  /** What is mapped in it, lowest first. */
  map(): MapEntry[] {
    return mapEntriesOf(this.#process.space);
  }

  /** The same as text, a line each, as `/proc/self/maps` has it. */
  mapText(): string {
    const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0");
    return this.map().map(({ base, size, access, offset, koid, name }) =>
      `${hex(base, 10)}-${hex(base + size, 10)} ${access} ${hex(offset, 8)} ${koid} ${name}`
    ).join("\n");
  }

  /** Kill it if it still runs, and let go of what belongs to it. */
  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#process.kill();
    this.#stdio.close();
    this.#process.drop();
  }

  get #socket(): Socket {
    invariant(!this.#disposed, "a program that was disposed of is not used");
    return this.#stdio.object as Socket;
  }

  get #waiting(): number {
    return this.#socket.waiting;
  }

  #read(): Uint8Array {
    if (this.#disposed) return new Uint8Array(0);
    const bytes = new Uint8Array(this.#waiting);
    this.#socket.peek(bytes);
    this.#socket.skip(bytes.length);
    return bytes;
  }
}
