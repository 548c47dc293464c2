/**
 * A machine that runs Linux programs: a processor, a kernel, and Linux on it with its formats.
 *
 * @module
 */
import { createProcessor, type ProcessorOptions } from "../../cpu/mod.ts";
import { buildLinuxVdso } from "../../guests/linux_vdso.ts";
import type { Listener } from "../../kernel/events.ts";
import { Kernel, type RunEnd } from "../../kernel/kernel.ts";
import type { Directory } from "../../kernel/linux/fs/directory.ts";
import { furnish } from "../../kernel/linux/fs/first_tree.ts";
import { directoryAt, mountHost } from "../../kernel/linux/fs/mounting.ts";
import { HostStream } from "../../kernel/linux/fs/host_stream.ts";
import type { OpenFile } from "../../kernel/linux/fs/open_file.ts";
import { RegularFile } from "../../kernel/linux/fs/regular_file.ts";
import { Terminal } from "../../kernel/linux/fs/terminal.ts";
import { mountTracing } from "../../kernel/linux/fs/trace_marker.ts";
import { openTerminal, showTerminal } from "../../kernel/linux/fs/terminal_device.ts";
import type { Group } from "../../kernel/linux/group.ts";
import { launch, type LaunchOptions } from "../../kernel/linux/launch.ts";
import { Linux } from "../../kernel/linux/linux.ts";
import { nameOfText } from "../../kernel/linux/name.ts";
import { sendToGroup } from "../../kernel/linux/signal/send.ts";
import { SignalCode, SignalNumber } from "../../kernel/linux/abi/signal.ts";
import type { HostFiles } from "../../kernel/ports.ts";
import { Zircon } from "../../kernel/zircon/mod.ts";
import { ELF_FORMAT } from "../../loader/linux/binfmt_elf.ts";
import { MiscFormat } from "../../loader/linux/binfmt_misc.ts";
import { SCRIPT_FORMAT } from "../../loader/linux/binfmt_script.ts";
import { ZCORE_FORMAT } from "../../loader/linux/zcore.ts";
import { type AuthorityMoment, momentOf, reachIn } from "../authority/authority_moment.ts";
import { type Rule, RULES } from "../authority/closure.ts";
import { LinuxCheck } from "../authority/linux_check.ts";
import { LinuxGraphs } from "../authority/linux_graph.ts";
import type { Reachable } from "../load/request.ts";
import { SeededEntropy } from "./seeded_entropy.ts";

/** What is typed for a signal at a terminal that nobody has told otherwise. */
const TYPED: Readonly<Record<number, number>> = {
  [SignalNumber.SIGINT]: 3,
  [SignalNumber.SIGQUIT]: 28,
  [SignalNumber.SIGTSTP]: 26,
};

/** What may be chosen about a machine. */
export interface LinuxMachineOptions {
  /** Where chance begins. 1 unless told. */
  readonly seed?: number;
  /** How much memory guests have. 256 MiB unless told. */
  readonly memoryBytes?: number;
  /** How machine code is executed; as it pays, unless told. What happens is the same. */
  readonly tier?: NonNullable<ProcessorOptions["tier"]>;
  /** Seconds since 1970 when the machine begins. */
  readonly epoch?: number;
  /** Whether addresses are left to chance. */
  readonly randomize?: boolean;
  /**
   * Takes what programs write to descriptor 1; answers false where nobody wants it any more, or an
   * error of Linux where it cannot be put down.
   */
  readonly stdout?: (bytes: Uint8Array) => unknown;
  /** The same for descriptor 2. */
  readonly stderr?: (bytes: Uint8Array) => unknown;
  /** How many bytes programs can write to each of the two; ENOSPC after that. No end unless told. */
  readonly outputBytes?: number;
  /** The kernel whose mistakes this one makes too. */
  readonly faithful?: "zcore";
  /** Whether descriptors 0 to 2 are a terminal. */
  readonly isTerminal?: boolean;
  /** Files of the host by the path where they are to be seen. */
  readonly mounts?: Readonly<Record<string, HostFiles>>;
  /** By which rules authority may spread: all, unless told. What is gained beyond them is a bug. */
  readonly rules?: readonly Rule[];
}

/** What a program is started with. */
export interface LinuxProgram {
  /** Its path. */
  readonly path: string;
  /** Its arguments, its own name first; the path alone unless told. */
  readonly args?: readonly string[];
  /** Its environment, as `NAME=value`. */
  readonly environment?: readonly string[];
  /** The directory that it begins in. */
  readonly directory?: string;
  /** The user and the group that it is of; 0 unless told. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

/** A machine that runs Linux programs. */
export class LinuxMachine {
  /** Its kernel. */
  readonly kernel: Kernel;
  /** The Linux on it. */
  readonly linux: Linux;
  /** Formats that are known by how files begin or are called. */
  readonly misc: MiscFormat = new MiscFormat();
  readonly #graphs: LinuxGraphs;
  readonly #terminal: Terminal | null = null;
  readonly #input: HostStream;
  readonly #files: readonly OpenFile[];

