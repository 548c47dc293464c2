/**
 * Machines that programs in machine code run on, for scripts: one with a launcher and handles, and
 * one with Linux.
 *
 * @module
 */
import { SignalNumber } from "../../kernel/linux/abi/signal.ts";
import { shellCodeOf } from "../../kernel/linux/exit_status.ts";
import type { Listener } from "../../kernel/events.ts";
import { errnoName } from "../../kernel/linux/errno.ts";
import type { Group } from "../../kernel/linux/group.ts";
import type { Linux } from "../../kernel/linux/linux.ts";
import { mapsText } from "../../kernel/linux/mm/maps_text.ts";
import type { HostFiles } from "../../kernel/ports.ts";
import type { AuthorityMoment } from "../authority/authority_moment.ts";
import { LinuxMachine } from "./linux_machine.ts";
import { Machine } from "./machine.ts";

/** What may be chosen about a machine. */
export interface MachineChoices {
  /** Where chance begins: handle values, addresses, random bytes. 1 unless told. */
  readonly seed?: number;
  /** How much memory programs have. 256 MiB unless told. */
  readonly memoryBytes?: number;
}

/** What may be chosen about a machine with handles. */
export interface ZirconChoices extends MachineChoices {
  /**
   * Whether every handle that a program comes to hold is held against what could come of the moment
   * before: one that no rule of authority allows is a bug of the kernel's, and thrown. Not unless told.
   */
  readonly isChecked?: boolean;
}

/** What may be chosen about a machine with Linux. */
export interface LinuxChoices extends MachineChoices {
  /** Files of the host by the path where they are to be seen; what is done to them stays inside. */
  readonly mounts?: Readonly<Record<string, HostFiles>>;
}

/** A program to be launched. */
export interface ProgramToLaunch {
  /** Its ELF file. */
  readonly file: Uint8Array;
  /** Its arguments, its own name first. */
  readonly args: readonly string[];
  /** Its environment, as `NAME=value`. */
  readonly environ?: readonly string[];
}

/** A program for Linux. */
export interface LinuxProgramToLaunch extends ProgramToLaunch {
  /** The user and the group that it is of; 0 unless told. */
  readonly user?: { readonly uid: number; readonly gid: number };
}

/** That a program was not launched. */
export interface NotLaunched {
  /** Why, in words. */
  readonly reason: string;
}

/** A program that was launched. Disposing of it ends it if it still runs. */
export interface LaunchedProgram extends Disposable {
  /** What it ended with; undefined while it runs. */
  readonly exitCode: number | undefined;
  /** Everything it has printed so far. */
  readonly output: string;
  /** What is mapped in it, a line each, as `/proc/self/maps` has it. */
  mapText(): string;
  /** Let the machine run until it ends; answers its exit code, undefined if it cannot go on. */
  wait(): number | undefined;
  /** Give it text to read. */
  write(text: string): void;
  /** End it. */
  kill(): void;
}

/** A machine that programs run on, one after another or side by side. */
export interface ProgramMachine<P extends ProgramToLaunch = ProgramToLaunch> {
  /** Nanoseconds since it began, by its own clock. */
  readonly now: number;
  /** Launch a program; answers it, or why there is none. */
  launch(program: P): LaunchedProgram | NotLaunched;
  /** Let everything run until nothing can go on, or until it is so late. */
  run(until?: number): void;
  /** Hear of everything that happens from now on; answers how to stop. */
  listen(listener: Listener): () => void;
  /** Who holds what now, and who could come to. */
  authority(): AuthorityMoment;
}

/** A machine with Linux, in which there are files. */
export interface LinuxProgramMachine extends ProgramMachine<LinuxProgramToLaunch> {
  /** Put a file at a path, with the directories above it. */
  put(path: string, bytes: Uint8Array, mode?: number): void;
}

