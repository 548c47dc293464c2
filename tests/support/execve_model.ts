/**
 * What Linux 6.12 for RISC-V decides about an ELF file from its bytes alone, written down from its rules
 * in their order, with numbers of 64 bits that wrap as the kernel's do. The loader is held against it.
 *
 * @module
 */
import { bytesAt, isBehind, ModelAddresses, PAGE, Prot, TASK_SIZE } from "./addresses_model.ts";
import { type ModelHeader, type ModelSegment, readHeader, readSegments } from "./elf_model.ts";
import { ModelLoad } from "./segments_model.ts";

/** What becomes of an `execve`. */
export type Verdict =
  /** The caller is answered this error. */
  | { readonly kind: "error"; readonly name: string }
  /** The caller is gone, and the signal is what its parent sees. */
  | { readonly kind: "signal"; readonly name: string }
  /** The program's own code runs to its end, and that is its code. */
  | { readonly kind: "end"; readonly code: number }
  /** Bytes run that nobody meant to be code: every end but an error is right. */
  | { readonly kind: "runs" }
  /** The rules leave it open. */
  | { readonly kind: "open"; readonly why: string };

/** What the model has to know beside the file. */
export interface ModelWorld {
  /** The files in the root directory, by name; all may be executed. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** How many bytes of memory there are: more can nobody have at once. */
  readonly memoryBytes: bigint;
}

/** A dynamic linker that passed everything that is looked at while the caller is there. */
interface Linker {
  readonly file: Uint8Array;
  readonly header: ModelHeader;
  readonly segments: readonly ModelSegment[];
}

const SEGV: Verdict = { kind: "signal", name: "SIGSEGV" };
const PT_LOAD = 1;
const PT_INTERP = 3;
const PT_GNU_STACK = 0x6474e551;
const DYN_BASE = 0x2aaaaaa000n;
/** The vDSO and its data are somewhere in so many bytes below what was mapped where there was room. */
const VDSO_ROOM = 0x10000n;
const PATH_MAX = 4096n;
const NAME_MAX = 255;
const U64 = (value: bigint): bigint => BigInt.asUintN(64, value);

/** What Linux does with a file. */
export function judge(file: Uint8Array, world: ModelWorld): Verdict {
  const header = readHeader(file);
  if (!header || (header.type !== 2 && header.type !== 3) || !header.isRiscv) {
    return error("ENOEXEC");
  }
  const segments = readSegments(file, header);
  if (!segments) return error("ENOEXEC");
  const linker = findLinker(file, segments, world);
  if (typeof linker === "string") return error(linker);
  // The point of no return.
  const stack = segments.findLast(({ type }) => type === PT_GNU_STACK);
  const stackProt = Prot.READ | Prot.WRITE | (stack && (stack.flags & 1) !== 0 ? Prot.EXEC : 0);
  const addresses = new ModelAddresses(stackProt);
  const load = new ModelLoad(addresses, world.memoryBytes);
  const loads = segments.filter(({ type }) => type === PT_LOAD);
  const bias = loadProgram(load, { file, header, loads, hasLinker: linker !== null });
  if (bias === null) return SEGV;
  let entry = U64(header.entry + bias);
  if (linker) {
    const at = loadLinker(load, linker, bias);
    if (at === null) return SEGV;
    entry = U64(linker.header.entry + at);
  }
  if (entry >= TASK_SIZE) return SEGV;
  if (addresses.hasLostStack) return { kind: "open", why: "a segment is over the stack" };
  return firstInstruction(addresses, entry - entry % 2n);
}

function error(name: string): Verdict {
  return { kind: "error", name };
}

/** The first PT_INTERP's file, null if there is none, or the error that its caller gets. */
function findLinker(
  file: Uint8Array,
  segments: readonly ModelSegment[],
  { files }: ModelWorld,
): Linker | string | null {
  const named = segments.find(({ type }) => type === PT_INTERP);
  if (!named) return null;
  const { offset, filesz } = named;
  if (filesz > PATH_MAX || filesz < 2n) return "ENOEXEC";
  if (offset + filesz >= 1n << 63n) return "EINVAL";
  if (offset + filesz > BigInt(file.length)) return "EIO";
  const bytes = file.subarray(Number(offset), Number(offset + filesz));
  if (bytes.at(-1) !== 0) return "ENOEXEC";
  const opened = open(bytes.subarray(0, bytes.indexOf(0)), files);
  if (typeof opened === "string") return opened;
  if (opened.length < 64) return "EIO";
  const header = readHeader(opened);
  if (!header || !header.isRiscv) return "ELIBBAD";
  const own = readSegments(opened, header);
  return own ? { file: opened, header, segments: own } : "ELIBBAD";
}

