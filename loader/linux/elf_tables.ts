/**
 * What a new program finds on its stack: `create_elf_tables`, to the byte.
 *
 * @module
 */
import type { Bprm } from "../../kernel/linux/bprm.ts";
import { Errno } from "../../kernel/linux/errno.ts";
import { PAGE_SIZE } from "../../kernel/ports.ts";
import { type Ehdr, PHDR_SIZE } from "./elf_file.ts";

/** Entries of the auxiliary vector. */
export const At = {
  NULL: 0,
  EXECFD: 2,
  PHDR: 3,
  PHENT: 4,
  PHNUM: 5,
  PAGESZ: 6,
  BASE: 7,
  FLAGS: 8,
  ENTRY: 9,
  UID: 11,
  EUID: 12,
  GID: 13,
  EGID: 14,
  HWCAP: 16,
  CLKTCK: 17,
  SECURE: 23,
  RANDOM: 25,
  RSEQ_FEATURE_SIZE: 27,
  RSEQ_ALIGN: 28,
  EXECFN: 31,
  SYSINFO_EHDR: 33,
  L1I_CACHESIZE: 40,
  L3_CACHEGEOMETRY: 47,
  MINSIGSTKSZ: 51,
} as const;

/** The letters I M A F D C, each as the bit of its place in the alphabet. */
const HWCAP_IMAFDC = 0x112d;
const TICKS = 100;
const SIGNAL_FRAME = 1088;
const WORD = 8;
const ARGUMENT_MAX = 32 * PAGE_SIZE;

/** What the tables say of the program. */
export interface TableFacts {
  /** Its header. */
  readonly header: Ehdr;
  /** Where its program headers are in memory. */
  readonly phdrAddress: number;
  /** What was added to the dynamic linker's addresses; 0 if there is none. */
  readonly interpreterBias: number;
  /** Where the program itself begins. */
  readonly entry: number;
}

/** Fill the stack; answers the stack pointer, or why that cannot be. */
export function createElfTables(bprm: Bprm, facts: TableFacts): number {
  const { mm, task } = bprm;
  const { linux } = task;
  let at = bprm.pointer;
  if (bprm.randomize) at -= linux.realm.entropy.next() % PAGE_SIZE;
  at -= at % 16;
  const random = at - 16;
  if (mm.memory.write(random, linux.randomBytes(16)) !== 0) return Errno.EFAULT;
  const auxv = auxiliaryVector(bprm, facts, random);
  const words = bprm.argc + 1 + bprm.envc + 1 + 1;
  const from = random - (auxv.length + words) * WORD;
  const stack = from - from % 16;
  const table: number[] = [bprm.argc];
  const argsEnd = pushStrings(bprm, table, bprm.pointer, bprm.argc);
  if (argsEnd < 0) return argsEnd;
  const environmentEnd = pushStrings(bprm, table, argsEnd, bprm.envc);
  if (environmentEnd < 0) return environmentEnd;
  mm.strings = {
    args: bprm.pointer,
    argsEnd,
    environment: argsEnd,
    environmentEnd,
  };
  const encoded = encodeWords(auxv);
  mm.auxv = encoded;
  const whole = new Uint8Array(table.length * WORD + encoded.length);
  whole.set(encodeWords(table));
  whole.set(encoded, table.length * WORD);
  if (mm.memory.write(stack, whole) !== 0) return Errno.EFAULT;
  bprm.copied(whole.length + 16, "the tables of the stack");
  mm.stackStart = stack;
  bprm.step(
    "create_elf_tables",
    `argc ${bprm.argc}, envc ${bprm.envc}, ${auxv.length / 2} auxv entries, sp ${
      stack.toString(16)
    }`,
  );
  return stack;
}

/** Put down where strings begin, and a zero; answers where the last one ends. */
function pushStrings(bprm: Bprm, table: number[], from: number, count: number): number {
  let at = from;
  for (let index = 0; index < count; index++) {
    table.push(at);
    const bytes = bprm.mm.memory.stringBytes(at, ARGUMENT_MAX);
    if (typeof bytes === "number" || bytes.length === ARGUMENT_MAX) return Errno.EINVAL;
    at += bytes.length + 1;
  }
  table.push(0);
  return at;
}

function auxiliaryVector(bprm: Bprm, facts: TableFacts, random: number): number[] {
  const { uid, euid, gid, egid } = bprm.credentials;
  const words: number[] = [At.SYSINFO_EHDR, bprm.mm.vdso];
  for (let key: number = At.L1I_CACHESIZE; key <= At.L3_CACHEGEOMETRY; key++) words.push(key, 0);
  words.push(
    At.MINSIGSTKSZ,
    SIGNAL_FRAME,
    At.HWCAP,
    HWCAP_IMAFDC,
    At.PAGESZ,
    PAGE_SIZE,
    At.CLKTCK,
    TICKS,
    At.PHDR,
    facts.phdrAddress,
    At.PHENT,
    PHDR_SIZE,
    At.PHNUM,
    facts.header.phnum,
    At.BASE,
    facts.interpreterBias,
    At.FLAGS,
    bprm.keepsArgument0 ? 1 : 0,
    At.ENTRY,
    facts.entry,
    At.UID,
    uid,
    At.EUID,
    euid,
    At.GID,
    gid,
    At.EGID,
    egid,
    At.SECURE,
    bprm.secure ? 1 : 0,
    At.RANDOM,
    random,
    At.EXECFN,
    bprm.execAddress,
  );
  if (bprm.execDescriptor >= 0) words.push(At.EXECFD, bprm.execDescriptor);
  words.push(At.RSEQ_FEATURE_SIZE, 28, At.RSEQ_ALIGN, 32, At.NULL, 0);
  return words;
}

function encodeWords(words: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(words.length * WORD);
  const view = new DataView(bytes.buffer);
  words.forEach((word, at) => {
    view.setUint32(at * WORD, word >>> 0, true);
    view.setUint32(at * WORD + 4, Math.floor(word / 2 ** 32), true);
  });
  return bytes;
}
