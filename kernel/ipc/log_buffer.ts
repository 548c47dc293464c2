/**
 * What was said in the debug log: the last records, for whoever reads them.
 *
 * @module
 */

/** One thing that was said. */
export interface LogRecord {
  /** The records before it, lost ones too. */
  readonly sequence: number;
  /** How bad it is. */
  readonly severity: number;
  /** When it was said. */
  readonly time: number;
  /** Which process said it, and which thread. */
  readonly process: number;
  readonly thread: number;
  /** What was said. */
  readonly data: Uint8Array;
}

/** Somebody who reads the log and wants to know of new records. */
export interface LogReader {
  /** There is a new record. */
  recordAdded(): void;
}

/** How many records are kept. */
const RECORDS_MAX = 512;

/** The log. The oldest records make room for new ones. */
export class LogBuffer {
  readonly #records: LogRecord[] = [];
  readonly #readers = new Set<LogReader>();
  #sequence = 0;

  /** The number that the next record will have. */
  get next(): number {
    return this.#sequence;
  }

  /** Add a record. */
  add(record: Omit<LogRecord, "sequence">): void {
    const sequence = this.#sequence++;
    this.#records[sequence % RECORDS_MAX] = { ...record, sequence };
    for (const reader of this.#readers) reader.recordAdded();
  }

  /** The oldest record that is still here and not older than this; null where there is none. */
  from(sequence: number): LogRecord | null {
    const oldest = Math.max(sequence, this.#sequence - RECORDS_MAX);
    return oldest < this.#sequence ? this.#records[oldest % RECORDS_MAX]! : null;
  }

  /** Tell somebody of each new record from now on. */
  attach(reader: LogReader): void {
    this.#readers.add(reader);
  }

  /** Tell somebody nothing any more. */
  detach(reader: LogReader): void {
    this.#readers.delete(reader);
  }
}