/** What a path leads to in a root that has files and nothing else. */
function open(path: Uint8Array, files: ModelWorld["files"]): Uint8Array | string {
  const names = new TextDecoder("latin1").decode(path).split("/")
    .filter((name) => name !== "" && name !== "." && name !== "..");
  const [first, ...others] = names;
  if (first === undefined) return "EACCES";
  if (first.length > NAME_MAX) return "ENAMETOOLONG";
  const found = files[first];
  if (!found) return "ENOENT";
  return others.length > 0 || path.at(-1) === 0x2f ? "ENOTDIR" : found;
}

interface ModelProgram {
  readonly file: Uint8Array;
  readonly header: ModelHeader;
  readonly loads: readonly ModelSegment[];
  readonly hasLinker: boolean;
}

/** Map a program; answers what is added to its addresses, or null if that ends it. */
function loadProgram(load: ModelLoad, program: ModelProgram): bigint | null {
  const { file, header, loads } = program;
  let bias = 0n;
  for (const [index, segment] of loads.entries()) {
    const { vaddr, filesz, memsz } = segment;
    let way: "fixed" | "new" | "anywhere" = index === 0 ? "new" : "fixed";
    let total = 0n;
    if (index === 0 && header.type === 3) {
      total = load.total(loads);
      if (total === 0n) return null;
      const base = chooseBase(load, program, total);
      if (base === null) return null;
      if (base === "anywhere") way = "anywhere";
      const from = base === "anywhere" ? 0n : base;
      bias = U64(from - vaddr) / PAGE * PAGE;
    }
    const address = U64(bias + vaddr);
    const at = load.segment(segment, { file, address, way, total });
    if (at === null || at >= TASK_SIZE) return null;
    if (index === 0 && header.type === 3) bias = U64(bias + at - address / PAGE * PAGE);
    if (vaddr >= TASK_SIZE || filesz > memsz || memsz > TASK_SIZE || TASK_SIZE - memsz < vaddr) {
      return null;
    }
  }
  return bias;
}

/** Where a program goes that can be anywhere. */
function chooseBase(
  load: ModelLoad,
  { file, loads, hasLinker }: ModelProgram,
  total: bigint,
): bigint | "anywhere" | null {
  const powers = loads.map(({ align }) => align).filter((align) =>
    align !== 0n && (align & (align - 1n)) === 0n
  );
  const wanted = powers.reduce((one, two) => one > two ? one : two, 0n);
  const align = U64((wanted + PAGE - 1n) / PAGE * PAGE);
  const down = (base: bigint) => align > 0n ? base - base % align : base;
  if (hasLinker) return down(DYN_BASE);
  if (align <= PAGE) return "anywhere";
  const probe = load.segment(loads[0]!, { file, address: 0n, way: "anywhere", total });
  if (probe === null || probe >= TASK_SIZE) return null;
  load.addresses.take(probe, probe + (total + PAGE - 1n) / PAGE * PAGE);
  return down(probe);
}

/** Map a dynamic linker; answers what is added to its addresses, or null if that ends it all. */
function loadLinker(load: ModelLoad, linker: Linker, programBias: bigint): bigint | null {
  const { file, header, segments } = linker;
  if (header.type !== 2 && header.type !== 3) return null;
  const loads = segments.filter(({ type }) => type === PT_LOAD);
  let total = load.total(loads);
  if (total === 0n) return null;
  let bias = 0n;
  for (const [index, segment] of loads.entries()) {
    const { vaddr, filesz, memsz } = segment;
    const isFree = header.type === 3 && index === 0;
    if (isFree && programBias !== 0n) bias = U64(-vaddr);
    const address = U64(bias + vaddr);
    const at = load.segment(segment, { file, address, way: isFree ? "anywhere" : "fixed", total });
    total = 0n;
    if (at === null || at >= TASK_SIZE) return null;
    if (isFree) bias = U64(at - vaddr / PAGE * PAGE);
    const start = U64(bias + vaddr);
    if (start >= TASK_SIZE || filesz > memsz || memsz > TASK_SIZE || TASK_SIZE - memsz < start) {
      return null;
    }
  }
  return bias;
}

/** li a7, 94; li a0, 42; ecall */
const CODE = [0x93, 0x08, 0xe0, 0x05, 0x13, 0x05, 0xa0, 0x02, 0x73, 0, 0, 0];

function firstInstruction(addresses: ModelAddresses, entry: bigint): Verdict {
  const run = addresses.at(entry);
  if (!run && addresses.isJustBelow(entry, VDSO_ROOM)) {
    return { kind: "open", why: "the vDSO may be at the entry" };
  }
  if (!run || (run.prot & Prot.EXEC) === 0) return SEGV;
  if (isBehind(run, entry)) return { kind: "signal", name: "SIGBUS" };
  const bytes = bytesAt(run, entry, CODE.length);
  const isWhole = entry % PAGE <= PAGE - BigInt(CODE.length);
  if (isWhole && CODE.every((byte, at) => bytes[at] === byte)) return { kind: "end", code: 42 };
  if (bytes[0] === 0 && bytes[1] === 0) return { kind: "signal", name: "SIGILL" };
  return { kind: "runs" };
}
