/**
 * A machine: a processor, a kernel, the vDSO between them, and user space as userboot starts it.
 *
 * @module
 */
import { HandleCheck } from "../authority/handle_check.ts";
import { type Rule, RULES } from "../authority/closure.ts";
import { createProcessor } from "../../cpu/mod.ts";
import { DEFAULT_RIGHTS, FD_FOR_STDIO, Pa, paHandle, Status } from "../../kernel/abi.ts";
import { bootUserspace } from "../../kernel/boot.ts";
import type { Listener } from "../../kernel/events.ts";
import { invariant } from "../../kernel/invariant.ts";
import { Event } from "../../kernel/ipc/event.ts";
import { Socket } from "../../kernel/ipc/socket.ts";
import { Kernel, type RunEnd, type RunOptions } from "../../kernel/kernel.ts";
import { Handle } from "../../kernel/object/handle.ts";
import type { Processor } from "../../kernel/ports.ts";
import type { Process } from "../../kernel/task/process.ts";
import type { Scheduler } from "../../kernel/task/scheduler.ts";
import type { ScriptMain } from "../../kernel/task/script_entries.ts";
import type { Vmo } from "../../kernel/vm/vmo.ts";
import { Zircon } from "../../kernel/zircon/mod.ts";
import { type BootFiles, packBootfs } from "../../loader/zircon/bootfs.ts";
import { launcher } from "../../loader/zircon/launcher.ts";
import { loaderService } from "../../loader/zircon/loader_service.ts";
import { packScriptImage } from "../../loader/zircon/script_image.ts";
import { userboot } from "../../loader/zircon/userboot.ts";
import { Refusal } from "../../loader/zircon/refusal.ts";
import { type AuthorityMoment, momentBelow } from "../authority/authority_moment.ts";
import { LaunchDesk, type Order } from "./launch_desk.ts";
import { RunningProgram } from "./running_program.ts";
import { SeededEntropy } from "./seeded_entropy.ts";
import { vdsoObject, zirconVdso } from "./vdso.ts";

/** How many processes there are before the first program: the first one, loader and launcher. */
const SERVICES = 3;

/** What may be chosen about a machine. */
export interface MachineOptions {
  /** Where chance begins: handle values, addresses, random bytes. 1 unless told. */
  readonly seed?: number;
  /** How much memory guests have. 256 MiB unless told. */
  readonly memoryBytes?: number;
  /** Takes what programs and the kernel print. */
  readonly print?: (text: string) => void;
  /** Who runs next; each in turn, unless told. */
  readonly scheduler?: Scheduler;
  /** How machine code is executed; as it pays, unless told. What happens is the same. */
  readonly tier?: "interpreter" | "compiler" | "auto";
  /** What executes machine code, where it is not to be the one that is made of the above. */
  readonly processor?: Processor;
}

/** What to start user space with. */
export interface BootRequest {
  /** The files of the boot image by path, such as `bin/hello`. */
  readonly files: BootFiles;
  /** The first program's path in the image, and its arguments. */
  readonly args: readonly string[];
  /** Its environment, as `NAME=value`. */
  readonly environ?: readonly string[];
  /** The first process's program, where it is not to be userboot. */
  readonly main?: ScriptMain;
}

/** What to launch. */
export interface LaunchOptions {
  /** The program's file; without it, the first argument names a file of the boot image. */
  readonly file?: Uint8Array;
  /** Arguments, the program's name first. */
  readonly args: readonly string[];
  /** The environment, as `NAME=value`. */
  readonly environ?: readonly string[];
}

/** One machine. Two of them share nothing. */
export class Machine {
  /** Its kernel. */
  readonly kernel: Kernel;
  /** Its processor. */
  readonly processor: Processor;
  /** The memory object with the code that every program calls it through. */
  readonly vdso: Vmo;
  #desk: LaunchDesk | null = null;

