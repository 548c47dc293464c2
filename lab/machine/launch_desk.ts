/**
 * The launch desk: a first process that asks the launcher for what a script outside the machine
 * wants, so that even the host starts programs the microkernel way.
 *
 * @module
 */
import { failed, Pa, Signal } from "../../kernel/abi.ts";
import { type Operation, type Program as Script, zx } from "../../kernel/client.ts";
import type { Handle } from "../../kernel/object/handle.ts";
import type { KernelObject } from "../../kernel/object/object.ts";
import type { Process } from "../../kernel/task/process.ts";
import { requestLaunch } from "../../loader/zircon/launcher.ts";
import { nameVmo } from "../../loader/zircon/elf_mapper.ts";
import type { StartupHandle } from "../../loader/zircon/process_builder.ts";
import { isRefusal, Refusal } from "../../loader/zircon/refusal.ts";
import { settle, startServices } from "../../loader/zircon/userboot.ts";

/** A handle for a program, and what it is for. */
export interface Grant {
  /** What it is for (`paHandle`). */
  readonly info: number;
  /** The handle, which goes to the program. */
  readonly handle: Handle;
}

/** What the host wants started. */
export interface Order {
  /** The program's file; without it, the first argument names a file of the boot image. */
  readonly file: Uint8Array | undefined;
  /** Arguments, the program's name first. */
  readonly args: readonly string[];
  /** The environment. */
  readonly environ: readonly string[];
  /** Handles for the program. */
  readonly grants: readonly Grant[];
  /** Why it was not carried out, where it was not. */
  refusal?: Refusal;
}

/** Takes orders from the host and hands them to the launcher. */
export class LaunchDesk {
  readonly #orders: Order[] = [];
  readonly #bell: KernelObject;
  #process: Process | null = null;

  /** A desk with the bell that wakes it. */
  constructor(bell: KernelObject) {
    this.#bell = bell;
  }

  /** The process that does the work, once it is there. */
  set process(process: Process) {
    this.#process = process;
  }

  /** Hand in an order; it is carried out when the machine runs. */
  submit(order: Order): void {
    this.#orders.push(order);
    this.#bell.updateSignals(0, Signal.SIGNALED);
  }

  /** The first process's program; it has a handle to the bell among its startup handles. */
  *main(bootstrap: number): Script {
    const home = yield* settle(bootstrap);
    if (typeof home === "string") return;
    const services = yield* startServices(home);
    if (isRefusal(services)) return;
    for (;;) {
      const order = this.#orders.shift();
      if (!order) yield* waitFor(home.extra);
      else {
        const answer = yield* this.#carryOut(order, services.launcher, home.vmex);
        if (isRefusal(answer)) order.refusal = answer;
      }
    }
  }

  *#carryOut(order: Order, launcher: number, vmex: number): Operation<Refusal | undefined> {
    const desk = this.#process!;
    const handles: StartupHandle[] = order.grants.map(({ info, handle }) => ({
      info,
      handle: desk.addHandle(handle, "host"),
    }));
    if (order.file) {
      const executable = yield* executableOf(order.file, order.args[0] ?? "program", vmex);
      if (isRefusal(executable)) return executable;
      handles.push({ info: Pa.VMO_EXECUTABLE, handle: executable });
    }
    const { args, environ } = order;
    const value = yield* requestLaunch(launcher, { args, environ, handles });
    if (isRefusal(value)) return value;
    yield* zx.handleClose({ handle: value });
  }
}

function* waitFor(bell: number): Operation<void> {
  yield* zx.objectWaitOne({ handle: bell, signals: Signal.SIGNALED });
  yield* zx.objectSignal({ handle: bell, clear: Signal.SIGNALED });
}

function* executableOf(
  file: Uint8Array,
  name: string,
  vmex: number,
): Operation<number | Refusal> {
  const made = yield* zx.vmoCreate({ size: file.length });
  if (failed(made)) return Refusal.call(made, "no memory for the program's file");
  yield* nameVmo(made.out, name);
  const written = yield* zx.vmoWrite({ handle: made.out, buffer: file, offset: 0 });
  if (written !== 0) return Refusal.call(written, "the program's file cannot be written");
  const marked = yield* zx.vmoReplaceAsExecutable({ handle: made.out, vmex });
  return failed(marked) ? Refusal.call(marked, "the file cannot be made executable") : marked.out;
}
