/**
 * Where things come from: which message gave a handle, who sent it, and how that one came by it.
 *
 * The chain of a step lies within what must come before it in any order: a message is written before
 * it is read. So a claim that looks at it looks at nothing more than the step.
 *
 * @module
 */
import { ChannelOption, Status } from "../kernel/abi.ts";
import type { Step } from "./step.ts";

/** A message that a program has read. */
export interface Delivery {
  /** The step that read it. */
  readonly read: Step;
  /** The step that wrote it; undefined where the kernel or the scenario did. */
  readonly sent: Step | undefined;
}

/** Follows messages and handles through a run's steps. */
export class Provenance {
  /** For each channel's end, the steps whose messages wait in it. */
  readonly #waiting = new Map<number, Step[]>();
  /** For each program and object, how it got its last handle to it. */
  readonly #gains = new Map<string, Delivery>();
  /** For each program, the message that it read last. */
  readonly #last = new Map<string, Delivery>();

  /** The message that a program read last. */
  lastOf(program: string): Delivery | undefined {
    return this.#last.get(program);
  }

  /**
   * How a step became possible, from last to first: the message that gave the handle which it used,
   * who sent that, and so on until a handle that its holder had from the beginning or made itself.
   */
  causesOf(step: Step): Step[] {
    const chain: Step[] = [];
    const seen = new Set<Step>();
    for (let at: Step | undefined = step; at && !seen.has(at);) {
      seen.add(at);
      const gain = this.#gainOf(at, chain.length === 0);
      if (!gain) break;
      chain.push(gain.read);
      if (gain.sent) chain.push(gain.sent);
      at = gain.sent;
    }
    return chain;
  }

  /** A step was taken, or a call was answered that had been waiting. */
  note(step: Step): void {
    const end = step.objects.handle;
    if (!end || !step.call.startsWith("channel")) return;
    if (/^channelWrite/.test(step.call) && step.status === Status.OK) {
      this.#write(end.related, step);
    } else if (/^channelRead/.test(step.call) && takesMessage(step)) {
      this.#read(end.koid, step, true);
    } else if (/^channelCall/.test(step.call)) {
      if (step.status === null) this.#write(end.related, step);
      else if (step.status === Status.OK) this.#read(end.koid, step, false);
    }
  }

  #gainOf(step: Step, isFirst: boolean): Delivery | undefined {
    const facts = isFirst ? Object.values(step.objects) : step.sent;
    const gains = facts.map(({ koid }) => this.#gains.get(`${step.program} ${koid}`));
    const before = gains.filter((gain) => gain && gain.read.number < step.number);
    return before.at(-1);
  }

  #write(to: number, step: Step): void {
    const queue = this.#waiting.get(to) ?? [];
    this.#waiting.set(to, queue);
    queue.push(step);
  }

  /** The oldest message is read; the answer to a call is the newest. */
  #read(from: number, step: Step, oldest: boolean): void {
    const queue = this.#waiting.get(from);
    const delivery = { read: step, sent: oldest ? queue?.shift() : queue?.pop() };
    this.#last.set(step.program, delivery);
    for (const { koid } of step.got) this.#gains.set(`${step.program} ${koid}`, delivery);
  }
}

/** Whether a reading step takes a message out, be it to throw it away. */
function takesMessage({ status, args }: Step): boolean {
  const discards = (Number(args.options ?? 0) & ChannelOption.READ_MAY_DISCARD) !== 0;
  return status === Status.OK || (discards && status === Status.BUFFER_TOO_SMALL);
}