  /** A machine in which nothing runs yet. */
  constructor(options: LinuxMachineOptions = {}) {
    const { seed = 1, memoryBytes, tier, epoch, randomize, mounts = {} } = options;
    const { stdout = () => {}, stderr = stdout } = options;
    const processor = createProcessor({
      ...(memoryBytes === undefined ? {} : { memoryBytes }),
      ...(tier ? { tier } : {}),
    });
    this.kernel = new Kernel({
      memory: processor.memory,
      processor,
      entropy: new SeededEntropy(seed),
      console: { write: () => {} },
      personality: new Zircon(),
    });
    this.linux = new Linux({
      kernel: this.kernel,
      vdso: buildLinuxVdso(),
      ...(epoch === undefined ? {} : { epoch }),
      ...(randomize === undefined ? {} : { randomize }),
    });
    this.#graphs = new LinuxGraphs(this.linux);
    this.linux.witness = new LinuxCheck(this.#graphs, options.rules);
    this.linux.leaksSockets = options.faithful === "zcore";
    const strict = [this.misc, SCRIPT_FORMAT, ELF_FORMAT];
    const formats = options.faithful ? [ZCORE_FORMAT, ...strict] : strict;
    for (const format of formats) this.linux.registerFormat(format);
    for (const [path, host] of Object.entries(mounts)) mountHost(this.linux, path, host);
    furnish(this.linux);
    mountTracing(this.linux);
    this.#input = new HostStream(this.linux.rootFs, () => {});
    if (options.isTerminal) {
      this.#terminal = new Terminal(this.linux, stdout);
      showTerminal(this.linux, this.#terminal);
      const file = openTerminal(this.linux, this.#terminal);
      this.#files = [file, file, file];
    } else {
      const { outputBytes } = options;
      const out = new HostStream(this.linux.rootFs, stdout, outputBytes);
      const errors = new HostStream(this.linux.rootFs, stderr, outputBytes);
      this.#files = [this.#input, out, errors];
    }
  }

  /** Whether a program waits for bytes from outside, and there are none. */
  get wantsInput(): boolean {
    return this.#terminal ? this.#terminal.wanted : this.#input.wanted;
  }

  /** Who holds what now, and who could come to: by descriptors, messages, paths and users. */
  authority(rules: readonly Rule[] = RULES): AuthorityMoment {
    return momentOf(this.#graphs.take(), rules);
  }

  /** What a process could come to use beside what it holds, whatever programs do. */
  reachOf(process: number): Reachable[] {
    return reachIn(this.#graphs.take(), process);
  }

  /** Hear of everything that happens from now on; answers how to stop. */
  listen(listener: Listener): () => void {
    return this.kernel.realm.log.listen(listener);
  }

  /** Bytes for descriptor 0. */
  feed(bytes: Uint8Array): void {
    if (this.#terminal) this.#terminal.feed(bytes);
    else this.#input.feed(bytes);
  }

  /** There are no more bytes for descriptor 0; or they cannot be read, and that is the error. */
  endInput(failure = 0): void {
    if (this.#terminal) this.#terminal.end();
    else this.#input.end(failure);
  }

  /**
   * Whether a Ctrl-Z is for programs here: somebody in front has asked to know of it, or a shell of
   * this machine could let them go on again.
   */
  get takesStop(): boolean {
    return this.#terminal?.takesStop ?? false;
  }

  /**
   * A signal from outside. Ctrl-C, Ctrl-\ and Ctrl-Z are typed where there is a terminal, which knows what
   * they mean to the program; everything else is for the processes in front.
   */
  signal({ pgid }: Group, signal: number): void {
    const typed = this.#terminal ? TYPED[signal] : undefined;
    if (typed !== undefined) return this.#terminal!.feed(Uint8Array.of(typed));
    const front = this.#terminal?.foreground ?? pgid;
    for (const group of [...this.linux.groups.values()]) {
      if (group.ended || group.pgid !== front) continue;
      sendToGroup(group, { signal, code: SignalCode.KERNEL });
    }
  }

  /** The window of the terminal has another size: those in front are told. */
  resize(size: { readonly rows: number; readonly columns: number }): void {
    this.#terminal?.resize(size);
  }

  /** Make a directory, and those above it. */
  directory(path: string): Directory {
    return directoryAt(this.linux, path);
  }

  /** Make a file, or put another one in its place. */
  put(path: string, bytes: Uint8Array, mode = 0o755): RegularFile {
    const at = path.lastIndexOf("/");
    const directory = this.directory(path.slice(0, at));
    const file = new RegularFile(directory.fs, { mode });
    file.writeAt(0, bytes);
    directory.put(nameOfText(path.slice(at + 1)), file);
    return file;
  }

  /** Start a program; answers its process, or the error why it cannot be executed. */
  start(program: LinuxProgram): Group | number {
    const { path, args = [path], environment = [], directory, user } = program;
    const options: LaunchOptions = {
      path: nameOfText(path),
      args: args.map(nameOfText),
      environment: environment.map(nameOfText),
      files: this.#files,
      ...(directory === undefined ? {} : { directory: this.directory(directory) }),
      ...(user ? { user } : {}),
    };
    const group = launch(this.linux, options);
    if (typeof group !== "number") this.#terminal?.attach(group);
    return group;
  }

  /** Run until a process has ended, or nothing can go on, or a time has come. */
  run(group: Group, until = Infinity): RunEnd {
    return this.kernel.run({ stop: () => group.ended, until });
  }
}