/**
 * A machine in which a launcher starts programs over channels, as Zircon's user space does.
 *
 * @example
 * ```ts
 * import { zirconMachine } from "@zandbox/zandbox";
 *
 * const machine = zirconMachine();
 * const file = await Deno.readFile("guests/hello/hello");
 * const program = machine.launch({ file, args: ["hello", "Ada"] });
 * if ("reason" in program) throw new Error(program.reason);
 * using hello = program;
 * if (hello.wait() !== 1) throw new Error("it ends with how many words it was given");
 * if (!hello.output.includes("argument 1: Ada")) throw new Error(hello.output);
 * ```
 */
export function zirconMachine(choices: ZirconChoices = {}): ProgramMachine {
  const machine = new Machine(choices);
  if (choices.isChecked) machine.holdToClosure();
  return {
    get now() {
      return machine.kernel.realm.now;
    },
    launch: (program) => machine.launch(program),
    run: (until = Infinity) => void machine.run({ until }),
    listen: (listener) => machine.listen(listener),
    authority: () => machine.authority(),
  };
}

/**
 * A machine with Linux, which executes programs by their paths.
 *
 * @example
 * ```ts
 * import { assemble, FileType, linuxMachine } from "@zandbox/zandbox";
 *
 * const machine = linuxMachine();
 * const file = assemble("_start: li a7, 93\n li a0, 7\n ecall", { type: FileType.EXEC });
 * const program = machine.launch({ file, args: ["seven"] });
 * if ("reason" in program) throw new Error(program.reason);
 * using seven = program;
 * if (seven.wait() !== 7) throw new Error("exit(7) ends with 7");
 * ```
 */
export function linuxMachine(choices: LinuxChoices = {}): LinuxProgramMachine {
  return new LinuxHost(choices);
}

/** Linux behind the face that both machines have. */
class LinuxHost implements LinuxProgramMachine {
  readonly #machine: LinuxMachine;
  readonly #decoder = new TextDecoder();
  #text = "";

  constructor(choices: LinuxChoices) {
    const stdout = (bytes: Uint8Array) => {
      this.#text += this.#decoder.decode(bytes, { stream: true });
    };
    this.#machine = new LinuxMachine({ ...choices, stdout });
  }

  get now(): number {
    return this.#machine.kernel.realm.now;
  }

  /** For those who explain what it refuses. */
  get linux(): Linux {
    return this.#machine.linux;
  }

  put(path: string, bytes: Uint8Array, mode?: number): void {
    this.#machine.put(path, bytes, mode);
  }

  launch({ file, args, environ = [], user }: LinuxProgramToLaunch): LaunchedProgram | NotLaunched {
    const name = args[0] ?? "program";
    const path = name.startsWith("/") ? name : `/bin/${name}`;
    this.#machine.put(path, file);
    const group = this.#machine.start({
      path,
      args,
      environment: environ,
      ...(user ? { user } : {}),
    });
    if (typeof group === "number") return { reason: `execve answers ${errnoName(group)}` };
    return this.#launched(group, this.#text.length);
  }

  run(until = Infinity): void {
    this.#machine.kernel.run({ until });
  }

  listen(listener: Listener): () => void {
    return this.#machine.listen(listener);
  }

  authority(): AuthorityMoment {
    return this.#machine.authority();
  }

  #launched(group: Group, from: number): LaunchedProgram {
    const machine = this.#machine;
    const { linux } = machine;
    const code = () => group.ended ? shellCodeOf(group.exitStatus) : undefined;
    const output = () => this.#text.slice(from);
    const kill = () => {
      if (!group.ended) group.killedBy(SignalNumber.SIGKILL, false);
    };
    return {
      get exitCode() {
        return code();
      },
      get output() {
        return output();
      },
      mapText: () => mapsText(group.mm, linux.root),
      wait: () => (machine.run(group), code()),
      write: (text) => machine.feed(new TextEncoder().encode(text)),
      kill,
      [Symbol.dispose]: kill,
    };
  }
}
