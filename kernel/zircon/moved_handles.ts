/**
 * Handles on their way into a message: they leave the caller whatever becomes of the call.
 *
 * @module
 */
import {
  ChannelLimit,
  HandleOp,
  ObjectType,
  objectTypeName,
  Right,
  rightsText,
  Status,
} from "../abi.ts";
import type { Channel } from "../ipc/channel.ts";
import { Handle } from "../object/handle.ts";
import { readMemory, writeMemory } from "../syscall/buffer.ts";
import type { Call } from "../syscall/call.ts";
import { badHandle, type Kind } from "../syscall/kind.ts";
import { readRecords } from "../syscall/record.ts";
import { Sibling } from "../syscall/sibling.ts";
import { isNumber, listOf, withFields } from "../syscall/shape.ts";

/** What is to become of one handle. */
export interface Disposition {
  /** Move it or duplicate it, as `HandleOp` has it. */
  readonly operation: number;
  /** The handle's value. */
  readonly handle: number;
  /** The type it must have; 0 for any. */
  readonly type: number;
  /** The rights it is to have there. */
  readonly rights: number;
}

/** Whether a script's value says what is to become of a handle. */
export const isDisposition = withFields({
  operation: isNumber,
  handle: isNumber,
  type: isNumber,
  rights: isNumber,
});

/** One handle that was asked for: taken out of the table, or to be duplicated, or not there. */
interface Taken {
  readonly wanted: Disposition;
  readonly handle: Handle | null;
}

type Refusal =
  | typeof Status["OK"]
  | typeof Status["BAD_HANDLE"]
  | typeof Status["NOT_SUPPORTED"]
  | typeof Status["ACCESS_DENIED"]
  | typeof Status["WRONG_TYPE"]
  | typeof Status["INVALID_ARGS"]
  | typeof Status["OUT_OF_RANGE"];

const NOTHING: readonly Taken[] = [];
const NO_HANDLES: readonly Handle[] = [];

/** How many handles are read at once from a list that is too long to be sent. */
const CHUNK = 1024;
/** As many handles as a process can have: of a longer list, no more than these are taken. */
const TAKEN_MAX = 2 ** 20;
const DISPOSITION_SIZE = 20;
const DISPOSITION = {
  size: DISPOSITION_SIZE,
  parse: (view: DataView): Disposition => ({
    operation: view.getUint32(0, true),
    handle: view.getUint32(4, true),
    type: view.getUint32(8, true),
    rights: view.getUint32(12, true),
  }),
};

/** The handles of one message, on their way from the caller. */
export interface MovedHandles {
  /** Whether all of them may go into this channel; the first that may not decides. */
  check(channel: Channel): Refusal;
  /** The handles as the message gets them; they are its own now. */
  release(): readonly Handle[];
}

/** As most messages have none. */
const NONE_MOVED: MovedHandles = { check: () => Status.OK, release: () => NO_HANDLES };

/** Handles that were taken from the caller. */
export class TakenHandles implements MovedHandles {
  readonly #call: Call;
  #taken: readonly Taken[] = NOTHING;
  readonly #report: ((at: number, status: Refusal) => void) | null;
  #unreadable = false;
  #tooMany = false;

  private constructor(call: Call, report: ((at: number, status: Refusal) => void) | null) {
    this.#call = call;
    this.#report = report;
  }

  /** Take the handles whose values a script gave, or that are in memory. */
  static take(call: Call, raw: unknown, length: number): MovedHandles {
    if (length === 0) return NONE_MOVED;
    const moved = new TakenHandles(call, null);
    moved.#takeAll(raw, length, (address, things) => valuesAt(call, address, things), 4);
    return moved;
  }

  /** Take or duplicate handles as a list of dispositions says, whose results are filled in. */
  static dispose(call: Call, raw: unknown, length: number): MovedHandles {
    const moved = new TakenHandles(call, reporter(call, raw));
    const read = (address: number, things: number) =>
      readRecords(call, address, things, DISPOSITION);
    moved.#takeAll(raw, length, read, DISPOSITION_SIZE);
    return moved;
  }

  check(channel: Channel): Refusal {
    let first: Refusal = Status.OK;
    if (this.#unreadable) return Status.INVALID_ARGS;
    if (this.#tooMany) return Status.OUT_OF_RANGE;
    this.#taken.forEach((taken, at) => {
      const status = this.#checkOne(taken, channel);
      if (status === Status.OK) return;
      this.#report?.(at, status);
      if (first === Status.OK) first = status;
    });
    return first;
  }

