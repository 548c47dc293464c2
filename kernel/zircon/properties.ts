/**
 * `zx_object_get_property` and `zx_object_set_property`.
 *
 * @module
 */
import {
  decodeProperty,
  encodeProperty,
  ExceptionChannelType,
  ExceptionState,
  ExceptionStrategy,
  type Failure,
  NAME_SIZE,
  Property,
  type PropertyName,
  type PropertyValue,
  Right,
  Status,
} from "../abi.ts";
import { Socket } from "../ipc/socket.ts";
import { KernelObject } from "../object/object.ts";
import { capacity, inBytes, lengthOf } from "../syscall/buffer.ts";
import { outBytes } from "../syscall/out_bytes.ts";
import type { Call, Parked } from "../syscall/call.ts";
import { type Held, held, type ObjectClass, u32 } from "../syscall/kind.ts";
import { syscall } from "../syscall/row.ts";
import { Exception } from "../task/exception.ts";
import { Job } from "../task/job.ts";
import { Process } from "../task/process.ts";
import { Thread } from "../task/thread.ts";
import { Stream } from "../vm/stream.ts";
import { Vmo } from "../vm/vmo.ts";
import { setStreamSize } from "./stream_size.ts";

/** What can be done with one property of one type of object. */
interface Access<N extends PropertyName, T extends KernelObject> {
  readonly type: ObjectClass<T>;
  readonly get?: (object: T) => PropertyValue<N> | { readonly refused: Failure };
  readonly set?: (object: T, value: PropertyValue<N>, by: Setter) => Status | Parked;
}

/** Who sets a property. */
interface Setter {
  readonly handle: Held<KernelObject>;
  readonly call: Call;
}

const BY_NUMBER: ReadonlyMap<number, PropertyName> = new Map(
  Object.entries(Property).map(([name, { number }]) => [number, name as PropertyName]),
);

/** Registers that only x86 has. */
const x86Only = access<never, Thread>({ type: Thread });

const ACCESS: { readonly [N in PropertyName]: Access<N, never> } = {
  REGISTER_GS: x86Only,
  REGISTER_FS: x86Only,
  NAME: access<"NAME", KernelObject>({
    type: KernelObject,
    get: (object) => object.name,
    set: (object, value) => done(() => object.name = value),
  }),
  PROCESS_DEBUG_ADDR: access<"PROCESS_DEBUG_ADDR", Process>({
    type: Process,
    get: (process) => process.debugAddress,
    set: (process, value) => done(() => process.debugAddress = value),
  }),
  PROCESS_VDSO_BASE_ADDRESS: access<"PROCESS_VDSO_BASE_ADDRESS", Process>({
    type: Process,
    get: vdsoBase,
  }),
  PROCESS_BREAK_ON_LOAD: access<"PROCESS_BREAK_ON_LOAD", Process>({
    type: Process,
    get: (process) => process.breakOnLoad,
    set: (process, value) => done(() => process.breakOnLoad = value),
  }),
  PROCESS_HW_TRACE_CONTEXT_ID: access<never, Process>({ type: Process }),
  SOCKET_RX_THRESHOLD: access<"SOCKET_RX_THRESHOLD", Socket>({
    type: Socket,
    get: (socket) => socket.readThreshold,
    set: (socket, value) => socket.setReadThreshold(value),
  }),
  SOCKET_TX_THRESHOLD: access<"SOCKET_TX_THRESHOLD", Socket>({
    type: Socket,
    get: (socket) => socket.peer ? socket.writeThreshold : { refused: Status.PEER_CLOSED },
    set: (socket, value) => socket.setWriteThreshold(value),
  }),
  JOB_KILL_ON_OOM: access<"JOB_KILL_ON_OOM", Job>({
    type: Job,
    set: (job, value) => value > 1 ? Status.INVALID_ARGS : done(() => job.killOnOom = value === 1),
  }),
  EXCEPTION_STATE: access<"EXCEPTION_STATE", Exception>({
    type: Exception,
    get: (exception) => exception.state,
    set: (exception, value) =>
      value > ExceptionState.THREAD_EXIT
        ? Status.INVALID_ARGS
        : done(() => exception.state = value),
  }),
  VMO_CONTENT_SIZE: access<"VMO_CONTENT_SIZE", Vmo>({
    type: Vmo,
    get: (vmo) => vmo.streamSize,
    set: setContentSize,
  }),
  EXCEPTION_STRATEGY: access<"EXCEPTION_STRATEGY", Exception>({
    type: Exception,
    get: (exception) => exception.strategy,
    set: setStrategy,
  }),
  STREAM_MODE_APPEND: access<"STREAM_MODE_APPEND", Stream>({
    type: Stream,
    get: (stream) => stream.append ? 1 : 0,
    set: (stream, value) =>
      value > 1 ? Status.INVALID_ARGS : done(() => stream.append = value === 1),
  }),
};

