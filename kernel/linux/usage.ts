/**
 * What tasks have used of the machine: its time, its memory, and the attention of its kernel.
 *
 * Time is that of the instructions executed. What the kernel does takes none, so the system's part of
 * it is that of the instructions that call.
 *
 * @module
 */
import { TICK } from "./duration.ts";

/** What a task has used, or several together. */
export class Usage {
  /** Nanoseconds of the processor. */
  time = 0;
  /** How many of them went to calls. */
  systemTime = 0;
  /** Pages that were missing; minor faults all of them, for what is mapped is in memory as a whole. */
  faults = 0;
  /** How often there was nothing to do but wait. */
  waits = 0;
  /** How often another's turn came while there was something to do. */
  preemptions = 0;
  /** Pages that were there at most. */
  residentMost = 0;

  /** Bytes that calls read. */
  bytesRead = 0;
  /** Bytes that calls wrote. */
  bytesWritten = 0;
  /** Calls that read. */
  reads = 0;
  /** Calls that wrote. */
  writes = 0;

  /** How many nanoseconds went to instructions of the program. */
  get userTime(): number {
    return Math.max(0, this.time - this.systemTime);
  }

  /** The time in hundredths of a second, as programs are told it. */
  get ticks(): { readonly user: number; readonly system: number } {
    const whole = (nanos: number) => Math.floor(nanos / TICK);
    return { user: whole(this.userTime), system: whole(this.systemTime) };
  }

  /** A call has read, or could not; answers what it does. */
  read<T extends number | null>(answer: T): T {
    if (answer === null) return answer;
    this.reads++;
    if (answer > 0) this.bytesRead += answer;
    return answer;
  }

  /** A call has written, or could not; answers what it does. */
  wrote<T extends number | null>(answer: T): T {
    if (answer === null) return answer;
    this.writes++;
    if (answer > 0) this.bytesWritten += answer;
    return answer;
  }

  /** The same and what somebody else has used. */
  plus(other: Usage): Usage {
    const sum = new Usage();
    sum.time = this.time + other.time;
    sum.systemTime = this.systemTime + other.systemTime;
    sum.faults = this.faults + other.faults;
    sum.waits = this.waits + other.waits;
    sum.preemptions = this.preemptions + other.preemptions;
    sum.bytesRead = this.bytesRead + other.bytesRead;
    sum.bytesWritten = this.bytesWritten + other.bytesWritten;
    sum.reads = this.reads + other.reads;
    sum.writes = this.writes + other.writes;
    sum.residentMost = Math.max(this.residentMost, other.residentMost);
    return sum;
  }
}
