/**
 * A handle's view of the debug log: where its reader is.
 *
 * @module
 */
import { ObjectType, Signal, Status } from "../abi.ts";
import { KernelObject } from "../object/object.ts";
import type { Realm } from "../object/realm.ts";
import type { LogBuffer, LogReader, LogRecord } from "./log_buffer.ts";

/** How many bytes a record may have in all, and of these the text. */
export const LOG_RECORD_MAX = 256;
const HEADER = 40;
/** How much text a record may have; what is more is cut off. */
export const LOG_DATA_MAX = LOG_RECORD_MAX - HEADER;

/** Somebody who writes to the log or reads it. */
export class DebugLog extends KernelObject implements LogReader {
  readonly type = ObjectType.LOG;
  readonly #buffer: LogBuffer;
  readonly #reads: boolean;
  #sequence = 0;

  /** A writer, or a reader who has read nothing yet. */
  constructor(realm: Realm, buffer: LogBuffer, reads: boolean) {
    super(realm, ObjectType.LOG, reads && buffer.next > 0 ? Signal.READABLE : 0);
    this.#buffer = buffer;
    this.#reads = reads;
    if (reads) buffer.attach(this);
  }

  /** Say something. */
  write(data: Uint8Array, from: { process: number; thread: number; severity?: number }): void {
    const { process, thread, severity = 0 } = from;
    const time = this.realm.now;
    const text = data.slice(0, LOG_DATA_MAX);
    this.#buffer.add({ severity, time, process, thread, data: text });
  }

  /** The next record that this one has not read; SHOULD_WAIT where there is none. */
  front() {
    return this.#buffer.from(this.#sequence) ?? Status.SHOULD_WAIT;
  }

  /** A record was read. */
  skip(record: LogRecord): void {
    this.#sequence = record.sequence + 1;
    if (this.#sequence === this.#buffer.next) this.updateSignals(Signal.READABLE, 0);
  }

  recordAdded(): void {
    this.updateSignals(0, Signal.READABLE);
  }

  protected override onZeroHandles(): void {
    if (this.#reads) this.#buffer.detach(this);
  }
}

/** A record as it lies in a program's memory. */
export function encodeRecord(record: LogRecord): Uint8Array {
  const bytes = new Uint8Array(HEADER + record.data.length);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(record.sequence), true);
  view.setUint16(12, record.data.length, true);
  view.setUint8(14, record.severity);
  view.setBigInt64(16, BigInt(Math.floor(record.time)), true);
  view.setBigUint64(24, BigInt(record.process), true);
  view.setBigUint64(32, BigInt(record.thread), true);
  bytes.set(record.data, HEADER);
  return bytes;
}