const objectGetProperty = syscall({
  name: "zx_object_get_property",
  about: "Read one property of an object.",
  args: {
    handle: held(KernelObject, Right.GET_PROPERTY),
    property: u32,
    value: outBytes("valueSize"),
    valueSize: capacity(NAME_SIZE),
  },
  errors: ["WRONG_TYPE", "BUFFER_TOO_SMALL", "NOT_SUPPORTED", "PEER_CLOSED", "INVALID_ARGS"],
  run({ handle: { object }, property, value, valueSize }) {
    const name = BY_NUMBER.get(property);
    const known = name && accessTo(name);
    if (!name || !known?.get) return Status.NOT_SUPPORTED;
    if (valueSize < Property[name].field.size) return Status.BUFFER_TOO_SMALL;
    if (!(object instanceof known.type)) return Status.WRONG_TYPE;
    const found = known.get(object);
    if (typeof found === "object") return found.refused as typeof Status.PEER_CLOSED;
    return value.write(encodeProperty(name, found));
  },
});

const objectSetProperty = syscall({
  name: "zx_object_set_property",
  about: "Change one property of an object.",
  args: {
    handle: held(KernelObject, Right.SET_PROPERTY),
    property: u32,
    value: inBytes("valueSize"),
    valueSize: lengthOf("value"),
  },
  errors: [
    "WRONG_TYPE",
    "BUFFER_TOO_SMALL",
    "NOT_SUPPORTED",
    "INVALID_ARGS",
    "BAD_STATE",
    "ACCESS_DENIED",
    "OUT_OF_RANGE",
    "PEER_CLOSED",
    "NO_MEMORY",
  ],
  run({ handle, property, value }, call) {
    const name = BY_NUMBER.get(property);
    const known = name && accessTo(name);
    if (!name || !known?.set) return Status.NOT_SUPPORTED;
    const { size } = Property[name].field;
    if (name !== "NAME" && value.length < size) return Status.BUFFER_TOO_SMALL;
    if (!(handle.object instanceof known.type)) return Status.WRONG_TYPE;
    const bytes = new Uint8Array(Math.max(size, value.length));
    bytes.set(value);
    const status = known.set(handle.object, decodeProperty(name, bytes), { handle, call });
    return status as typeof Status.INVALID_ARGS | Parked;
  },
});

/** The calls of this file. */
export const PROPERTY_ROWS = { objectGetProperty, objectSetProperty };

/** Only an exception that its debugger holds may be shown to the debugger again. */
function setStrategy(exception: Exception, value: number) {
  if (exception.channel !== ExceptionChannelType.DEBUGGER) return Status.BAD_STATE;
  if (value > ExceptionStrategy.SECOND_CHANCE) return Status.INVALID_ARGS;
  return done(() => exception.strategy = value);
}

function setContentSize(vmo: Vmo, value: number, { handle, call }: Setter) {
  if (!handle.handle.has(Right.WRITE)) {
    call.lacks("handle", handle.handle, Right.WRITE);
    return Status.ACCESS_DENIED;
  }
  return setStreamSize(call, vmo, value);
}

/** Where the file of the vDSO begins, which its code is a part of. */
function vdsoBase({ space }: Process): number {
  const code = space.mappingAt(space.vdsoCode);
  return code ? code.base - code.offset : 0;
}

function done(deed: () => void): typeof Status.OK {
  deed();
  return Status.OK;
}

/** Which objects a property belongs to is known here; from outside it must be looked up. */
function access<N extends PropertyName, T extends KernelObject>(
  of: Access<N, T>,
): Access<N, never> {
  return of as unknown as Access<N, never>;
}

function accessTo(name: PropertyName): Access<PropertyName, KernelObject> {
  return ACCESS[name] as unknown as Access<PropertyName, KernelObject>;
}
