/**
 * A script that is a pager, and other scripts that need its pages.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import {
  DEFAULT_RIGHTS,
  PagerCommand,
  PagerOp,
  Right,
  Status,
  VmOption,
} from "../../kernel/abi.ts";
import { type Operation, type Program, raw, zx } from "../../kernel/client.ts";
import type { Process } from "../../kernel/task/process.ts";
import type { Vmo } from "../../kernel/vm/vmo.ts";
import { made, mapAll, newVmo, PAGE } from "./memory.ts";
import { ScriptKernel } from "./scripts.ts";

/** What became of a client's call: nothing yet, a failure, or bytes. */
export interface Outcome {
  /** What the call answered; null while it waits. */
  status: number | null;
  /** What was read. */
  bytes: Uint8Array;
  /** Who made the call. */
  process: Process;
}

/** A pager's process, its port and its memory objects. */
export class PagerScript {
  /** The machine. */
  readonly machine: ScriptKernel;
  /** The pager's process. */
  readonly process: Process;
  /** The pager's handle to its pager. */
  pager = 0;
  /** Its handle to the port that is asked. */
  port = 0;

  /** A pager in a process that runs a script. */
  constructor(machine: ScriptKernel, process: Process) {
    this.machine = machine;
    this.process = process;
  }

  /** Make a memory object that this pager supplies. */
  *vmo(pages: number, options = 0, key = 7n): Operation<number> {
    const { pager, port } = this;
    const create = { pager, options, port, key, size: pages * PAGE };
    return made(yield* zx.pagerCreateVmo(create)).out;
  }

  /** The memory object behind a handle. */
  objectOf(handle: number): Vmo {
    return this.process.handleTable.get(handle)!.object as Vmo;
  }

  /** Let a client do something with a memory object. */
  client(
    vmo: number,
    body: (handle: number, outcome: Outcome, process: Process) => Program,
  ): Outcome {
    const object = this.objectOf(vmo);
    const outcome: Outcome = { status: null, bytes: new Uint8Array(0), process: this.process };
    outcome.process = this.machine.spawn("client", (process) => {
      const handle = this.machine.give(process, object, DEFAULT_RIGHTS.vmo | Right.RESIZE);
      return body(handle, outcome, process);
    });
    return outcome;
  }

  /** Let a client read pages. */
  read(vmo: number, page: number, pages = 1): Outcome {
    return this.client(vmo, function* (handle, outcome) {
      const range = { handle, offset: page * PAGE, bufferSize: pages * PAGE };
      const result = yield* zx.vmoRead(range);
      outcome.status = typeof result === "number" ? result : Status.OK;
      if (typeof result !== "number") outcome.bytes = result.buffer;
    });
  }

  /** Map a memory object in the process of a client that runs. */
  *mapIn(process: Process, vmo: number): Operation<number> {
    const root = process.giveHandle(process.space.root, DEFAULT_RIGHTS.rootVmar, "test");
    const { PERM_READ, PERM_WRITE, ALLOW_FAULTS } = VmOption;
    return yield* mapAll(root, vmo, PERM_READ | PERM_WRITE | ALLOW_FAULTS);
  }

  /** Let a client read pages through a mapping: it copies from its own addresses. */
  readMapped(vmo: number, page: number, pages = 1): Outcome {
    const mapIn = this.mapIn;
    return this.client(vmo, function* (handle, outcome, process) {
      const address = yield* mapIn(process, handle);
      const scratch = yield* newVmo(pages * PAGE);
      outcome.status = yield* raw.vmoWrite(scratch, address + page * PAGE, 0, pages * PAGE);
      const range = { handle: scratch, offset: 0, bufferSize: pages * PAGE };
      outcome.bytes = made(yield* zx.vmoRead(range)).buffer;
    });
  }

  /** Let a client write a byte to a page through a mapping. */
  writeMapped(vmo: number, page: number, value: number): Outcome {
    const mapIn = this.mapIn;
    return this.client(vmo, function* (handle, outcome, process) {
      const address = yield* mapIn(process, handle);
      const scratch = yield* newVmo(PAGE);
      yield* zx.vmoWrite({ handle: scratch, offset: 0, buffer: Uint8Array.of(value) });
      outcome.status = yield* raw.vmoRead(scratch, address + page * PAGE, 0, 1);
    });
  }

