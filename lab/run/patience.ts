/**
 * How long a scenario's code may compute without a sign of life, and the end of what does not stop.
 *
 * JavaScript that goes round and round keeps its thread for ever, and nobody else gets a turn there.
 * A host with `node:vm`, as Deno is, can end it from outside; on another one, such as a page of a
 * browser, everything here does nothing.
 *
 * @module
 */
import { ScenarioError } from "../scenario_error.ts";

/** What a host offers that can end what does not stop. */
interface Host {
  readonly getBuiltinModule?: (name: string) => unknown;
  readonly cpuUsage?: () => { readonly user: number; readonly system: number };
}

interface Ender {
  runInThisContext(options: { readonly timeout: number }): unknown;
}

/** Where the host finds what it is to do; the name is nobody else's. */
const DEED = "zandbox: what is to be done";
/** Time is looked at for one sign of life of up to so many, as long as they come quickly. */
const SIGNS_EACH = 256;
const RARE_SIGNS_EACH = 8;
const QUICK_SECONDS = 0.01;
/** What was busy without a sign of life for this share of what it had was stalled. */
const SILENT_SHARE = 1 / 4;
const MICROSECONDS = 1e6;
const LOOKS_EACH = 16;
const SLICE_MS = 20;

/** The clock as it is, also while programs may not ask for it. */
const clock = performance.now.bind(performance);

/** Something was ended: it is half done, and what it worked on is of no use any more. */
export class OutOfPatience extends ScenarioError {
  /** Whether there was no sign of life; otherwise it only takes longer than it was given. */
  readonly isStalled: boolean;

  /** Ended, stalled or not. */
  constructor(isStalled: boolean) {
    super("it takes longer than it was given: --patience=N gives it more seconds");
    this.isStalled = isStalled;
  }
}

/** What goes on for longer than it was given, and is alive, has so many times as long the next time. */
const GROWS = 8;

/** Do something; where it takes long and is alive, do it again with more time. */
export function patiently<T>(deed: (times: number) => T): T {
  for (let times = 1;; times *= GROWS) {
    try {
      return deed(times);
    } catch (error) {
      if (!(error instanceof OutOfPatience)) throw error;
    }
  }
}

/** The same for what is done in pieces. */
export async function patientlyInPieces<T>(deed: (times: number) => Promise<T>): Promise<T> {
  for (let times = 1;; times *= GROWS) {
    try {
      return await deed(times);
    } catch (error) {
      if (!(error instanceof OutOfPatience)) throw error;
    }
  }
}

/** Ends what goes on for too long. */
export class Patience {
  /** How long it may compute without a sign of life, in seconds. */
  readonly seconds: number;
  /** How many times as long all of it may take. */
  readonly times: number;
  readonly #ender: Ender | null;
  #signs = 0;
  /** Which of the lowest bits are 0 in the number of a sign that the clock is read for. */
  #mask = 0;
  #last = 0;

  /** So many seconds without a sign of life, and all of it so many times as long. */
  constructor(seconds: number, times = 1) {
    this.seconds = seconds;
    this.times = times;
    this.#ender = enderOf(hostOf());
  }

  /** There was a sign of life: somebody made a call, or something was answered. */
  sign(): void {
    if ((++this.#signs & this.#mask) === 0) this.#look(SIGNS_EACH);
  }

  /** The same where signs are few, each of them of many instructions. */
  rareSign(): void {
    if ((++this.#signs & this.#mask) === 0) this.#look(RARE_SIGNS_EACH);
  }

  #look(each: number): void {
    const now = busySeconds();
    const isQuick = now - this.#last < QUICK_SECONDS;
    this.#mask = isQuick ? Math.min(this.#mask * 2 + 1, each - 1) : 0;
    this.#last = now;
  }

  /** Do something to its end, or throw `OutOfPatience`. */
  until<T>(deed: () => T): T {
    if (!this.#ender) return deed();
    const outcomes: (() => T)[] = [];
    const hooks = globalThis as unknown as Record<string, unknown>;
    const before = hooks[DEED];
    hooks[DEED] = () => outcomes.push(outcomeOf(deed));
    this.#last = busySeconds();
    this.#mask = 0;
    try {
      this.#ender.runInThisContext({ timeout: this.seconds * this.times * 1000 });
    } catch {
      // The deed itself throws nothing there, so it was ended; unless that was a moment too late.
    } finally {
      hooks[DEED] = before;
    }
    const [outcome] = outcomes;
    if (outcome) return outcome();
    throw new OutOfPatience(busySeconds() - this.#last >= this.seconds * SILENT_SHARE);
  }
}

/** A piece of work that is short enough for others to have their turn after it. */
export class Slice {
  #asked = 0;
  readonly #start: number = clock();

  /** Whether it is over, which is looked at now and then. */
  get over(): boolean {
    return (++this.#asked & LOOKS_EACH - 1) === 0 && clock() - this.#start > SLICE_MS;
  }
}

/** What came of a deed: its value, or what it throws. */
function outcomeOf<T>(deed: () => T): () => T {
  try {
    const value = deed();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

function hostOf(): Host {
  return (globalThis as { readonly process?: Host }).process ?? {};
}

function enderOf({ getBuiltinModule }: Host): Ender | null {
  const vm = getBuiltinModule?.("node:vm") as
    | { readonly Script?: new (code: string) => Ender }
    | undefined;
  return vm?.Script ? new vm.Script(`globalThis[${JSON.stringify(DEED)}]()`) : null;
}

/**
 * How long all this has kept processors busy: what waits for a processor on a host with much to do is
 * not stalled. A host that does not know has the time that went by.
 */
function busySeconds(): number {
  const used = hostOf().cpuUsage?.();
  return used ? (used.user + used.system) / MICROSECONDS : clock() / 1000;
}
