/**
 * A program on its way into a process: Linux's `struct linux_binprm`.
 *
 * The strings of its arguments are written to the new memory while the old one is still there.
 *
 * @module
 */
import { Access, PAGE_SIZE } from "../ports.ts";
import type { Credentials } from "./credentials.ts";
import { Errno } from "./errno.ts";
import type { OpenRegular } from "./fs/open_regular.ts";
import { bytesOf } from "./name.ts";
import { Persona, Resource } from "./abi/process.ts";
import { STACK_TOP } from "./mm/layout.ts";
import { logMapped } from "./mm/map_log.ts";
import type { Mm } from "./mm/mm.ts";
import { inheritedFlags } from "./mm/mm_flags.ts";
import { Vma } from "./mm/vma.ts";
import type { Task } from "./task.ts";

/** How much of a file a format sees. */
export const BPRM_BUFFER_SIZE = 256;

/** The longest argument, with its zero. */
export const ARGUMENT_MAX = 32 * PAGE_SIZE;

/** How many arguments there can be. */
const ARGUMENTS_MAX = 0x7fffffff;

const ARG_MAX = 128 << 10;
const STACK_SHARE_MAX = 6 << 20;
const POINTER = 8;

/** Strings for a new program, read when they are copied. */
export interface Strings {
  /** How many there are, or why that cannot be known. */
  readonly count: number;
  /** One of them without its zero, or why it cannot be read. */
  at(index: number): Uint8Array | number;
}

/** A program on its way into a process. */
export class Bprm {
  /** Who executes it. */
  readonly task: Task;
  /** The path as it was given. */
  readonly filename: string;
  /** The path of what is really executed: of the interpreter, for a script. */
  interp: string;
  /** The file that is to be loaded. */
  file: OpenRegular;
  /** The memory that it will run in. */
  readonly mm: Mm;
  /** Where the last string was put. */
  pointer = STACK_TOP - POINTER;
  /** How many arguments there are. */
  argc = 0;
  /** How many strings the environment has. */
  envc = 0;
  /** How the file begins. */
  buffer: Uint8Array = new Uint8Array(BPRM_BUFFER_SIZE);
  /** Who the task will be. */
  credentials: Credentials;
  /** Whether it gets rights that its caller does not have. */
  secure = false;
  /** Where the path is in the new memory. */
  execAddress = 0;
  /** Whether the old program is gone, so that no error can be answered. */
  isPastReturn = false;
  /** Whether the path leads through a descriptor that `execve` closes. */
  isPathInaccessible = false;
  /** The bit in AT_FLAGS that says that the first argument was kept. */
  keepsArgument0 = false;
  /** A descriptor of the file for the interpreter; -1 if it wants none. */
  execDescriptor = -1;
  /** Whether a descriptor of the file is to be given to the interpreter. */
  wantsDescriptor = false;
  /** The file that the interpreter gets a descriptor of. */
  executable: OpenRegular | null = null;
  #limit = 0;

  /** A program whose file is open. */
  constructor(task: Task, file: OpenRegular, filename: string) {
    this.task = task;
    this.file = file.hold();
    this.filename = filename;
    this.interp = filename;
    this.credentials = task.credentials;
    this.mm = task.linux.createMm();
    this.mm.limits = task.group.limits;
    this.mm.flags = inheritedFlags(task.mm.flags);
  }

  /** Whether the program's addresses are left to chance. */
  get randomize(): boolean {
    const { linux, persona } = this.task;
    return linux.randomize && (persona & Persona.ADDR_NO_RANDOMIZE) === 0;
  }

  /** A number of pages that chance chooses, below a power of two; 0 where nothing is left to it. */
  randomPages(bits: number): number {
    return this.randomize ? this.task.linux.randomPages(bits) : 0;
  }

  /** Say in the log what is done now, in Linux's own words. */
  step(step: string, detail = ""): void {
    const { log } = this.task.linux.realm;
    if (!log.listening) return;
    log.emit("load", { process: this.task.group.process.koid, who: "kernel", step, detail });
  }

  /** Say in the log what was copied into the new memory. */
  copied(bytes: number, what: string): void {
    const { log } = this.mm.realm;
    if (!log.listening) return;
    log.emit("copy", { process: this.task.group.process.koid, bytes, what });
  }