  /** Let a client write a byte to a page. */
  write(vmo: number, page: number, value: number): Outcome {
    return this.client(vmo, function* (handle, outcome) {
      const buffer = Uint8Array.of(value);
      outcome.status = yield* zx.vmoWrite({ handle, offset: page * PAGE, buffer });
    });
  }

  /** Let a client do an operation on a range of pages. */
  operate(vmo: number, op: number, page: number, pages: number): Outcome {
    return this.client(vmo, function* (handle, outcome) {
      const range = { handle, op, offset: page * PAGE, size: pages * PAGE };
      const result = yield* zx.vmoOpRange(range);
      outcome.status = typeof result === "number" ? result : Status.OK;
    });
  }

  /** Let everybody run for a while. */
  *pause(): Operation<void> {
    yield* zx.nanosleep({ deadline: this.machine.kernel.realm.now + 1e6 });
  }

  /** The next request: its command, first page and length in pages; null if there is none. */
  *request(): Operation<[command: number, page: number, pages: number] | null> {
    const deadline = this.machine.kernel.realm.now + 1e6;
    const result = yield* zx.portWait({ handle: this.port, deadline });
    if (typeof result === "number") return null;
    const { body } = result.packet;
    if (body.type !== 9) return null;
    return [body.command, body.offset / PAGE, body.length / PAGE];
  }

  /** Expect requests to read these runs of pages, and no other. */
  *expectReads(...runs: [page: number, pages: number][]): Operation<void> {
    for (const [page, pages] of runs) {
      assertEquals(yield* this.request(), [PagerCommand.READ, page, pages]);
    }
    assertEquals(yield* this.request(), null);
  }

  /** Supply pages that hold 1, 2, 3 and so on, from a tag on. */
  *supply(vmo: number, page: number, pages: number, tag = page + 1): Operation<number> {
    const auxiliary = yield* newVmo(pages * PAGE);
    for (let n = 0; n < pages; n++) {
      const buffer = new Uint8Array(PAGE).fill(tag + n);
      yield* zx.vmoWrite({ handle: auxiliary, offset: n * PAGE, buffer });
    }
    const range = { pager: this.pager, vmo, offset: page * PAGE, length: pages * PAGE };
    const status = yield* zx.pagerSupplyPages({ ...range, auxiliary });
    yield* zx.handleClose({ handle: auxiliary });
    return status;
  }

  /** Say something of a range of pages. */
  *op(vmo: number, op: number, page: number, pages: number, data = 0): Operation<number> {
    const range = { offset: page * PAGE, length: pages * PAGE };
    return yield* zx.pagerOpRange({ pager: this.pager, op, vmo, ...range, data });
  }

  /** Say that a range of pages cannot be had. */
  *fail(vmo: number, page: number, pages: number, status: number = Status.IO): Operation<number> {
    return yield* this.op(vmo, PagerOp.FAIL, page, pages, status);
  }

  /** Runs of pages that differ from what the pager has: first page, length, whether zeros. */
  *dirty(vmo: number, pages: number): Operation<[number, number, number][]> {
    const range = { pager: this.pager, vmo, offset: 0, length: pages * PAGE };
    const { buffer, actual } = made(yield* zx.pagerQueryDirtyRanges(range));
    const words = [...new BigUint64Array(buffer.buffer as ArrayBuffer)].map(Number);
    return Array.from({ length: actual }, (_, at) => {
      const [offset, length, options] = words.slice(at * 3, at * 3 + 3);
      return [offset! / PAGE, length! / PAGE, options!];
    });
  }
}

/** Run a script as a pager. */
export function withPager(body: (pager: PagerScript) => Operation<void>): void {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const script = new PagerScript(machine, process);
    script.pager = made(yield* zx.pagerCreate({})).out;
    script.port = made(yield* zx.portCreate({})).out;
    yield* body(script);
  });
}
