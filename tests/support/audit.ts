/**
 * An audit of a kernel: after every call the books of what the call touched are compared, and now and
 * then all of them.
 *
 * @module
 */
import { KernelBug } from "../../kernel/mod.ts";
import type { Kernel } from "../../kernel/kernel.ts";
import { Channel } from "../../kernel/ipc/channel.ts";
import type { KernelObject } from "../../kernel/object/object.ts";
import type { Job } from "../../kernel/task/job.ts";
import type { Personality } from "../../kernel/task/personality.ts";
import type { Process } from "../../kernel/task/process.ts";
import type { Request, Thread } from "../../kernel/task/thread.ts";
import { Mapping } from "../../kernel/vm/mapping.ts";
import { Vmar } from "../../kernel/vm/vmar.ts";
import type { Vmo } from "../../kernel/vm/vmo.ts";
import { FrameLedger } from "./frame_ledger.ts";
import { Ledger, type RegionChange, type TableChange } from "./ledger.ts";
import { type Law, lawsOf, waitLaws } from "./object_laws.ts";

/** What the auditor may be told. */
export interface AuditOptions {
  /** Memory objects that were there before. */
  readonly known?: readonly Vmo[];
  /** After how many calls everything is looked through. */
  readonly sweepEvery?: number;
}

const CROWD = 500;

type Mutable = { -readonly [K in "onSyscall" | "onRequest"]: Personality[K] };

/** Compares the kernel's books with books of its own. */
export class Audit {
  /** How many calls were followed by a comparison. */
  calls = 0;
  readonly #kernel: Kernel;
  readonly #ledger: Ledger;
  readonly #frames: FrameLedger;
  readonly #sweepEvery: number;
  readonly #stop: readonly (() => void)[];
  #name = "nothing";

  /** Begin to audit a kernel; whoever begins must also end it. */
  constructor(kernel: Kernel, { known = [], sweepEvery = 2000 }: AuditOptions = {}) {
    const { realm } = kernel;
    this.#kernel = kernel;
    this.#sweepEvery = sweepEvery;
    this.#ledger = new Ledger(realm);
    this.#frames = new FrameLedger(realm.memory, realm.frames);
    this.#ledger.open();
    const stopFrames = this.#frames.watch((wrong) => this.#ledger.wrong.push(wrong));
    for (const { content } of known) this.#frames.adopt(content);
    this.#stop = [stopFrames, () => this.#ledger.close(), this.#follow(kernel.system.personality)];
  }

  /** Look through everything once more, and audit no longer. */
  end(): void {
    this.#name = "the end";
    this.#check();
    this.#sweep();
    for (const stop of this.#stop) stop();
  }

  /** Stop without a look. */
  leave(): void {
    for (const stop of this.#stop) stop();
  }

  /** A call of this name is over: compare what it touched. */
  called(name: string): void {
    this.calls++;
    this.#name = name;
    this.#check();
    if (this.calls % this.#sweepEvery === 0) this.#sweep();
  }

  #follow(personality: Mutable): () => void {
    const { onSyscall, onRequest } = personality;
    personality.onSyscall = (thread: Thread) => {
      onSyscall.call(personality, thread);
      this.called("a call of machine code");
    };
    personality.onRequest = (thread: Thread, request: Request) => {
      const goesOn = onRequest.call(personality, thread, request);
      this.called(request.call);
      return goesOn;
    };
    return () => {
      delete (personality as Partial<Mutable>).onSyscall;
      delete (personality as Partial<Mutable>).onRequest;
    };
  }

  #check(): void {
    const { touched, tableChanges, regionChanges, wrong } = this.#ledger;
    if (wrong.length > 0) this.#fail(wrong[0]!);
    const { realm } = this.#kernel;
    this.#hold([realm.handles === this.#ledger.handles, "the realm counts its handles"]);
    for (const change of tableChanges) this.#checkTable(change);
    tableChanges.length = 0;
    for (const change of regionChanges) this.#checkRegions(change);
    regionChanges.length = 0;
    for (const sentence of this.#frames.wrong()) this.#fail(sentence);
    if (touched.size === 0) return;
    // Whoever looks at a peer is seen looking: what the look itself touches is not looked at again.
    const objects = [...touched];
    for (const object of objects) this.#checkObject(object);
    touched.clear();
  }

  #checkObject(object: KernelObject, thoroughly = false): void {
    const ledger = this.#ledger;
    const count = ledger.handlesTo(object);
    this.#hold([object.handles === count, "an object counts the handles to it"], object);
    if (object.dead) {
      this.#hold([count === 0, "no handle refers to a dead object"], object);
      ledger.objects.delete(object.koid);
      return;
    }
    for (const law of lawsOf(object)) this.#hold(law, object);
    // A crowd is not looked through after every call.
    if (object.observers > CROWD && !thoroughly) return;
    for (const law of waitLaws(object, ledger.observersOf(object))) this.#hold(law, object);
  }

  #checkTable({ table, value }: TableChange): void {
    const known = this.#ledger.tables.get(table);
    if (!known) return;
    this.#hold([table.size === known.size, "a table counts its handles"]);
    this.#hold([table.get(value) === (known.get(value) ?? null), "a value names its handle"]);
  }