  /** Make the new memory with one page of stack. */
  initMm(): number {
    const prot = Access.READ | Access.WRITE;
    const { mm } = this;
    const start = STACK_TOP - PAGE_SIZE;
    mm.vmas.insert(new Vma(mm, { start, end: STACK_TOP, prot, growsDown: true }));
    logMapped(mm, { start, end: STACK_TOP, prot, name: "[stack]" });
    this.step("bprm_mm_init", "new mm, one page of stack");
    return 0;
  }

  /** See how much room the strings may take. */
  setLimit(args: Strings, environment: Strings): number {
    if (args.count < 0) return args.count;
    if (environment.count < 0) return environment.count;
    this.argc = args.count;
    this.envc = environment.count;
    if (this.argc > ARGUMENTS_MAX || this.envc > ARGUMENTS_MAX) return Errno.E2BIG;
    const stack = this.task.group.limits.soft(Resource.STACK);
    const limit = Math.max(Math.min(STACK_SHARE_MAX, stack / 4), ARG_MAX);
    const pointers = (Math.max(this.argc, 1) + this.envc) * POINTER;
    if (limit <= pointers) return Errno.E2BIG;
    this.#limit = this.pointer - (limit - pointers);
    return 0;
  }

  /** Put all strings on the new stack, the last one first. */
  copyStrings(strings: Strings): number {
    for (let index = strings.count - 1; index >= 0; index--) {
      const bytes = strings.at(index);
      if (typeof bytes === "number") return bytes;
      const status = this.push(bytes);
      if (status !== 0) return status;
    }
    return 0;
  }

  /** Put a string on the new stack. */
  push(bytes: Uint8Array): number {
    if (bytes.length + 1 > ARGUMENT_MAX) return Errno.E2BIG;
    const at = this.pointer - bytes.length - 1;
    if (at < this.#limit) return Errno.E2BIG;
    const whole = new Uint8Array(bytes.length + 1);
    whole.set(bytes);
    // From the top down, so that the stack grows page by page.
    if (this.mm.touch(at, Access.WRITE) <= 0) return Errno.E2BIG;
    if (this.mm.memory.write(at, whole) !== 0) return Errno.E2BIG;
    this.copied(whole.length, "a string of the arguments or the environment");
    this.pointer = at;
    return 0;
  }

  /** Put the name of what is executed there. */
  pushName(name: string): number {
    return this.push(bytesOf(name));
  }

  /** Take the first argument away. */
  dropArgument0(): number {
    if (this.argc === 0) return 0;
    const bytes = this.mm.memory.stringBytes(this.pointer, ARGUMENT_MAX);
    if (typeof bytes === "number") return Errno.EFAULT;
    this.pointer += bytes.length + 1;
    this.argc--;
    return 0;
  }

  /** Read how the file begins. */
  readBuffer(): void {
    this.buffer = new Uint8Array(BPRM_BUFFER_SIZE);
    const bytes = this.file.inode.readAt(0, BPRM_BUFFER_SIZE);
    const { log } = this.mm.realm;
    if (log.listening) {
      const file = this.file.inode.vmo.koid;
      log.emit("file-read", { file, offset: 0, length: bytes.length });
    }
    this.buffer.set(bytes);
  }

  /** Load something else in its place. */
  replaceFile(file: OpenRegular): void {
    file.hold();
    this.file.drop();
    this.file = file;
  }

  /** What people call a process that runs it: the last name of its path, cut short. */
  get comm(): string {
    const at = this.filename.lastIndexOf("/");
    return this.filename.slice(at + 1).slice(0, 15);
  }

  /** The program did not become the process's: nothing is left of it. */
  abandon(): void {
    this.mm.drop();
    this.file.drop();
  }
}

/** Strings that are there already. */
export function knownStrings(strings: readonly string[]): Strings {
  return { count: strings.length, at: (index) => bytesOf(strings[index]!) };
}

/** Strings that an array of pointers in a task's memory leads to. */
export function userStrings(task: Task, address: number): Strings {
  const { memory } = task.mm;
  let count = 0;
  if (address !== 0) {
    for (;; count++) {
      const pointer = memory.readU64(address + count * POINTER);
      if (pointer < 0) return { count: Errno.EFAULT, at: () => Errno.EFAULT };
      if (pointer === 0) break;
    }
  }
  return {
    count,
    at(index) {
      const pointer = memory.readU64(address + index * POINTER);
      if (pointer < 0) return Errno.EFAULT;
      const bytes = memory.stringBytes(pointer, ARGUMENT_MAX);
      if (typeof bytes === "number") return Errno.EFAULT;
      return bytes.length === ARGUMENT_MAX ? Errno.E2BIG : bytes;
    },
  };
}
