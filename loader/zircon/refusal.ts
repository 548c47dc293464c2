/**
 * Why a program was not started: a status for programs and a sentence for people.
 *
 * @module
 */
import { statusName } from "../../kernel/abi.ts";

/** Why a program was not started. */
export class Refusal {
  /** What the requester's call answers. */
  readonly status: number;
  /** What was wrong, in a sentence. */
  readonly reason: string;

  /** Refuse with a status, for a reason. */
  constructor(status: number, reason: string) {
    this.status = status;
    this.reason = reason;
  }

  /** Refuse because a system call failed while something was being done. */
  static call(status: number, doing: string): Refusal {
    return new Refusal(status, `${doing}: ${statusName(status)}`);
  }
}

/** Narrow "the thing, or why not". */
export function isRefusal<T>(result: T | Refusal): result is Refusal {
  return result instanceof Refusal;
}