  #checkRegions({ regions, region }: RegionChange): void {
    const { base } = region;
    const near = [regions.upTo(base - 1), regions.from(base), regions.from(base + 1)];
    for (const [at, above] of near.entries()) {
      const below = near[at - 1];
      if (!below || !above || below === above) continue;
      this.#hold([below.base + below.size <= above.base, "regions are in order, and apart"]);
    }
  }

  /** Everything there is. */
  #sweep(): void {
    const { objects, tables } = this.#ledger;
    const named = new Map<KernelObject, number>();
    const count = (object: KernelObject) => named.set(object, (named.get(object) ?? 0) + 1);
    for (const [table, known] of tables) {
      let size = 0;
      for (const [value, handle] of table.entries()) {
        this.#hold([known.get(value) === handle, "a table has the handles that were put there"]);
        count(handle.object);
        size++;
      }
      this.#hold([size === known.size, "a table has all its handles"]);
    }
    for (const object of [...objects.values()]) {
      this.#checkObject(object, true);
      if (!(object instanceof Channel)) continue;
      for (const message of object.messages) {
        for (const { object } of message.handles) count(object);
      }
    }
    for (const [object, count] of named) {
      this.#hold([count <= object.handles, "no handle is in two places"], object);
    }
    const shown = new Map<Vmo, number>();
    this.#sweepJob(this.#kernel.rootJob, shown);
    for (const [vmo, mappings] of shown) {
      this.#hold([vmo.showings.mappings === mappings, "a memory object counts what shows it"], vmo);
    }
    this.#ledger.touched.clear();
  }

  #sweepJob(job: Job, shown: Map<Vmo, number>): void {
    this.#checkObject(job);
    for (const process of job.processes) this.#sweepProcess(process, shown);
    for (const below of job.jobs) {
      this.#hold([below.height === job.height - 1, "a job is one lower than the job above"], below);
      this.#sweepJob(below, shown);
    }
  }

  #sweepProcess(process: Process, shown: Map<Vmo, number>): void {
    this.#checkObject(process);
    const { shared, space } = process;
    const owner = shared === null || [...shared.members][0] === process || space !== shared.space;
    if (owner) this.#sweepRegion(space.root, shown);
  }

  #sweepRegion(region: Vmar, shown: Map<Vmo, number>): void {
    let end = region.base;
    for (const inner of region.regions.all()) {
      this.#hold([inner.base >= end, "regions are in order, and apart"], region);
      end = inner.base + inner.size;
      if (inner instanceof Vmar) {
        this.#hold(
          [inner.alive && inner.space === region.space, "a region is in its space"],
          inner,
        );
        this.#sweepRegion(inner, shown);
      } else if (inner instanceof Mapping) {
        shown.set(inner.vmo, (shown.get(inner.vmo) ?? 0) + 1);
        const within = (inner.access & ~inner.accessMax) === 0;
        this.#hold([within, "a mapping allows no more than it may"], inner.vmo);
      }
    }
    this.#hold([end <= region.end, "what is in a region is within it"], region);
  }

  #hold([holds, sentence]: Law, object?: KernelObject): void {
    if (!holds) this.#fail(object ? `${sentence} (${object.label} ${object.koid})` : sentence);
  }

  #fail(sentence: string): never {
    throw new KernelBug(`after call ${this.calls}, ${this.#name}: ${sentence}`);
  }
}
