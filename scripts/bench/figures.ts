/**
 * Single numbers about the processor: traps, the interpreter alone, starting, compiling, soaking.
 *
 * @module
 */
import { createProcessor } from "../../cpu/mod.ts";
import { ElfGuest } from "./elf_guest.ts";
import { guestPath } from "./kernels.ts";

const CODE = 0x10000;
const DATA = 0x20000;

/** So many rounds the host's heap and its table of code take to reach their size. */
const WARM_ROUNDS = 200_000;
/** `addi x5, x5, -1`; `ecall`; `bne x5, x0, -8`; `ebreak`. */
const TRAPS = [0xfff28293, 0x00000073, 0xfe029ce3, 0x00100073];
/** The same without the call. */
const COUNTS = [0xfff28293, 0x00000013, 0xfe029ce3, 0x00100073];

/** Measure all of them; soaking takes as long as it is told to. */
export function figures(soakMinutes: number): Record<string, number> {
  return {
    trap_ns: trapNs(),
    interpreter_mips: interpreterMips(),
    thousand_instructions_ms: startMs(),
    compile_percent_of_1s: compilePercent(),
    ...soak(soakMinutes),
  };
}

function machine(words: readonly number[]) {
  const cpu = createProcessor({ memoryBytes: 16 << 20 });
  const [space, context] = [cpu.createSpace(), cpu.createContext()];
  const code = cpu.memory.allocate();
  space.map(CODE / 4096, code, 7);
  space.map(DATA / 4096, cpu.memory.allocate(), 3);
  words.forEach((word, at) => cpu.memory.words[code * 1024 + at] = word);
  context.pc = CODE;
  return { cpu, space, context, code };
}

function timeOf(words: readonly number[], rounds: number): number {
  const { cpu, space, context } = machine(words);
  cpu.onSyscall = () => true;
  let best = Infinity;
  for (let attempt = 0; attempt < 5; attempt++) {
    context.pc = CODE;
    context.set(5, rounds);
    const start = performance.now();
    cpu.run(context, space, Number.MAX_SAFE_INTEGER);
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

function trapNs(): number {
  const rounds = 2_000_000;
  return (timeOf(TRAPS, rounds) - timeOf(COUNTS, rounds)) * 1e6 / rounds;
}

function interpreterMips(): number {
  const elf = Deno.readFileSync(guestPath("coremark"));
  let best = 0;
  for (let attempt = 0; attempt < 3; attempt++) {
    const guest = new ElfGuest(elf, { tier: "interpreter" });
    guest.cpu.run(guest.context, guest.space, 20_000_000);
    const start = performance.now();
    guest.cpu.run(guest.context, guest.space, 100_000_000);
    best = Math.max(best, 100_000 / (performance.now() - start));
  }
  return best;
}

/** A machine that is up runs a program of a thousand instructions in a new process. */
function startMs(): number {
  const { cpu, code } = machine(COUNTS);
  let best = Infinity;
  for (let attempt = 0; attempt < 50; attempt++) {
    const start = performance.now();
    const [space, context] = [cpu.createSpace(), cpu.createContext()];
    space.map(CODE / 4096, code, 5);
    context.pc = CODE;
    context.set(5, 333);
    cpu.run(context, space, 1e6);
    best = Math.min(best, performance.now() - start);
    context.release();
    space.destroy();
  }
  return best;
}

/** The main thread's time in the compiler and in V8's, for a kernel with many functions. */
function compilePercent(): number {
  const guest = new ElfGuest(Deno.readFileSync(guestPath("coremark")));
  const start = performance.now();
  guest.cpu.clock = () => performance.now();
  while (performance.now() - start < 1000) guest.cpu.run(guest.context, guest.space, 1e7);
  return guest.cpu.compileTime / 10;
}

/** A program that rewrites itself between runs; memory must not grow. */
function soak(minutes: number): Record<string, number> {
  if (minutes === 0) return {};
  const { cpu, space, context, code } = machine(COUNTS);
  const round = (at: number) => {
    cpu.memory.words[code * 1024 + 1] = 0x00000013 | at % 1024 << 20;
    cpu.memory.wrote(code);
    context.pc = CODE;
    context.set(5, 2000);
    cpu.run(context, space, 1e6);
  };
  let at = 0;
  for (; at < WARM_ROUNDS; at++) round(at);
  const before = Deno.memoryUsage().rss;
  const end = performance.now() + minutes * 60_000;
  while (performance.now() < end) round(at++);
  const after = Deno.memoryUsage().rss;
  return { soak_rounds: at, soak_before_mib: before / 2 ** 20, soak_after_mib: after / 2 ** 20 };
}
