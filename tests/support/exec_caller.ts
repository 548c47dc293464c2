/**
 * A program inside the machine that executes one file after the other, and tells what became of each: the
 * error that `execve` answered, with what the caller's memory was like then, or how the child ended.
 *
 * @module
 */
import { assemble } from "../../guests/assembler.ts";
import { errnoName } from "../../kernel/linux/errno.ts";
import type { Group } from "../../kernel/linux/group.ts";
import type { RegularFile } from "../../kernel/linux/fs/regular_file.ts";
import { signalName } from "../../kernel/linux/signal/signal.ts";
import { FileType } from "../../loader/elf.ts";
import { TestLinux } from "./linux.ts";

/** What a message of the caller is about. */
const Told = { REFUSED: 1, ENDED: 2, SPOILT: 3 } as const;

/**
 * Every other child borrows its parent's memory until it executes something, as `vfork` has it; the others
 * have a copy. Each looks through a page that only the caller writes before it tells of an error.
 */
const CALLER = assemble(
  `
  _start: la   s0, report
          la   s1, page
          li   s2, 0x5a5a
          li   s3, 0
          li   a7, 24
          li   a0, 1
          li   a1, 3
          li   a2, 0x80000
          ecall
          li   a7, 24
          li   a0, 0
          li   a1, 4
          li   a2, 0x80000
          ecall
          li   s4, 3
  close:  addi s4, s4, -1
          mv   a0, s4
          li   a7, 57
          ecall
          bnez s4, close
          li   t0, 512
          mv   t1, s1
  fill:   sd   t0, 0(t1)
          addi t1, t1, 8
          addi t0, t0, -1
          bnez t0, fill
  # A byte on standard input says that there is a file.
  again:  li   a7, 63
          li   a0, 4
          mv   a1, s0
          li   a2, 1
          ecall
          xori s3, s3, 1
          li   a0, 17
          beqz s3, born
          li   a0, 0x4111
  born:   li   a1, 0
          li   a2, 0
          li   a3, 0
          li   a4, 0
          li   a7, 220
          ecall
          bnez a0, parent
          la   a0, path
          la   a1, args
          li   a2, 0
          li   a7, 221
          ecall
          sd   a0, 8(s0)
          li   a0, 1
          jal  tell
          li   a7, 94
          li   a0, 0
          ecall
  parent: sd   zero, 8(s0)
          addi a1, s0, 8
          li   a2, 0
          li   a3, 0
          li   a7, 260
          ecall
          li   a0, 2
          jal  tell
          j    again
  # Tell of a kind, and that the page and the registers are as they were.
  tell:   sd   a0, 0(s0)
          li   t0, 512
          mv   t1, s1
  look:   ld   t2, 0(t1)
          bne  t2, t0, spoilt
          addi t1, t1, 8
          addi t0, t0, -1
          bnez t0, look
          li   t0, 0x5a5a
          beq  s2, t0, whole
  spoilt: li   a0, 3
          sd   a0, 0(s0)
  whole:  li   a7, 64
          li   a0, 3
          mv   a1, s0
          li   a2, 16
          ecall
          ret
          .data
          .balign 16
  path:   .asciz "/program"
          .balign 16
  args:   .dword path
          .dword 0
  report: .zero 16
  page:   .zero 4096
`,
  { type: FileType.EXEC },
);

/** How many instructions a file may run that does not end. */
const BUDGET = 20_000;

/** Executes files, and says what became of each. */
export class ExecCaller {
  readonly machine: TestLinux;
  readonly #file: RegularFile;
  readonly #caller: Group;
  #told: { kind: number; value: number }[] = [];

  /** A machine with a caller in it that runs. */
  constructor(memoryBytes: number) {
    const stdout = (bytes: Uint8Array) => {
      const view = new DataView(bytes.slice().buffer);
      const value = Number(view.getBigInt64(8, true));
      this.#told.push({ kind: Number(view.getBigUint64(0, true)), value });
    };
    this.machine = new TestLinux({ memoryBytes, stdout });
    this.#file = this.machine.put("/program", new Uint8Array());
    this.machine.put("/caller", CALLER);
    const group = this.machine.start({ path: "/caller" });
    if (typeof group === "number") throw new Error(`the caller answers ${group}`);
    this.#caller = group;
    this.#run();
  }

  /** Have a file executed; answers an error's name, a signal's, a code that it ended with, or "runs". */
  outcome(bytes: Uint8Array): string {
    this.#file.truncate(0);
    this.#file.writeAt(0, bytes);
    const isStopped = this.#next();
    const told = this.#told.splice(0);
    if (this.#caller.ended) return "the caller ended";
    if (told.some(({ kind }) => kind === Told.SPOILT)) return "the caller is spoilt";
    const refused = told.find(({ kind }) => kind === Told.REFUSED);
    if (refused) return errnoName(refused.value);
    if (isStopped) return "runs";
    const { value } = told[0]!;
    return (value & 0x7f) === 0 ? `${value >> 8 & 0xff}` : signalName(value & 0x7f);
  }

  /** Let the caller end, and everybody with it. */
  end(): void {
    this.#caller.exit(0);
    this.machine.linux.shutDown();
  }

  /** Run until the caller wants the next file; a child that does not end is ended: then that is true. */
  #next(): boolean {
    this.machine.feed(Uint8Array.of(1));
    this.#run();
    if (this.#caller.ended || this.#told.some(({ kind }) => kind !== Told.REFUSED)) return false;
    for (const group of [...this.machine.linux.groups.values()]) {
      if (group !== this.#caller && !group.ended) group.exit(1);
    }
    this.#run();
    return true;
  }

  #run(): void {
    const { kernel } = this.machine;
    kernel.run({ until: kernel.realm.now + BUDGET });
  }
}
