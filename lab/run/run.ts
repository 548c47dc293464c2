/**
 * One run of a scenario: a kernel, its world, and a step at a time as a strategy says.
 *
 * @module
 */
import { Kernel } from "../../kernel/kernel.ts";
import type { Processor } from "../../kernel/ports.ts";
import type { Row } from "../../kernel/syscall/row.ts";
import type { Process } from "../../kernel/task/process.ts";
import type { Request, Thread } from "../../kernel/task/thread.ts";
import { Zircon } from "../../kernel/zircon/mod.ts";
import type { Actor, RequestListener, WatchedScript } from "./actor.ts";
import type { ClaimKind, ClaimRecord, Predicate } from "../claim.ts";
import { type Chooser, Director } from "./director.ts";
import type { Footprint } from "../explore/footprint.ts";
import { KernelWorld, type MadeProgram, type WorldListener } from "./kernel_world.ts";
import { callNames, MachineCalls } from "./machine_calls.ts";
import { Provenance } from "../provenance.ts";
import { RunClaims } from "./run_claims.ts";
import { ScenarioError } from "../scenario_error.ts";
import { SharedMemory } from "./shared_memory.ts";
import type { Stage } from "./stage.ts";
import { noteCall, type NotedCall, type Step, stepOf } from "../step.ts";
import type { Scene } from "../view.ts";
import { FailingZircon, type PlannedFailures } from "./planned_failures.ts";
import { machineZircon } from "./watched_zircon.ts";
import type { World } from "../world.ts";

/** Sets a scenario's world up; called anew for every run. */
export type Setup = (world: World) => void;

/** Says who takes each step. */
export interface Strategy {
  /** Which of the actors that can takes the next step; null to end the run. */
  choose(ready: readonly Actor[], previous: Actor | null): Actor | null;
  /** Whether it asks what each step depends on; so it is taken to, if it hears of steps at all. */
  readonly asksFootprints?: boolean;
  /** An actor has taken a step, and this is what it depends on, where it asks for that. */
  stepped?(actor: Actor, footprint: Footprint): void;
  /** An actor can take a step that could not before; `by` made it so, or time did. */
  woke?(actor: Actor, by: Actor | null): void;
}

/** How a run ended. */
export type RunEnding =
  /** Every program ended, or waits for what never comes. */
  | "over"
  /** A claim is wrong. */
  | "violated"
  /** The strategy had seen enough. */
  | "stopped"
  /** It had as many steps as it may. */
  | "steps";

/** Says which calls are worth a look where nobody wants to see all of them. */
export interface News {
  /** Whether a call may do what none has done before. */
  isNew(process: Process, request: Request): boolean;
}

/** A claim that turned out wrong. */
export interface Violation {
  /** The claim. */
  readonly record: ClaimRecord;
  /** The number of the step after which it was wrong. */
  readonly step: number;
}

const ZIRCON = new Zircon();
const NAMES = callNames(ZIRCON.table);
const NO_CONSOLE = { write(): void {} };

/** One run. */
export class Run implements Chooser, Scene, WorldListener, RequestListener {
  /** The kernel. */
  readonly kernel: Kernel;
  /** Who lets actors take steps. */
  readonly director: Director;
  /** The world. */
  readonly world: KernelWorld;
  /** What the step under way depends on. */
  readonly footprint: Footprint;
  /** The numbers of who took each step. */
  readonly choices: number[] = [];
  /** The claim that is wrong, if one is. */
  violation: Violation | null = null;
  step = 0;
  last: Step | null = null;
  readonly answered: Step[] = [];
  readonly history: Step[] = [];
  readonly #stage: Stage;
  readonly #strategy: Strategy;
  /** Its claims. */
  readonly claims: RunClaims;
  /** The names by process, once somebody has asked for one. */
  #names: ReadonlyMap<Process, string> | null = null;
  #killAfter: Map<Process, number> | null = null;
  readonly #shared: SharedMemory | null;
  #noted: Map<WatchedScript, NotedCall> | null = null;
  #machine: MachineCalls | null = null;
  readonly #woken: Actor[] = [];
  /** Calls that were answered between two steps, when time passed. */
  readonly #late: Step[] = [];
  /** Whether machine code that is known has made a call in the step under way. */
  #called = false;
  /** How many calls there were before it, which tells the same where nobody asks for more. */
  #callsBefore = 0;
  #provenance: Provenance | null = null;
  #followed = 0;
  readonly #onStep: ((step: Step, run: Run) => void) | null;
  /** Which calls are looked at where not all are. */
  readonly #news: News | null;
  /** Whether anybody asks what steps depend on. */
  readonly #traced: boolean;
  #exhausted = false;

