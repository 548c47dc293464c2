/**
 * A Linux for tests: a processor, a kernel, the formats of programs, and files that tests put in.
 *
 * @module
 */
import { createProcessor } from "../../cpu/mod.ts";
import { buildLinuxVdso } from "../../guests/linux_vdso.ts";
import type { EventBodies, KernelEvent } from "../../kernel/events.ts";
import { Kernel } from "../../kernel/kernel.ts";
import { Directory } from "../../kernel/linux/fs/directory.ts";
import { HostStream } from "../../kernel/linux/fs/host_stream.ts";
import { RegularFile } from "../../kernel/linux/fs/regular_file.ts";
import type { Group } from "../../kernel/linux/group.ts";
import { launch, type LaunchOptions } from "../../kernel/linux/launch.ts";
import { Linux } from "../../kernel/linux/linux.ts";
import type { Processor } from "../../kernel/ports.ts";
import { Zircon } from "../../kernel/zircon/mod.ts";
import { ELF_FORMAT } from "../../loader/linux/binfmt_elf.ts";
import { SeededEntropy } from "./realm.ts";

/** How a program ended, and what it said. */
export interface Ended {
  /** As `wait4` says it. */
  readonly status: number;
  /** What it wrote. */
  readonly output: string;
}

/** A Linux, and what its programs wrote. */
export class LinuxMachine {
  readonly linux: Linux;
  readonly kernel: Kernel;
  readonly events: KernelEvent[] = [];
  readonly stdin: HostStream;
  output = "";
  readonly #stdout: HostStream;

  /** A machine without programs. */
  constructor({ memoryBytes = 64 << 20 } = {}) {
    // The processor satisfies the kernel's port by its shape.
    const processor = createProcessor({ memoryBytes }) as unknown as Processor;
    this.kernel = new Kernel({
      memory: processor.memory,
      processor,
      entropy: new SeededEntropy(1),
      console: { write: () => {} },
      personality: new Zircon(),
    });
    this.linux = new Linux({ kernel: this.kernel, vdso: buildLinuxVdso() });
    this.linux.registerFormat(ELF_FORMAT);
    const decoder = new TextDecoder();
    this.stdin = new HostStream(this.linux.rootFs, () => {});
    this.#stdout = new HostStream(this.linux.rootFs, (bytes) => {
      this.output += decoder.decode(bytes);
    });
  }

  /** Remember what happens. */
  listen(): void {
    this.kernel.realm.log.listen((event) => void this.events.push(event));
  }

  /** The steps of the load model, by name. */
  get steps(): string[] {
    return this.events.filter(({ kind }) => kind === "load")
      .map((event) => (event as unknown as EventBodies["load"]).step);
  }

  /** Put a file into the root directory. */
  put(name: string, bytes: Uint8Array, mode = 0o755): RegularFile {
    const file = new RegularFile(this.linux.rootFs, { mode });
    file.writeAt(0, bytes);
    this.linux.root.put(name, file);
    return file;
  }

  /** Put a directory into the root directory. */
  directory(name: string, mode = 0o755): Directory {
    const directory = new Directory(this.linux.rootFs, { mode });
    this.linux.root.put(name, directory);
    return directory;
  }

  /** Start a program; answers its process, or why it cannot be executed. */
  start(path: string, args: readonly string[] = [path], options: Partial<LaunchOptions> = {}) {
    const files = [this.stdin, this.#stdout, this.#stdout];
    return launch(this.linux, { path, args, files, ...options });
  }

  /** Run a program to its end. */
  run(path: string, args: readonly string[] = [path], options: Partial<LaunchOptions> = {}): Ended {
    const group = this.start(path, args, options);
    if (typeof group === "number") throw new Error(`${path} answers ${group}`);
    return this.finish(group);
  }

  /** Run until a process has ended. */
  finish(group: Group): Ended {
    const why = this.kernel.run({ stop: () => group.ended });
    if (!group.ended) throw new Error(`the machine is ${why}, the program has not ended`);
    return { status: group.exitStatus, output: this.output };
  }
}
