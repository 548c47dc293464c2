/**
 * Kinds of arguments that are memory: bytes in and out, strings, numbers and handles to be filled in.
 * To machine code that is an address; to a script, a value or a place among the call's results.
 *
 * @module
 */
import { type Failure, Status, type StatusName } from "../abi.ts";
import { invariant } from "../invariant.ts";
import { Handle } from "../object/handle.ts";
import type { KernelObject } from "../object/object.ts";
import type { Call } from "./call.ts";
import { type Kind, refusing } from "./kind.ts";
import { isBytes, isNumber, isText, listOf } from "./shape.ts";
import { Sibling } from "./sibling.ts";

/** Somewhere a number goes. */
export interface OutNumber {
  /** Whether there is anywhere to put it at all. */
  readonly given: boolean;
  /** Put the number there, or say that it cannot be. */
  set(value: number): typeof Status["OK"] | typeof Status["INVALID_ARGS"];
}

/** Somewhere a new handle goes. */
export interface OutHandle {
  /** Give the caller a handle to an object, or say why not; nothing is left behind then. */
  give(object: KernelObject, rights: number): Given;
  /** Give the caller this handle. */
  put(handle: Handle): Given;
  /** Take back what was given, and close it: the call as a whole has failed. */
  withdraw(): void;
}

/** Somewhere several new handles go. */
export interface OutHandles {
  /** How many there is room for. */
  readonly capacity: number;
  /** Give the caller these handles, or say why not. */
  put(handles: readonly Handle[]): Given;
}

type Given =
  | typeof Status["OK"]
  | typeof Status["INVALID_ARGS"]
  | typeof Status["NO_MEMORY"];

const NOWHERE = 0;
const NO_BYTES = new Uint8Array(0);
/** The number nearest below 2^63, which stands for a time that never comes. */
const TIME_MAX = 2 ** 63 - 1024;

/** How many bytes or things the argument of this name has. */
export function lengthOf(name: string): Kind<number, never, "length", never> {
  return {
    label: `length of ${name}`,
    role: "length",
    errors: [],
    lengthOf: name,
    decode: (raw) => raw as number,
  };
}

/** How many bytes or things there is room for; for a script, as many as there can be. */
export function capacity(most: number): Kind<number, number, "optional", never> {
  return {
    label: "capacity",
    role: "optional",
    errors: [],
    otherwise: most,
    decode: (raw) => raw as number,
  };
}

/** Bytes from the caller; `length` names the argument that says how many, `most` what is allowed. */
export function inBytes(
  length: string,
  most?: number,
): Kind<Uint8Array, Uint8Array, "in", "INVALID_ARGS">;
/** The same, where another status refuses. */
export function inBytes<E extends StatusName>(
  length: string,
  most: number,
  tooLong: E,
): Kind<Uint8Array, Uint8Array, "in", "INVALID_ARGS" | E>;
/** The one way to make both. */
export function inBytes(
  length: string,
  most = 64 * 1024 * 1024,
  tooLong: StatusName = "INVALID_ARGS",
): Kind<Uint8Array, Uint8Array, "in", StatusName> {
  return refusing({
    label: "bytes",
    role: "in",
    shape: isBytes,
    reach: { unit: 1, count: length },
    errors: ["INVALID_ARGS", tooLong],
    decode(raw, call) {
      const size = raw instanceof Uint8Array ? raw.length : call.rawOf(length) as number;
      if (size > most) return Status[tooLong] as Failure;
      if (raw instanceof Uint8Array) return raw.slice();
      return readMemory(call, raw as number, size);
    },
  });
}

/** Text from the caller, up to its length or its first zero byte; what is too long is cut off. */
export function inText(length: string, most = 32): Kind<string, string, "in", "INVALID_ARGS"> {
  return {
    label: "text",
    role: "in",
    shape: isText,
    reach: { unit: 1, count: length },
    errors: ["INVALID_ARGS"],
    decode(raw, call) {
      if (typeof raw === "string") return raw;
      const size = Math.min(call.rawOf(length) as number, most);
      const bytes = readMemory(call, raw as number, size);
      if (typeof bytes === "number") return bytes;
      const end = bytes.indexOf(0);
      return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
    },
  };
}

/** So much room for handles at an address, or among a script's results under a name. */
export function handlesOut(
  call: Call,
  address: number,
  name: string,
  capacity: number,
): OutHandles {
  if (capacity === 0 && !call.outs) return NO_ROOM;
  return new NewHandles(call, address, name, capacity);
}

/** A number of so many bytes to the caller; an optional one may have nowhere to go. */
export function outNumber(
  bytes: 4 | 8,
  optional = false,
): Kind<OutNumber, number, "out", "INVALID_ARGS"> {
  return {
    label: bytes === 4 ? "u32, filled in" : "u64, filled in",
    role: "out",
    reach: { unit: bytes },
    errors: ["INVALID_ARGS"],
    decode(raw, call, name) {
      if (call.outs) return new ScriptNumber(call.outs, name);
      if (raw === NOWHERE && optional) return UNWANTED_NUMBER;
      return new MemoryNumber(call, raw as number, bytes);
    },
  };
}

/** A handle to the caller. */
export const outHandle: Kind<OutHandle, number, "out", "INVALID_ARGS" | "NO_MEMORY"> = {
  label: "handle, filled in",
  role: "out",
  reach: { unit: 4 },
  errors: ["INVALID_ARGS", "NO_MEMORY"],
  decode: (raw, call, name) => new NewHandle(call, raw as number, name),
};

