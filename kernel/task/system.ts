/**
 * What all tasks of one kernel share: the ground, the scheduler, and the processor if there is one.
 *
 * @module
 */
import { LogBuffer } from "../ipc/log_buffer.ts";
import { ResourceRanges } from "../ipc/resource_ranges.ts";
import { SystemEvents } from "../ipc/system_events.ts";
import type { Realm } from "../object/realm.ts";
import type { Console, Processor } from "../ports.ts";
import type { Personality } from "./personality.ts";
import type { Scheduler } from "./scheduler.ts";
import { ScriptEntries } from "./script_entries.ts";
import type { Thread } from "./thread.ts";

/** A script that failed instead of ending: the process it was, and what it threw. */
export interface ScriptFailure {
  /** The process's identity. */
  readonly process: number;
  /** The process's name. */
  readonly name: string;
  /** What was thrown. */
  readonly error: unknown;
}

/** What tasks need of the kernel around them. */
export class System {
  /** The ground that objects stand on. */
  readonly realm: Realm;
  /** Who runs next. */
  readonly scheduler: Scheduler;
  /** What executes machine code; absent in a machine that only runs scripts. */
  readonly processor: Processor | null;
  /** Where text goes. */
  readonly console: Console;
  /** How processes are answered that are not told otherwise. */
  readonly personality: Personality;
  /** Programs that are scripts. */
  readonly scripts = new ScriptEntries();
  /** The thread that has the processor now. */
  current: Thread | null = null;
  /** How long nothing could run, in nanoseconds. */
  idleTime = 0;
  /** How many system calls there have been. */
  syscalls = 0;
  /** Scripts that failed: the first thousand. */
  readonly failures: ScriptFailure[] = [];

  #events: SystemEvents | null = null;
  #debugLog: LogBuffer | null = null;
  #resources: ResourceRanges | null = null;

  /** Join the parts. */
  constructor(parts: {
    readonly realm: Realm;
    readonly scheduler: Scheduler;
    readonly processor: Processor | null;
    readonly console: Console;
    readonly personality: Personality;
  }) {
    this.realm = parts.realm;
    this.scheduler = parts.scheduler;
    this.processor = parts.processor;
    this.console = parts.console;
    this.personality = parts.personality;
  }

  /** What was said in the debug log; all of it goes to the console too. */
  get debugLog(): LogBuffer {
    return this.#debugLog ??= this.#newDebugLog();
  }

  /** Which of the machine's resources are taken. */
  get resources(): ResourceRanges {
    return this.#resources ??= new ResourceRanges();
  }

  /** What the machine says of itself; made when somebody first asks. */
  get events(): SystemEvents {
    return this.#events ??= new SystemEvents(this.realm);
  }

  /** Whether anybody ever asked what the machine says of itself. */
  get listenedTo(): boolean {
    return this.#events !== null;
  }

  #newDebugLog(): LogBuffer {
    const log = new LogBuffer();
    log.attach({
      recordAdded: () => {
        const record = log.from(log.next - 1);
        if (record) this.console.write(record.data);
      },
    });
    return log;
  }
}
