/**
 * `zx_port_*`: packets from many objects, in one queue.
 *
 * @module
 */
import {
  DEFAULT_RIGHTS,
  PolicyCondition,
  PolicyExceptionCode,
  PORT_BIND_TO_INTERRUPT,
  Right,
  Status,
  ThreadState,
} from "../abi.ts";
import { encodePacket, type Packet, PACKET_SIZE, type PacketBody } from "../ipc/packet.ts";
import { Port } from "../ipc/port.ts";
import { KernelObject } from "../object/object.ts";
import { Waiter } from "../object/waiter.ts";
import { outHandle } from "../syscall/buffer.ts";
import { allowedBy, deadline, handle, held, options, u64Exact } from "../syscall/kind.ts";
import { inRecord, outRecord } from "../syscall/record.ts";
import { syscall } from "../syscall/row.ts";
import { isBig, isBytes, isNumber, maybe, withFields } from "../syscall/shape.ts";
import { offend } from "../task/enforcement.ts";

/** A packet as a script sees it. */
export interface PacketValue {
  /** What the program knows it by. */
  readonly key: bigint;
  /** The status that came with it. */
  readonly status: number;
  /** What happened. */
  readonly body: PacketBody;
}

/** A packet that a program makes. */
export interface UserPacketValue {
  /** What the receiver is to know it by. */
  readonly key: bigint;
  /** A status to go with it. */
  readonly status?: number;
  /** 32 bytes of its own; zeros, unless told. */
  readonly data?: Uint8Array;
}

const DATA_SIZE = 32;

const userPacket = inRecord<UserPacketValue>({
  size: PACKET_SIZE,
  shape: withFields({ key: isBig, status: maybe(isNumber), data: maybe(isBytes) }),
  parse: (view) => ({
    key: view.getBigUint64(0, true),
    status: view.getInt32(12, true),
    data: new Uint8Array(view.buffer, view.byteOffset + 16, DATA_SIZE).slice(),
  }),
});

const outPacket = outRecord<PacketValue>(encodePacket);

const portCreate = syscall({
  name: "zx_port_create",
  about: "Make a port.",
  args: {
    options: options(PORT_BIND_TO_INTERRUPT),
    out: outHandle,
    policy: allowedBy(PolicyCondition.NEW_PORT),
  },
  errors: [],
  run({ options, out }, call) {
    return out.give(new Port(call.realm, options !== 0), DEFAULT_RIGHTS.port);
  },
});

const portQueue = syscall({
  name: "zx_port_queue",
  about: "Put a packet of the caller's own into a port.",
  args: { handle: handle(Port, Right.WRITE), packet: userPacket },
  errors: ["SHOULD_WAIT", "NO_MEMORY"],
  run({ handle: port, packet }, call) {
    if (port.full) offend(call, PolicyExceptionCode.PORT_TOO_MANY_PACKETS, port);
    const data = new Uint8Array(DATA_SIZE);
    data.set(packet.data?.subarray(0, DATA_SIZE) ?? []);
    return port.queueUser(BigInt.asUintN(64, packet.key), data, packet.status ?? 0);
  },
});

/** A thread that waits for a packet. */
class PacketWait extends Waiter<Packet> {
  readonly #done: (packet: Packet | null) => void;

  constructor(done: (packet: Packet | null) => void) {
    super();
    this.#done = done;
  }

  onTurn(packet: Packet): void {
    this.#done(packet);
  }

  onGone(): void {
    this.#done(null);
  }
}

const portWait = syscall({
  name: "zx_port_wait",
  about: "Take the next packet out of a port, interrupts first.",
  args: { handle: handle(Port, Right.READ), deadline, packet: outPacket },
  errors: ["TIMED_OUT", "CANCELED"],
  run({ handle: port, deadline, packet: out }, call) {
    const packet = port.take();
    if (packet) return out.set(valueOf(packet));
    if (deadline <= call.realm.now) return Status.TIMED_OUT;
    return call.park({
      state: ThreadState.BLOCKED_PORT,
      deadline,
      begin(finish) {
        const wait = new PacketWait((packet) =>
          finish(packet ? out.set(valueOf(packet)) : Status.CANCELED)
        );
        port.wait(wait);
        return () => port.unwait(wait);
      },
      timedOut: () => Status.TIMED_OUT,
    });
  },
});

const portCancel = syscall({
  name: "zx_port_cancel",
  about: "Take back what one handle was waited by under one key, and the packets it became.",
  args: {
    handle: handle(Port, Right.WRITE),
    source: held(KernelObject, Right.WAIT),
    key: u64Exact,
  },
  errors: ["NOT_FOUND", "NOT_SUPPORTED"],
  run({ handle: port, source, key }) {
    if (!source.object.waitable) return Status.NOT_SUPPORTED;
    return port.cancel(source.handle, key);
  },
});

const portCancelKey = syscall({
  name: "zx_port_cancel_key",
  about: "Take back every wait under one key, and every packet that has it.",
  args: { handle: handle(Port, Right.WRITE), options: options(0), key: u64Exact },
  errors: ["NOT_FOUND"],
  run({ handle: port, key }) {
    return port.cancelKey(key);
  },
});

/** The calls of this file. */
export const PORT_ROWS = { portCreate, portQueue, portWait, portCancel, portCancelKey };

function valueOf({ key, status, body }: Packet): PacketValue {
  return { key, status, body };
}
