/**
 * A machine that runs programs of RT-Smart: a processor, a kernel, and RT-Smart on it with one of its
 * loaders.
 *
 * @module
 */
import { createProcessor, type ProcessorOptions } from "../../cpu/mod.ts";
import type { Listener } from "../../kernel/events.ts";
import { Kernel, type RunEnd } from "../../kernel/kernel.ts";
import { lwpExecve } from "../../kernel/rtsmart/execve.ts";
import type { RegularFile } from "../../kernel/rtsmart/fs/regular_file.ts";
import type { Generation } from "../../kernel/rtsmart/loader.ts";
import type { Lwp } from "../../kernel/rtsmart/lwp.ts";
import { type LayoutName, LAYOUTS } from "../../kernel/rtsmart/mm/layout.ts";
import { RtSmart } from "../../kernel/rtsmart/rtsmart.ts";
import { lwpStartup } from "../../kernel/rtsmart/startup.ts";
import { textOf } from "../../kernel/rtsmart/text.ts";
import { Zircon } from "../../kernel/zircon/mod.ts";
import { LOADERS } from "../../loader/rtsmart/generations.ts";
import { SeededEntropy } from "./seeded_entropy.ts";

/** What may be chosen about a machine. */
export interface RtSmartMachineOptions {
  /** Where chance begins, which RT-Smart leaves nothing to but `getrandom`. 1 unless told. */
  readonly seed?: number;
  /** How much memory guests have. 256 MiB unless told. */
  readonly memoryBytes?: number;
  /** Who executes; as it pays, unless a test wants one tier alone. */
  readonly tier?: NonNullable<ProcessorOptions["tier"]>;
  /** Which loader it has: that of the first years, or the later one, unless told. */
  readonly generation?: Generation;
  /** Which constants of addresses: those that came with the loader, unless told. */
  readonly layout?: LayoutName;
  /** Whether files have a page cache, without which the later loader can load nothing. */
  readonly hasPageCache?: boolean;
  /** Takes what programs write to the console. */
  readonly stdout?: (bytes: Uint8Array) => void;
}

/** What a program is started with. */
export interface RtSmartProgram {
  /** Its path. */
  readonly path: string;
  /** Its arguments, its own name first; the path alone unless told. */
  readonly args?: readonly string[];
  /** Its environment, as `NAME=value`; what the shell gives, unless told. */
  readonly environment?: readonly string[];
}

/** What the shell's `exec` puts into the environment. */
const SHELL_ENVIRONMENT: readonly string[] = ["OS=RT-Thread"];

/** The constants of addresses in the time of each loader. */
const LAYOUT_OF: Readonly<Record<Generation, LayoutName>> = { A: "shared", B: "separate" };

/** A machine that runs programs of RT-Smart. */
export class RtSmartMachine {
  /** Its kernel. */
  readonly kernel: Kernel;
  /** The RT-Smart on it. */
  readonly rtsmart: RtSmart;

  /** A machine in which nothing runs yet. */
  constructor(options: RtSmartMachineOptions = {}) {
    const { seed = 1, memoryBytes, generation = "B", hasPageCache, stdout = () => {} } = options;
    const processor = createProcessor({
      ...(memoryBytes === undefined ? {} : { memoryBytes }),
      ...(options.tier === undefined ? {} : { tier: options.tier }),
    });
    this.kernel = new Kernel({
      memory: processor.memory,
      processor,
      entropy: new SeededEntropy(seed),
      console: { write: () => {} },
      personality: new Zircon(),
    });
    this.rtsmart = new RtSmart({
      kernel: this.kernel,
      loader: LOADERS[generation],
      layout: LAYOUTS[options.layout ?? LAYOUT_OF[generation]],
      write: stdout,
      ...(hasPageCache === undefined ? {} : { hasPageCache }),
    });
  }

  /** Whether a program waits for bytes from outside, and there are none. */
  get wantsInput(): boolean {
    return this.rtsmart.files.console.wanted;
  }

  /** Why its kernel hangs; null while it does not. */
  get panicked(): string | null {
    return this.rtsmart.panicked;
  }

  /** Hear of everything that happens from now on; answers how to stop. */
  listen(listener: Listener): () => void {
    return this.kernel.realm.log.listen(listener);
  }

  /** Bytes for the console. */
  feed(bytes: Uint8Array): void {
    this.rtsmart.files.console.feed(bytes);
  }

  /** There are no more bytes for the console. */
  endInput(): void {
    this.rtsmart.files.console.end();
  }

  /** Make a file, or put another one in its place. */
  put(path: string, bytes: Uint8Array, mode = 0o777): RegularFile {
    return this.rtsmart.files.put(path, bytes, mode);
  }

  /** Start a program; answers its process, or the error why it cannot be started. */
  start(program: RtSmartProgram): Lwp | number {
    const { path, args = [path], environment = SHELL_ENVIRONMENT } = program;
    return lwpExecve(this.rtsmart, {
      path: bytesAsText(path),
      args: args.map(bytesAsText),
      environment: environment.map(bytesAsText),
      caller: null,
    });
  }

  /** Start `/sbin/init` or `/bin/init`, as a machine does that boots. */
  boot(): Lwp | number {
    return lwpStartup(this.rtsmart);
  }

  /** Run until a process has ended, or nothing can go on, or a time has come. */
  run(lwp: Lwp, until = Infinity): RunEnd {
    return this.kernel.run({ stop: () => lwp.ended, until });
  }
}

function bytesAsText(text: string): string {
  return textOf(new TextEncoder().encode(text));
}
