/**
 * What can be known of any object, and of those that have only a few numbers to tell.
 *
 * @module
 */
import { ClockOption, InfoTopic, Right, SocketOption, Status, StreamMode } from "../abi.ts";
import { Clock } from "../ipc/clock.ts";
import { Interrupt } from "../ipc/interrupt.ts";
import { Resource } from "../ipc/resource.ts";
import { Socket, SOCKET_BYTES_MAX } from "../ipc/socket.ts";
import { Timer } from "../ipc/timer.ts";
import { KernelObject } from "../object/object.ts";
import { PAGE_SIZE } from "../ports.ts";
import { Stream } from "../vm/stream.ts";
import { answer } from "./info_answer.ts";

/** The answers of this file. */
export const BASIC_ANSWERS = [
  answer(InfoTopic.HANDLE_VALID, { type: KernelObject, rights: Right.NONE, records: () => [] }),
  answer(InfoTopic.HANDLE_BASIC, {
    type: KernelObject,
    rights: Right.NONE,
    records({ koid, type, relatedKoid }, { handle: { rights } }) {
      return [{ koid, rights, type, relatedKoid, reserved: 0 }];
    },
  }),
  answer(InfoTopic.HANDLE_COUNT, {
    type: KernelObject,
    rights: Right.INSPECT,
    records: ({ handles }) => [{ handleCount: handles }],
  }),
  answer(InfoTopic.RESOURCE, {
    type: Resource,
    rights: Right.INSPECT,
    records: ({ kind, flags, base, size, name }) => [{ kind, flags, base, size, name }],
  }),
  answer(InfoTopic.SOCKET, { type: Socket, rights: Right.INSPECT, records: aboutSocket }),
  answer(InfoTopic.TIMER, {
    type: Timer,
    rights: Right.INSPECT,
    records: ({ slackMode, clock, deadline, slack }) => [
      { options: slackMode, clockId: clock, deadline, slack },
    ],
  }),
  answer(InfoTopic.STREAM, {
    type: Stream,
    rights: Right.INSPECT,
    records: ({ mode, append, seek, vmo }) => [{
      options: mode | (append ? StreamMode.APPEND : 0),
      seek,
      contentSize: vmo.streamSize,
    }],
  }),
  answer(InfoTopic.INTERRUPT, {
    type: Interrupt,
    rights: Right.INSPECT,
    records: ({ options }) => [{ options }],
  }),
  answer(InfoTopic.CLOCK_MAPPED_SIZE, {
    type: Clock,
    rights: Right.INSPECT,
    records: ({ options }) =>
      options & ClockOption.MAPPABLE ? [{ size: PAGE_SIZE }] : Status.WRONG_TYPE,
  }),
];

/** The bit of a stream's options that says it only writes at its end. */
function aboutSocket(socket: Socket) {
  return [{
    options: socket.isDatagram ? SocketOption.DATAGRAM : SocketOption.STREAM,
    rxBufMax: SOCKET_BYTES_MAX,
    rxBufSize: socket.buffered,
    rxBufAvailable: socket.available,
    txBufMax: socket.peer ? SOCKET_BYTES_MAX : 0,
    txBufSize: socket.peer?.buffered ?? 0,
  }];
}
