/**
 * A thread as an explorer sees it: a number that is the same in every schedule, and what it does.
 *
 * @module
 */
import type { Request, RunningScript, Script } from "../../kernel/task/thread.ts";
import type { Process } from "../../kernel/task/process.ts";
import type { Thread } from "../../kernel/task/thread.ts";
import type { PlannedFailures } from "./planned_failures.ts";
import { ScenarioError } from "../scenario_error.ts";

/** Told each request before the kernel answers it. */
export interface RequestListener {
  /** A program asks for this. */
  requested(script: WatchedScript, request: Request): void;
}

/** Who takes steps. */
export class Actor {
  /** Its number, the same in every schedule. */
  readonly slot: number;
  /** Its thread in this run. */
  readonly thread: Thread;
  /** Its script, or null for machine code. */
  readonly script: WatchedScript | null;
  /** How many steps it has taken. */
  steps = 0;
  /** How many identities it has given out, and how many random numbers it has drawn. */
  drawn = 0;

  /** A thread under its number. */
  constructor(slot: number, thread: Thread, script: WatchedScript | null) {
    this.slot = slot;
    this.thread = thread;
    this.script = script;
  }
}

/** What all `function*` come from, and how their generators go on. */
const GENERATOR_FUNCTION = Object.getPrototypeOf(function* () {});
const { next: NEXT } = GENERATOR_FUNCTION.prototype as Script;

/** What generators of functions that are called once inherit from. */
const ONCE = Object.create(GENERATOR_FUNCTION.prototype);

/**
 * Spare the host what it makes when a function is first called whose generators may inherit from it:
 * worth it for a function that is called once, and only then.
 */
export function calledOnce(main: object): void {
  if (Object.getPrototypeOf(main) === GENERATOR_FUNCTION) Reflect.set(main, "prototype", ONCE);
}

/** A program whose requests somebody looks at before the kernel does. */
export class WatchedScript implements RunningScript {
  /** The call under way, or made last. */
  request: Request | null = null;
  /** Whether the program has come to its end. */
  ended = false;
  /** Who is told of requests. */
  listener: RequestListener | null = null;
  /** Its process; the script of none until it belongs to a program. */
  process: Process | null = null;
  /** The calls that are answered in the kernel's place, if any are. */
  failures: PlannedFailures | null = null;
  readonly #name: string;
  readonly #inner: Script;
  readonly #isGenerator: boolean;

  /** Watch a program, which begins. */
  constructor(name: string, main: (...values: unknown[]) => Script, values: readonly unknown[]) {
    this.#name = name;
    this.#inner = main(...values);
    this.#isGenerator = Object.getPrototypeOf(main) === GENERATOR_FUNCTION;
    if (!this.#isGenerator && typeof this.#inner?.next !== "function") throw noGenerator(name);
  }

  next(reply: unknown): IteratorResult<Request, void> {
    for (let answer = reply;;) {
      const step = this.#goOn(answer);
      if (step instanceof Promise) throw noGenerator(this.#name);
      if (step.done) {
        this.ended = true;
        this.request = null;
        return step;
      }
      const request = step.value;
      if (typeof request?.call !== "string") throw this.#noCall(request);
      const planned = this.failures?.answer(request.call);
      if (planned === undefined) {
        this.request = request;
        this.listener?.requested(this, request);
        return step;
      }
      answer = planned;
    }
  }

  return(): IteratorResult<Request, void> {
    return this.ended ? { done: true, value: undefined } : this.#inner.return();
  }

  /**
   * Programs are functions made anew for every run, and to the host no two of their generators are
   * alike: to look up `next` in each would cost as much as a system call.
   */
  #goOn(answer: unknown): IteratorResult<Request, void> {
    return this.#isGenerator ? NEXT.call(this.#inner, answer) : this.#inner.next(answer);
  }

  #noCall(value: unknown): ScenarioError {
    const what = value instanceof Promise ? "a promise" : typeof value;
    return new ScenarioError(
      `program ${this.#name} yields ${what} where it must make a call: yield* zx.something(…)`,
    );
  }
}

function noGenerator(name: string): ScenarioError {
  return new ScenarioError(
    `program ${name} is no generator: write function* and yield* each call; a program never awaits`,
  );
}
