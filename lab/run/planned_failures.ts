/**
 * Calls of one program that fail as planned: they are answered in the kernel's place, and take no step.
 *
 * @module
 */
import { Status } from "../../kernel/abi.ts";
import type { Personality, Trap } from "../../kernel/task/personality.ts";
import type { Request, Thread } from "../../kernel/task/thread.ts";
import { ZIRCON_ROWS } from "../../kernel/zircon/rows.ts";
import { scriptName } from "./machine_calls.ts";
import { ScenarioError } from "../scenario_error.ts";
import type { WatchedZircon } from "./watched_zircon.ts";
import type { CallFault } from "../world.ts";

/** The failures that are planned for one program. */
export class PlannedFailures {
  readonly #faults: readonly CallFault[];
  readonly #counts = new Map<string, number>();

  /** Each fault names a call as scripts do. */
  constructor(faults: readonly CallFault[]) {
    this.#faults = faults;
    const odd = faults.find(({ call }) => !Object.hasOwn(ZIRCON_ROWS, call));
    if (odd) throw new ScenarioError(`no call is named ${odd.call}, so it cannot fail as planned`);
    for (const { call, nth = 1, status } of faults) {
      if (!Object.hasOwn(Status, status) || Status[status] >= Status.OK) {
        throw new ScenarioError(`${call} cannot fail with ${status}: there is no such failure`);
      }
      if (Number.isSafeInteger(nth) && nth > 0) continue;
      throw new ScenarioError(`${call} is not made for the ${nth}th time: the first is 1`);
    }
  }

  /** What a call that is made now answers; undefined if the kernel is to answer it. */
  answer(call: string): number | undefined {
    const nth = (this.#counts.get(call) ?? 0) + 1;
    this.#counts.set(call, nth);
    const fault = this.#faults.find((one) => one.call === call && (one.nth ?? nth) === nth);
    return fault && Status[fault.status];
  }
}

/** Zircon, for a program in machine code some of whose calls fail. */
export class FailingZircon implements Personality {
  readonly name = "zircon";
  readonly #zircon: WatchedZircon;
  readonly #failures: PlannedFailures;
  readonly #onFailed: () => void;

  /** `onFailed` hears of each call that has failed, whose step goes on. */
  constructor(zircon: WatchedZircon, failures: PlannedFailures, onFailed: () => void) {
    this.#zircon = zircon;
    this.#failures = failures;
    this.#onFailed = onFailed;
  }

  onSyscall(thread: Thread): void {
    const row = this.#zircon.callOf(thread);
    const status = row && this.#failures.answer(scriptName(row.name));
    if (status === undefined) return this.#zircon.onSyscall(thread);
    this.#zircon.answer(thread, status);
    this.#onFailed();
  }

  onTrap(thread: Thread, trap: Trap): void {
    this.#zircon.onTrap(thread, trap);
  }

  onTurn(thread: Thread): boolean {
    return this.#zircon.onTurn(thread);
  }

  onRequest(thread: Thread, request: Request): boolean {
    return this.#zircon.onRequest(thread, request);
  }
}
