/**
 * Bytes of the caller, in one place or several, that are copied piece by piece as far as it goes.
 *
 * @module
 */
import { Status } from "../abi.ts";
import { Access, PAGE_SIZE } from "../ports.ts";
import type { PageNeed } from "../vm/page_source.ts";
import { readMemory } from "./buffer.ts";
import type { Call } from "./call.ts";
import type { Kind } from "./kind.ts";
import { isBytes, listOf } from "./shape.ts";

/** How a copy ended: done, nothing there, or something a pager has to do first. */
export type Copied = typeof Status["OK" | "NOT_FOUND" | "NO_MEMORY"] | PageNeed;

/** Bytes of the caller. */
export interface Span {
  /** How many there are. */
  readonly length: number;
  /** Copy in as many as the target takes. */
  read(at: number, target: Uint8Array): Copied;
  /** Copy out. */
  write(at: number, source: Uint8Array): Copied;
  /** How many bytes from here on are copied or are not, all of them together; left out where all are. */
  together?(at: number): number;
}

/** A script's result grows no larger. */
const SCRIPT_MAX = 64 * 1024 * 1024;
const PLACES_MAX = 8192;
const PLACE_SIZE = 16;

/** Bytes from the caller; `length` names the argument that says how many. */
export function inSpan(length: string): Kind<Span, Uint8Array, "in", never> {
  return {
    label: "bytes",
    role: "in",
    shape: isBytes,
    errors: [],
    decode(raw, call) {
      if (raw instanceof Uint8Array) return new ScriptSpan(raw);
      return new MemorySpan(call, raw as number, call.rawOf(length) as number);
    },
  };
}

/** Bytes to the caller; `length` names the argument that says how many. */
export function outSpan(length: string): Kind<Span, Uint8Array, "out", never> {
  return {
    label: "bytes, filled in",
    role: "out",
    errors: [],
    decode(raw, call, name) {
      const size = call.rawOf(length) as number;
      if (call.outs) return new ResultSpan(call.outs, name, size);
      return new MemorySpan(call, raw as number, size);
    },
  };
}

/** Places of the caller, one behind the other; `length` names the argument that counts them. */
export function spans(
  length: string,
): Kind<Span, readonly Uint8Array[], "in", "INVALID_ARGS" | "NOT_FOUND"> {
  return {
    label: "places of bytes",
    role: "in",
    shape: listOf(isBytes),
    reach: { unit: PLACE_SIZE, count: length },
    errors: ["INVALID_ARGS", "NOT_FOUND"],
    decode(raw, call) {
      if (Array.isArray(raw)) return new JoinedSpan(raw.map((bytes) => new ScriptSpan(bytes)));
      const places = call.rawOf(length) as number;
      if (places > PLACES_MAX || (raw === 0 && places > 0)) return Status.INVALID_ARGS;
      const bytes = readMemory(call, raw as number, places * PLACE_SIZE);
      if (typeof bytes === "number") return Status.NOT_FOUND;
      const view = new DataView(bytes.buffer, bytes.byteOffset);
      const u64 = (at: number) => view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
      const found = Array.from({ length: places }, (_, at) => {
        return new MemorySpan(call, u64(at * PLACE_SIZE), u64(at * PLACE_SIZE + 8));
      });
      const joined = new JoinedSpan(found);
      return joined.length > Number.MAX_SAFE_INTEGER ? Status.INVALID_ARGS : joined;
    },
  };
}

class MemorySpan implements Span {
  readonly length: number;
  readonly #call: Call;
  readonly #address: number;

  constructor(call: Call, address: number, length: number) {
    this.#call = call;
    this.#address = address;
    this.length = length;
  }

  read(at: number, target: Uint8Array): Copied {
    const status = this.#call.process.memory.read(this.#address + at, target);
    return this.#outcome(status, at, Access.READ, target.length);
  }

  write(at: number, source: Uint8Array): Copied {
    const status = this.#call.process.memory.write(this.#address + at, source);
    return this.#outcome(status, at, Access.WRITE, source.length);
  }

  /** How many bytes from here on are in one page. */
  withinPage(at: number): number {
    return PAGE_SIZE - (this.#address + at) % PAGE_SIZE;
  }

  #outcome(status: number, at: number, access: number, length: number): Copied {
    if (status === Status.OK) return Status.OK;
    if (status === Status.NO_MEMORY) return Status.NO_MEMORY;
    if (status !== Status.SHOULD_WAIT) return Status.NOT_FOUND;
    const { space } = this.#call.process;
    return space.need(this.#address + at, length, access) ?? Status.NOT_FOUND;
  }
}

class ScriptSpan implements Span {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get length(): number {
    return this.#bytes.length;
  }

  read(at: number, target: Uint8Array): Copied {
    target.set(this.#bytes.subarray(at, at + target.length));
    return Status.OK;
  }

  write(at: number, source: Uint8Array): Copied {
    this.#bytes.set(source, at);
    return Status.OK;
  }
}

class ResultSpan implements Span {
  readonly length: number;
  readonly #outs: Record<string, unknown>;
  readonly #name: string;
  #bytes: Uint8Array = new Uint8Array(0);

  constructor(outs: Record<string, unknown>, name: string, length: number) {
    this.#outs = outs;
    this.#name = name;
    this.length = length;
    outs[name] = this.#bytes;
  }

  read(): Copied {
    return Status.NOT_FOUND;
  }

  write(at: number, source: Uint8Array): Copied {
    const end = at + source.length;
    if (end > SCRIPT_MAX) return Status.NOT_FOUND;
    if (end > this.#bytes.length) {
      const bytes = new Uint8Array(Math.min(this.length, SCRIPT_MAX));
      bytes.set(this.#bytes);
      this.#outs[this.#name] = this.#bytes = bytes;
    }
    this.#bytes.set(source, at);
    return Status.OK;
  }
}

class JoinedSpan implements Span {
  readonly length: number;
  readonly #parts: readonly Span[];
  /** The part that was last used, and how many bytes are before it: most go on from there. */
  #part = 0;
  #before = 0;

  constructor(parts: readonly Span[]) {
    this.#parts = parts;
    this.length = parts.reduce((sum, part) => sum + part.length, 0);
  }

  read(at: number, target: Uint8Array): Copied {
    return this.#each(at, target.length, (part, from, done, count) => {
      return part.read(from, target.subarray(done, done + count));
    });
  }

  write(at: number, source: Uint8Array): Copied {
    return this.#each(at, source.length, (part, from, done, count) => {
      return part.write(from, source.subarray(done, done + count));
    });
  }

  together(at: number): number {
    const part = this.#find(at);
    const from = at - this.#before;
    const rest = part.length - from;
    return part instanceof MemorySpan ? Math.min(rest, part.withinPage(from)) : rest;
  }

  #each(
    at: number,
    length: number,
    copy: (part: Span, from: number, done: number, count: number) => Copied,
  ): Copied {
    for (let done = 0; done < length;) {
      const part = this.#find(at + done);
      const from = at + done - this.#before;
      const count = Math.min(part.length - from, length - done);
      const copied = copy(part, from, done, count);
      if (copied !== Status.OK) return copied;
      done += count;
    }
    return Status.OK;
  }

  /** The part that a byte is in, which is one of them. */
  #find(at: number): Span {
    if (at < this.#before) this.#part = this.#before = 0;
    for (;;) {
      const part = this.#parts[this.#part]!;
      if (at < this.#before + part.length) return part;
      this.#before += part.length;
      this.#part++;
    }
  }
}
