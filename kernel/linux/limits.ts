/**
 * How much of everything a process may have.
 *
 * @module
 */
import { DESCRIPTORS_MAX, TASKS_MAX, WAITING_SIGNALS_MAX } from "./bounds.ts";
import { Resource } from "./abi/process.ts";

/** How many kinds of limits there are. */
export const RESOURCES: number = Object.keys(Resource).length;

/** What the limits begin with: the soft and the hard one; infinity is no limit. */
const DEFAULTS: Readonly<Record<number, readonly [soft: number, hard: number]>> = {
  [Resource.STACK]: [8 << 20, Infinity],
  [Resource.CORE]: [0, Infinity],
  [Resource.NPROC]: [TASKS_MAX, TASKS_MAX],
  [Resource.NOFILE]: [1024, DESCRIPTORS_MAX],
  [Resource.MEMLOCK]: [8 << 20, 8 << 20],
  [Resource.SIGPENDING]: [WAITING_SIGNALS_MAX, WAITING_SIGNALS_MAX],
  [Resource.MSGQUEUE]: [819200, 819200],
  [Resource.NICE]: [0, 0],
  [Resource.RTPRIO]: [0, 0],
};

/** The limits of one process. */
export class Limits {
  readonly #soft: number[] = new Array<number>(RESOURCES).fill(Infinity);
  readonly #hard: number[] = new Array<number>(RESOURCES).fill(Infinity);

  /** The limits that the first process has. */
  constructor() {
    for (const [resource, [soft, hard]] of Object.entries(DEFAULTS)) {
      this.#soft[Number(resource)] = soft;
      this.#hard[Number(resource)] = hard;
    }
  }

  /** The limit that holds. */
  soft(resource: number): number {
    return this.#soft[resource]!;
  }

  /** What the limit may be raised to. */
  hard(resource: number): number {
    return this.#hard[resource]!;
  }

  /** Set a limit. */
  set(resource: number, soft: number, hard: number): void {
    this.#soft[resource] = soft;
    this.#hard[resource] = hard;
  }

  /** Others that are the same. */
  copy(): Limits {
    const copy = new Limits();
    for (let one = 0; one < RESOURCES; one++) copy.set(one, this.#soft[one]!, this.#hard[one]!);
    return copy;
  }
}
