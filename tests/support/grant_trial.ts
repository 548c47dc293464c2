/**
 * Whether what a denial says would do, does: each refusal is tried once more with the grant that it
 * names, and with less than that.
 *
 * @module
 */
import { ExceptionChannelType, ResourceKind, Right, rightsText, Status } from "../../kernel/abi.ts";
import type { Denial } from "../../kernel/events.ts";
import { Resource } from "../../kernel/ipc/resource.ts";
import { ResourceRanges } from "../../kernel/ipc/resource_ranges.ts";
import { Handle } from "../../kernel/object/handle.ts";
import type { KernelObject } from "../../kernel/object/object.ts";
import { type Call, PARKED } from "../../kernel/syscall/call.ts";
import type { Performer } from "../../kernel/syscall/performer.ts";
import { Exception } from "../../kernel/task/exception.ts";
import { Policy } from "../../kernel/task/policy.ts";
import { Process } from "../../kernel/task/process.ts";

/** What came of a grant: the refusal is gone, it is there still, or there was nothing to try. */
export type Verdict = "gone" | "still there" | "too much" | "not tried";

interface Held {
  readonly object: KernelObject;
  readonly rights: number;
}

/** A call that was refused, as it was before. */
export class GrantTrial {
  readonly #call: Call;
  readonly #raws: readonly unknown[];
  readonly #held = new Map<number, Held>();

  /** Remember what a call was given, before it is done. */
  constructor(call: Call) {
    this.#call = call;
    this.#raws = [...call.raws];
    for (const raw of this.#raws) this.#remember(raw);
    for (const { object } of this.#held.values()) object.hold();
  }

  /** It is over. */
  end(): void {
    for (const { object } of this.#held.values()) object.drop();
  }

  /** Do it again with what its denial says would do. */
  attempt(perform: Performer): Verdict {
    const { thread, refused } = this.#call;
    const denial = thread.denial!;
    const verdict = this.#attempt(perform, denial);
    thread.denial = denial;
    Object.assign(this.#call, { refused, denied: true });
    return verdict;
  }

  #attempt(perform: Performer, denial: Denial): Verdict {
    const rights = rightsIn(denial.grant);
    if (rights === null) return this.#withAnother(perform, denial);
    if (this.#subjectOf(denial) === null) return "not tried";
    for (let bit = 1; bit <= rights; bit *= 2) {
      if ((rights & bit) === 0 || rights === bit) continue;
      if (!this.#refused(perform, denial, { more: rights & ~bit })) return "too much";
    }
    return this.#refused(perform, denial, { more: rights }) ? "still there" : "gone";
  }

  /** What is granted is another object, or another life. */
  #withAnother(perform: Performer, denial: Denial): Verdict {
    const { process } = this.#call;
    if (denial.grant.startsWith("a process in a job whose policy allows")) {
      const { policy } = process;
      Object.assign(process, { policy: Policy.allowAll });
      const refused = this.#refused(perform, denial, {});
      Object.assign(process, { policy });
      return refused ? "still there" : "gone";
    }
    const subject = this.#subjectOf(denial);
    const other = subject && this.#otherFor(denial, subject.object);
    if (!other) return "not tried";
    return this.#refused(perform, denial, { other }) ? "still there" : "gone";
  }

  #otherFor({ grant, wanted }: Denial, subject: KernelObject): KernelObject | null {
    const { realm, process } = this.#call;
    const system = grant.match(/^a resource of kind SYSTEM that has (\d+) in its range$/);
    const range = wanted.match(/^kind (\d+), from (\d+), (\d+) in all$/);
    if (system || (range && subject instanceof Resource)) {
      const [kind, base, size] = system
        ? [ResourceKind.SYSTEM, Number(system[1]), 1]
        : range!.slice(1).map(Number) as [number, number, number];
      const whole = { kind: kind!, base: base!, size: size!, exclusive: false };
      return new Resource(realm, { ranges: new ResourceRanges(), range: whole, claimed: false });
    }
    if (grant.startsWith("a handle to the root job")) {
      let job = process.job;
      while (job.parent) job = job.parent;
      return job;
    }
    if (grant === "a handle to another process") {
      const other = Process.create(process.job, "another");
      return typeof other === "number" ? null : other;
    }
    if (grant === "an exception channel of the process" && subject instanceof Exception) {
      subject.channel = ExceptionChannelType.PROCESS;
      return subject;
    }
    return null;
  }

  /** Whether the call is refused for the same reason, with more rights or another object. */
  #refused(
    perform: Performer,
    denial: Denial,
    { more = 0, other }: { more?: number; other?: KernelObject },
  ): boolean {
    const call = this.#call;
    const values = this.#renew(denial, more, other);
    call.begin(call.thread, call.row);
    this.#raws.forEach((raw, at) => call.raws[at] = translated(raw, values));
    call.thread.denial = null;
    const answer = perform(call);
    this.#raws.forEach((raw, at) => call.raws[at] = raw);
    if (answer === PARKED) {
      call.thread.park?.abort();
      call.thread.park = null;
    }
    const again = call.thread.denial as Denial | null;
    return answer === Status.ACCESS_DENIED && again?.argument === denial.argument &&
      again.rule === denial.rule;
  }

  /** Fresh handles for all that the call was given; the one that was refused has what it lacked. */
  #renew(denial: Denial, more: number, other?: KernelObject): Map<number, number> {
    const values = new Map<number, number>();
    for (const [value, { object, rights }] of this.#held) {
      if (object.dead) continue;
      const isSubject = object.koid === denial.koid && this.#isArgument(value, denial.argument);
      const granted = isSubject ? rights | more : rights;
      const handle = isSubject && other
        ? new Handle(other, rights | Right.MANAGE_PROCESS)
        : new Handle(object, granted);
      values.set(value, this.#call.process.addHandle(handle, "trial"));
    }
    return values;
  }

  #subjectOf(denial: Denial): Held | null {
    for (const [value, held] of this.#held) {
      const { object } = held;
      if (object.koid === denial.koid && this.#isArgument(value, denial.argument)) return held;
    }
    return null;
  }

  #isArgument(value: number, argument: string): boolean {
    const { names } = this.#call.row;
    const at = names.indexOf(argument);
    // Handles in a list, or in a record, have no argument of their own.
    return at < 0 || typeof this.#raws[at] !== "number" || this.#raws[at] === value;
  }

  #remember(raw: unknown): void {
    if (typeof raw === "number") {
      const handle = this.#call.process.handleTable.get(raw);
      if (handle) this.#held.set(raw, { object: handle.object, rights: handle.rights });
    } else if (isRecord(raw)) { for (const part of Object.values(raw)) this.#remember(part); }
  }
}

function isRecord(raw: unknown): raw is Record<string, unknown> {
  return typeof raw === "object" && raw !== null && !ArrayBuffer.isView(raw);
}

/** What a call is given, with other values in place of its handles. */
function translated(raw: unknown, values: ReadonlyMap<number, number>): unknown {
  if (typeof raw === "number") return values.get(raw) ?? raw;
  if (Array.isArray(raw)) return raw.map((part) => translated(part, values));
  if (!isRecord(raw)) return raw;
  return Object.fromEntries(Object.entries(raw).map(([k, part]) => [k, translated(part, values)]));
}

/** The rights in a grant; null if it is something else. */
function rightsIn(grant: string): number | null {
  let rights = 0;
  for (const name of grant.split("|")) {
    const right = Right[name as keyof typeof Right];
    if (right === undefined) return null;
    rights |= right;
  }
  return rightsText(rights) === grant ? rights : null;
}