  release(): readonly Handle[] {
    if (this.#taken.length === 0) return NO_HANDLES;
    return this.#taken.map(({ wanted, handle: held }) => {
      const handle = held!;
      const rights = wanted.rights === Right.SAME_RIGHTS ? handle.rights : wanted.rights;
      if (wanted.operation === HandleOp.DUPLICATE) return new Handle(handle.object, rights);
      if (rights !== handle.rights) return new Handle(handle.object, rights);
      this.#call.keep(handle);
      return handle;
    });
  }

  #takeAll(
    raw: unknown,
    length: number,
    read: (address: number, things: number) => readonly (number | Disposition)[] | number,
    size: number,
  ): void {
    this.#tooMany = length > ChannelLimit.HANDLES_MAX;
    if (Array.isArray(raw)) return raw.forEach((one) => this.#takeOne(one));
    const most = Math.min(length, TAKEN_MAX);
    for (let done = 0; done < most; done += CHUNK) {
      const list = read((raw as number) + done * size, Math.min(CHUNK, most - done));
      if (typeof list === "number") {
        this.#unreadable = true;
        return;
      }
      for (const one of list) this.#takeOne(one);
    }
  }

  #takeOne(wanted: number | Disposition): void {
    const whole = typeof wanted === "number" ? moveOf(wanted) : wanted;
    const { process, row } = this.#call;
    let handle = null;
    if (whole.operation === HandleOp.DUPLICATE) {
      handle = process.handleTable.get(whole.handle);
    } else if (whole.operation === HandleOp.MOVE) {
      handle = process.removeHandle(whole.handle, row.name);
      if (handle) this.#call.took(handle);
    }
    // Of handles that are not sent anyway, nothing need be known but that they are gone.
    if (this.#tooMany) return;
    if (this.#taken === NOTHING) this.#taken = [];
    (this.#taken as Taken[]).push({ wanted: whole, handle });
  }

  #checkOne({ wanted, handle }: Taken, channel: Channel): Refusal {
    const { operation, type, rights } = wanted;
    if (operation !== HandleOp.MOVE && operation !== HandleOp.DUPLICATE) return Status.INVALID_ARGS;
    if (!handle) return badHandle(this.#call, "handles", wanted.handle);
    if (handle.object === channel) return Status.NOT_SUPPORTED;
    if (type !== ObjectType.NONE && type !== handle.object.type) {
      return this.#wrongType(handle, type);
    }
    const isCopy = operation === HandleOp.DUPLICATE;
    const needed = Right.TRANSFER | (isCopy ? Right.DUPLICATE : 0);
    if (!handle.has(needed)) return this.#deny(handle, needed);
    if (rights === Right.SAME_RIGHTS || (rights & ~handle.rights) === 0) return Status.OK;
    return Status.INVALID_ARGS;
  }

  #deny(handle: Handle, needed: number) {
    this.#call.deny({
      status: Status.ACCESS_DENIED,
      argument: "handles",
      koid: handle.object.koid,
      type: handle.object.label,
      wanted: rightsText(needed),
      held: rightsText(handle.rights),
      rule: `a handle needs ${rightsText(needed)} to be sent`,
      grant: rightsText(needed & ~handle.rights),
    });
    return Status.ACCESS_DENIED;
  }

  #wrongType(handle: Handle, type: number) {
    this.#call.deny({
      status: Status.WRONG_TYPE,
      argument: "handles",
      koid: handle.object.koid,
      type: handle.object.label,
      wanted: objectTypeName(type),
      held: handle.object.label,
      rule: "a disposition names the type that its handle must have",
      grant: `a handle of type ${objectTypeName(type)}`,
    });
    return Status.WRONG_TYPE;
  }
}

/** The handles of a message, taken whatever happens; `length` names the argument that counts them. */
export function movedHandles(
  length: string,
): Kind<MovedHandles, readonly number[], "optional", never> {
  const count = new Sibling(length);
  return {
    label: "handles, taken",
    role: "optional",
    shape: listOf(isNumber),
    errors: [],
    otherwise: [],
    consumes: true,
    decode: (raw, call) => TakenHandles.take(call, raw, count.of(call) as number),
  };
}

/** The same, each with what is to become of it. */
export function disposedHandles(
  length: string,
): Kind<MovedHandles, readonly Disposition[], "optional", never> {
  const count = new Sibling(length);
  return {
    label: "dispositions of handles",
    role: "optional",
    shape: listOf(isDisposition),
    errors: [],
    otherwise: [],
    consumes: true,
    decode: (raw, call) => TakenHandles.dispose(call, raw, count.of(call) as number),
  };
}

function moveOf(handle: number): Disposition {
  return {
    operation: HandleOp.MOVE,
    handle: handle >>> 0,
    type: ObjectType.NONE,
    rights: Right.SAME_RIGHTS,
  };
}

function valuesAt(call: Call, address: number, things: number) {
  const bytes = readMemory(call, address, things * 4);
  if (typeof bytes === "number") return bytes;
  const view = new DataView(bytes.buffer);
  return Array.from({ length: things }, (_, at) => view.getUint32(at * 4, true));
}

/** Puts an entry's status into its `result`; entries that are fine keep what was there. */
function reporter(call: Call, raw: unknown): (at: number, status: Refusal) => void {
  if (call.outs) {
    const results = Array.isArray(raw) ? raw.map(() => Status.OK as number) : [];
    call.outs.results = results;
    return (at, status) => results[at] = status;
  }
  return (at, status) => {
    const bytes = new Uint8Array(4);
    new DataView(bytes.buffer).setInt32(0, status, true);
    writeMemory(call, (raw as number) + at * DISPOSITION_SIZE + 16, bytes);
  };
}
