/**
 * The self-check of the engine, for a machine with handles: no program comes to hold what the closure
 * of a moment before does not allow.
 *
 * A moment is a picture of all programs and of the objects that they hold or could be sent. What is
 * made later is not in it and is not judged; once somebody holds such a thing, the next call that could
 * bring it to others is preceded by a new picture, and so is another one now and then. Who does not ask
 * for the check pays nothing: it listens to events.
 *
 * @module
 */
import { Right, rightNames } from "../../kernel/abi.ts";
import type { HandleMove, KernelEvent } from "../../kernel/events.ts";
import { KernelBug } from "../../kernel/invariant.ts";
import type { Job } from "../../kernel/task/job.ts";
import { type AuthorityGraph, nameIn } from "./authority_graph.ts";
import { graphBelow } from "./authority_moment.ts";
import { Closure, type Rule, RULES } from "./closure.ts";

/** A call that gives a right by another handle than the object's: who may make code, makes it. */
const MAKES_CODE = "zx_vmo_replace_as_executable";

/**
 * How handles come that nobody takes for itself: the first one of a process, what the host gives, and
 * the events of the machine, which the kernel gives to whoever has the job above all.
 */
const GIVEN: readonly string[] = ["process_start", "host", "zx_system_get_event"];

/** Calls by which a handle, or one to the same object, could come to somebody who has none. */
const PASSES_ON = /^zx_(channel_(read|write|call)|process_start|object_get_child|exception_get_)/;

/** For so many objects in a picture a call has to pass before there is another one that nothing demands. */
const OBJECTS_A_CALL = 16;

/** A moment, and what could come of it. */
interface Moment {
  readonly graph: AuthorityGraph;
  readonly closure: Closure;
}

/** Checks all programs below a job for as long as it hears of them. */
export class HandleCheck {
  readonly #job: Job;
  readonly #rules: readonly Rule[];
  #moment: Moment | null = null;
  #isOld = true;
  /** How many calls there were since the last picture. */
  #calls = 0;

  /** A check against the closure by these rules. */
  constructor(job: Job, rules: readonly Rule[] = RULES) {
    this.#job = job;
    this.#rules = rules;
  }

  /** Something happened. */
  hear(event: KernelEvent): void {
    if (event.kind === "syscall") this.#called(event.name);
    else if (event.kind === "handle-gain") this.#judge(event);
  }

  /** Before a call passes anything on, see what there is, if that is not known. */
  #called(name: string): void {
    this.#calls++;
    if (!this.#isOld) return;
    const objects = this.#moment?.graph.objects.size ?? 0;
    if (this.#calls * OBJECTS_A_CALL < objects && !PASSES_ON.test(name)) return;
    this.#isOld = false;
    this.#calls = 0;
    const graph = graphBelow(this.#job);
    this.#moment = { graph, closure: new Closure(graph, this.#rules) };
  }

  #judge({ process, koid, rights, how }: HandleMove): void {
    const { graph, closure } = this.#moment ?? {};
    const program = graph?.programs.find((one) => one.koid === process);
    if (!graph || !closure || !program || !graph.objects.has(koid) || GIVEN.includes(how)) {
      this.#isOld = true;
      return;
    }
    const gift = how === MAKES_CODE ? Right.EXECUTE : 0;
    const left = rightNames(rights & ~gift).filter((right) =>
      !closure.may(program.name, koid, right)
    );
    if (left.length > 0) {
      const name = nameIn(graph.objects, koid);
      const what = left.join("|");
      throw new KernelBug(`${program.name} came to hold ${what} on ${name}, which no rule allows`);
    }
    if (gift !== 0) this.#isOld = true;
  }
}