  /** A machine in which nothing runs yet. */
  constructor(
    { seed = 1, memoryBytes, print, scheduler, tier, processor }: MachineOptions = {},
  ) {
    this.processor = processor ?? createProcessor({
      ...(memoryBytes === undefined ? {} : { memoryBytes }),
      ...(tier ? { tier } : {}),
    });
    const vdso = zirconVdso();
    const decoder = new TextDecoder();
    this.kernel = new Kernel({
      memory: this.processor.memory,
      processor: this.processor,
      entropy: new SeededEntropy(seed),
      console: { write: (bytes) => print?.(decoder.decode(bytes, { stream: true })) },
      personality: new Zircon(this.processor.isa, vdso.returns),
      ...(scheduler ? { scheduler } : {}),
    });
    this.vdso = vdsoObject(this.kernel.realm);
  }

  /** Hear of everything that happens from now on; answers how to stop. */
  listen(listener: Listener): () => void {
    return this.kernel.realm.log.listen(listener);
  }

  /** Who holds what now, and who could come to. */
  authority(): AuthorityMoment {
    return momentBelow(this.kernel.rootJob);
  }

  /**
   * Hold what programs come to hold against what could come of the moment before, from now on; answers
   * how to stop. A handle that no rule allows is a bug of the kernel's.
   */
  holdToClosure(rules: readonly Rule[] = RULES): () => void {
    const check = new HandleCheck(this.kernel.rootJob, rules);
    return this.listen((event) => check.hear(event));
  }

  /** Give a script an address, and answer the file that starts it. */
  script(main: ScriptMain): Uint8Array {
    return packScriptImage(this.kernel.system.scripts.register(main));
  }

  /** Start user space: userboot, which starts the services and then the program. */
  boot({ files, args, environ = [], main = userboot }: BootRequest): Process {
    const services = this.#services();
    return bootUserspace(this.kernel, {
      main,
      image: packBootfs({ ...services, ...files }),
      vdso: this.vdso,
      args,
      environ,
    });
  }

  /** Start user space for the host: the services, and a desk that takes its orders. */
  open(files: BootFiles = {}): void {
    invariant(this.#desk === null, "a machine is opened once");
    const bell = new Event(this.kernel.realm);
    bell.hold();
    const desk = new LaunchDesk(bell);
    this.#desk = desk;
    const services = this.#services();
    desk.process = bootUserspace(this.kernel, {
      main: (bootstrap) => desk.main(bootstrap),
      image: packBootfs({ ...services, ...files }),
      vdso: this.vdso,
      args: [],
      environ: [],
      extra: bell,
    });
  }

  /** Launch a program over the launcher; answers it, or why there is none. */
  launch({ file, args, environ = [] }: LaunchOptions): RunningProgram | Refusal {
    if (this.#desk === null) this.open();
    const [ours, theirs] = Socket.create(this.kernel.realm);
    const stdio = new Handle(ours, DEFAULT_RIGHTS.socket);
    const info = paHandle(Pa.FD, FD_FOR_STDIO);
    const grants = [{ info, handle: new Handle(theirs, DEFAULT_RIGHTS.socket) }];
    const order: Order = { file, args, environ, grants };
    const { processes } = this.kernel.rootJob;
    // The services are there before the first order is carried out; what comes then is the program.
    if (processes.size < SERVICES) this.run();
    const before = new Set(processes);
    const started = () => [...processes].find((one) => !before.has(one) && one.state === "running");
    this.#desk!.submit(order);
    this.run({ stop: () => order.refusal !== undefined || started() !== undefined });
    const process = started();
    if (process) return new RunningProgram(this, process, stdio);
    stdio.close();
    return order.refusal ?? new Refusal(Status.BAD_STATE, "the machine launched nothing");
  }

  /** Run until nothing can, or as long as is allowed; a script that failed fails the run. */
  run(options: RunOptions = {}): RunEnd {
    const end = this.kernel.run(options);
    const [failure] = this.kernel.system.failures;
    if (failure) throw failure.error;
    return end;
  }

  #services(): BootFiles {
    return {
      "svc/loader": this.script(loaderService),
      "svc/launcher": this.script(launcher),
    };
  }
}