  /** A run that has not begun. */
  constructor(
    stage: Stage,
    strategy: Strategy,
    onStep: ((step: Step, run: Run) => void) | null,
    news: News | null = null,
  ) {
    this.#stage = stage;
    stage.begun = this;
    this.#strategy = strategy;
    this.#onStep = onStep;
    this.#news = news;
    this.footprint = stage.footprint;
    this.claims = new RunClaims(this, stage.records, stage.footprint);
    this.director = new Director(stage.cast, this, stage.seed);
    stage.memory.reset();
    const { processor } = stage;
    this.kernel = new Kernel({
      memory: processor?.memory ?? stage.memory,
      processor: processor ?? undefined,
      pool: stage.pool,
      entropy: { next: () => this.director.random() },
      identities: () => this.director.identity(),
      console: NO_CONSOLE,
      personality: processor ? machineZircon(processor) : ZIRCON,
      scheduler: this.director,
      scriptStep: 0,
      instructionStep: 0,
    });
    this.#shared = processor && new SharedMemory(processor, this.director, this.footprint);
    this.world = new KernelWorld(this.kernel, this);
    stage.setup(this.world);
    this.world.begins();
    const asked = strategy.stepped !== undefined && strategy.asksFootprints !== false;
    this.#traced = asked || this.#watching;
    if (this.#traced) this.kernel.realm.witness = this.footprint;
    if (this.#machine && this.#traced) {
      this.#machine.noting = this.#watching;
      this.kernel.realm.log.listen(this.#machine.heard);
    }
  }

  get isFirst(): boolean {
    return this.#stage.runs <= 1;
  }

  isNew(program: string, main: unknown): boolean {
    return this.#stage.isNew(program, main);
  }

  /** What executes machine code. */
  get processor(): Processor {
    return this.#stage.wantedProcessor();
  }

  /** Give back what the processor keeps for this run. */
  clear(): void {
    if (!this.#stage.processor) return;
    this.kernel.realm.witness = null;
    this.director.stopped = true;
    this.kernel.rootJob.kill();
    for (const handle of this.world.handles) handle[Symbol.dispose]();
    this.world.clear();
  }

  /** Whether anybody looks at what each step does. */
  get #watching(): boolean {
    return this.claims.some || this.#onStep !== null;
  }

  /** Whether there is something to look at. */
  get #looks(): boolean {
    return this.#watching || (this.#noted !== null && this.#noted.size > 0);
  }

  /** Run to the end. */
  go(): RunEnding {
    if (this.#shared) machineZircon(this.processor).watcher = this.#shared;
    this.kernel.run({ stop: () => this.director.stopped });
    this.director.finishStep();
    if (this.violation) return "violated";
    if (this.#exhausted) return "steps";
    if (this.director.stopped) return "stopped";
    return this.#endsWell() ? "over" : "violated";
  }

  /** The programs that wait for what never comes, with their calls. */
  get waiting(): readonly { readonly program: string; readonly call: string }[] {
    return this.director.actors.filter((actor) => actor && actor.thread.park !== null)
      .map((actor) => ({
        program: this.nameOf(actor.thread),
        call: actor.script?.request?.call ?? "",
      }));
  }

  /** The programs' processes by name. */
  get programs(): ReadonlyMap<string, Process> {
    return this.world.processes;
  }

  /** Where handles and messages came from; followed only as far as somebody asks. */
  get provenance(): Provenance {
    const { history } = this;
    const provenance = this.#provenance ??= new Provenance();
    while (this.#followed < history.length) provenance.note(history[this.#followed++]!);
    return provenance;
  }

  processOf(program: string): Process | undefined {
    return this.world.processes.get(program);
  }

  programMade({ process, script, failures, killAfter, accesses }: MadeProgram): void {
    this.#names = null;
    if (killAfter !== undefined) (this.#killAfter ??= new Map()).set(process, killAfter);
    if (accesses) this.#shared?.interrupt(process);
    if (failures) process.personality = this.#failing(failures);
    if (!script) return this.#knowCallsOf(process);
    script.process = process;
    script.listener = this;
  }

  /** A call that fails takes no step: what comes after it does. */
  #failing(failures: PlannedFailures): FailingZircon {
    const zircon = machineZircon(this.processor);
    return new FailingZircon(zircon, failures, () => this.director.goesOn = true);
  }

  requested(script: WatchedScript, request: Request): void {
    if (this.#traced) this.footprint.call(request.call);
    if (!this.#watching && !this.#news?.isNew(script.process!, request)) return;
    const row = ZIRCON.table.named(request.call) as Row | undefined;
    if (row) (this.#noted ??= new Map()).set(script, noteCall(script.process!, row, request));
  }

  #knowCallsOf(process: Process): void {
    this.#machine ??= new MachineCalls(NAMES, (call) => {
      this.footprint.call(call);
      this.#called = true;
    });
    this.#machine.add(process);
  }

  claimed(kind: ClaimKind, name: string, predicate: Predicate): void {
    this.claims.add(kind, name, predicate);
  }

  leftOut(what: string): void {
    this.#stage.leftOut.add(what);
  }

  choose(ready: readonly Actor[], previous: Actor | null): Actor | null {
    if (this.step >= this.#stage.stepsMax) {
      this.#exhausted = true;
      return null;
    }
    if (this.#woken.length > 0) {
      if (this.#looks) this.#lookAtWoken(this.#late);
      this.#woken.length = 0;
    }
    const actor = this.#strategy.choose(ready, previous);
    if (!actor) return null;
    actor.thread.denial = null;
    this.choices.push(actor.slot);
    if (this.#traced) this.footprint.begin(actor);
    else this.footprint.size = 0;
    this.#called = false;
    this.#callsBefore = this.kernel.system.syscalls;
    if (this.#shared) this.#shared.note = "";
    return actor;
  }

  woke(actor: Actor, by: Actor | null): void {
    this.#strategy.woke?.(actor, by);
    this.#woken.push(actor);
  }

  stepped(actor: Actor): void {
    this.step++;
    if (actor.script) this.#stage.patience.sign();
    else this.#stage.patience.rareSign();
    const { process } = actor.thread;
    if (this.#killAfter?.get(process) === actor.steps) process.kill();
    if (!actor.script && !this.#hasCalled) this.#steppedSilently(actor);
    if (this.#watching) {
      this.#look(actor);
      this.#onStep?.(this.last!, this);
      this.#ask();
    } else if (this.#looks) this.#look(actor);
    if (this.#woken.length > 0) this.#woken.length = 0;
    this.#strategy.stepped?.(actor, this.footprint);
  }

  get #hasCalled(): boolean {
    return this.#traced ? this.#called : this.kernel.system.syscalls > this.#callsBefore;
  }

  /** Machine code has made no call in its step. */
  #steppedSilently({ thread }: Actor): void {
    if (this.#shared!.stopped) return;
    // What it does then may be anything: it ends, or meets an exception.
    this.footprint.everything();
    if (thread.ended || !this.#shared!.isLost(thread)) return;
    const { koid, name } = thread.process;
    const error = new ScenarioError("it computes on and on and never makes a call");
    this.kernel.system.failures.push({ process: koid, name, error });
    thread.process.kill();
  }

  #look(actor: Actor): void {
    this.answered.length = 0;
    this.last = this.#stepOf(actor);
    this.history.push(this.last);
    if (this.last.status !== null) this.answered.push(this.last);
    this.#lookAtWoken(this.answered);
    this.answered.push(...this.#late);
    this.#late.length = 0;
  }

  /** Calls that were answered because of what somebody else did, or because time has passed. */
  #lookAtWoken(answered: Step[]): void {
    for (const woken of this.#woken) {
      const { script } = woken;
      if (script ? !this.#noted?.has(script) : !this.#machine?.has(woken.thread)) continue;
      const step = this.#stepOf(woken);
      if (step.status === null) continue;
      answered.push(step);
      this.history.push(step);
    }
  }

  #stepOf(actor: Actor): Step {
    const { thread, script } = actor;
    const at = {
      number: this.step,
      program: this.nameOf(thread),
      process: thread.process,
      denial: thread.denial,
      note: this.#shared?.note ?? "",
    };
    if (!script) return this.#machineStep(at, thread);
    const ended = script.ended;
    const noted = ended ? null : this.#noted?.get(script) ?? null;
    const body = thread.body;
    const waits = thread.park !== null;
    const reply = ended ? 0 : body?.kind === "script" && !waits ? body.reply : undefined;
    if (!waits) this.#noted?.delete(script);
    return stepOf(at, noted, reply);
  }

  #machineStep(at: Parameters<typeof stepOf>[0], thread: Thread): Step {
    const call = this.#machine?.take(thread);
    if (thread.ended || !call) return stepOf({ ...at, got: [] }, call?.noted ?? null, 0);
    return stepOf({ ...at, got: call.got }, call.noted, call.reply);
  }

  /** What the program of a thread is called. */
  nameOf({ process, name }: Thread): string {
    this.#names ??= new Map([...this.programs].map(([name, process]) => [process, name]));
    return this.#names.get(process) ?? (process.name || name);
  }

  #ask(): void {
    const record = this.claims.ask();
    if (!record || this.violation) return;
    this.violation = { record, step: this.step };
    this.director.stopped = true;
  }

  #endsWell(): boolean {
    const record = this.claims.askAtEnd();
    if (record) this.violation = { record, step: this.step };
    return record === null;
  }
}