/** Several handles to the caller; `room` names the argument that says how many. */
export function outHandles(
  room: string,
): Kind<OutHandles, number[], "out", "INVALID_ARGS" | "NO_MEMORY"> {
  const count = new Sibling(room);
  return {
    label: "handles, filled in",
    role: "out",
    reach: { unit: 4, count: room },
    errors: ["INVALID_ARGS", "NO_MEMORY"],
    decode: (raw, call, name) => handlesOut(call, raw as number, name, count.of(call) as number),
  };
}

/** Handle values from the caller, not looked up yet. */
export function inHandleValues(
  length: string,
  most: number,
): Kind<readonly number[], readonly number[], "in", "INVALID_ARGS">;
/** The same, where another status refuses. */
export function inHandleValues<E extends StatusName>(
  length: string,
  most: number,
  tooMany: E,
): Kind<readonly number[], readonly number[], "in", "INVALID_ARGS" | E>;
/** The one way to make both. */
export function inHandleValues(
  length: string,
  most: number,
  tooMany: StatusName = "INVALID_ARGS",
): Kind<readonly number[], readonly number[], "in", StatusName> {
  return refusing({
    label: "handles",
    role: "in",
    shape: listOf(isNumber),
    reach: { unit: 4, count: length },
    errors: ["INVALID_ARGS", tooMany],
    decode(raw, call) {
      if (Array.isArray(raw)) {
        return raw.length > most ? Status[tooMany] as Failure : raw as number[];
      }
      const things = call.rawOf(length) as number;
      if (things > most) return Status[tooMany] as Failure;
      const bytes = readMemory(call, raw as number, things * 4);
      if (typeof bytes === "number") return bytes;
      return wordsOf(bytes);
    },
  });
}

/** Bytes of the caller's memory, or INVALID_ARGS. */
export function readMemory(call: Call, address: number, size: number) {
  if (size === 0) return NO_BYTES;
  const bytes = call.process.memory.bytes(address, size);
  return typeof bytes === "number" ? Status.INVALID_ARGS : bytes;
}

/** Put bytes into the caller's memory, or say INVALID_ARGS. */
export function writeMemory(call: Call, address: number, bytes: Uint8Array) {
  if (bytes.length === 0) return Status.OK;
  const status = call.process.memory.write(address, bytes);
  return status === Status.OK ? Status.OK : Status.INVALID_ARGS;
}

function wordsOf(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / 4 }, (_, at) => view.getUint32(at * 4, true));
}

class ScriptNumber implements OutNumber {
  readonly given = true;
  readonly #outs: Record<string, unknown>;
  readonly #name: string;

  constructor(outs: Record<string, unknown>, name: string) {
    this.#outs = outs;
    this.#name = name;
  }

  set(value: number) {
    this.#outs[this.#name] = value;
    return Status.OK;
  }
}

/** A number that nobody wants to know. */
const UNWANTED_NUMBER: OutNumber = { given: false, set: () => Status.OK };

class MemoryNumber implements OutNumber {
  readonly #call: Call;
  readonly #address: number;
  readonly #bytes: number;

  constructor(call: Call, address: number, bytes: number) {
    this.#call = call;
    this.#address = address;
    this.#bytes = bytes;
  }

  get given(): boolean {
    return this.#address !== NOWHERE;
  }

  set(value: number) {
    const { memory } = this.#call.process;
    const status = this.#bytes === 4
      ? memory.writeU32(this.#address, value)
      : memory.writeU64(this.#address, value === Infinity ? TIME_MAX : value);
    return status === Status.OK ? Status.OK : Status.INVALID_ARGS;
  }
}

class NewHandle implements OutHandle {
  readonly #call: Call;
  readonly #address: number;
  readonly #name: string;
  #value = 0;

  constructor(call: Call, address: number, name: string) {
    this.#call = call;
    this.#address = address;
    this.#name = name;
  }

  give(object: KernelObject, rights: number): Given {
    return this.put(new Handle(object, rights));
  }

  put(handle: Handle): Given {
    const call = this.#call;
    const value = call.process.addHandle(handle, call.row.name);
    if (value < 0) return Status.NO_MEMORY;
    this.#value = value;
    if (call.outs) call.outs[this.#name] = value;
    else if (call.process.memory.writeU32(this.#address, value) !== Status.OK) {
      this.withdraw();
      return Status.INVALID_ARGS;
    }
    return Status.OK;
  }

  withdraw(): void {
    this.#call.process.removeHandle(this.#value, "withdrawn")?.close();
  }
}

/** Where no handle goes. */
const NO_ROOM: OutHandles = {
  capacity: 0,
  put(handles) {
    invariant(handles.length === 0, "handles are put where there is room for them");
    return Status.OK;
  },
};

class NewHandles implements OutHandles {
  readonly capacity: number;
  readonly #call: Call;
  readonly #address: number;
  readonly #name: string;

  constructor(call: Call, address: number, name: string, capacity: number) {
    this.#call = call;
    this.#address = address;
    this.#name = name;
    this.capacity = capacity;
  }

  put(handles: readonly Handle[]): Given {
    const { process, row, outs } = this.#call;
    if (handles.length === 0 && !outs) return Status.OK;
    const values = handles.map((handle) => process.addHandle(handle, row.name));
    if (outs) {
      outs[this.#name] = values;
    } else {
      const bytes = new Uint8Array(values.length * 4);
      const view = new DataView(bytes.buffer);
      values.forEach((value, at) => view.setUint32(at * 4, value, true));
      if (writeMemory(this.#call, this.#address, bytes) !== Status.OK) {
        for (const value of values) process.removeHandle(value, "withdrawn")?.close();
        return Status.INVALID_ARGS;
      }
    }
    return values.some((value) => value < 0) ? Status.NO_MEMORY : Status.OK;
  }
}
