/**
 * ELF programs: what Linux's `fs/binfmt_elf.c` does, in its order and under its names.
 *
 * Until `beginNewExec` an error is the caller's answer; from there on it is the end of the process.
 *
 * @module
 */
import { Register } from "../../kernel/abi/riscv64.ts";
import type { BinaryFormat } from "../../kernel/linux/binary_format.ts";
import type { Bprm } from "../../kernel/linux/bprm.ts";
import { Errno } from "../../kernel/linux/errno.ts";
import { beginNewExec, setupNewExec } from "../../kernel/linux/exec.ts";
import { Persona, Resource } from "../../kernel/linux/abi/process.ts";
import {
  ELF_ET_DYN_BASE,
  MMAP_RANDOM_BITS,
  mmapBase,
  pageDown,
  pageUp,
  TASK_SIZE,
} from "../../kernel/linux/mm/layout.ts";
import { MapFlag } from "../../kernel/linux/abi/memory.ts";
import { mmap } from "../../kernel/linux/mm/mmap.ts";
import { Access, PAGE_SIZE } from "../../kernel/ports.ts";
import {
  type Ehdr,
  ElfType,
  entryOf,
  loadElfPhdrs,
  maximumAlignment,
  Pf,
  type Phdr,
  Pt,
  readEhdr,
  totalMappingSize,
} from "./elf_file.ts";
import {
  checkInterpreter,
  type Interpreter,
  loadElfInterp,
  openInterpreter,
} from "./elf_interpreter.ts";
import { elfLoad, isBadAddress } from "./elf_map.ts";
import { logAuthority } from "./elf_authority.ts";
import { createElfTables } from "./elf_tables.ts";
import { mapVdso, setupArgPages } from "./elf_stack.ts";
import { findRoom } from "../../kernel/linux/mm/room.ts";

/** A program that was looked at, and can be loaded. */
interface Program {
  readonly header: Ehdr;
  readonly phdrs: readonly Phdr[];
  readonly interpreter: Interpreter | null;
}

/** Where the segments of a program are, in memory. */
interface Image {
  bias: number;
  phdrAddress: number;
  brk: number;
  code: { start: number; end: number };
  data: { start: number; end: number };
}

/** The format. */
export const ELF_FORMAT: BinaryFormat = { name: "elf", load: loadElfBinary };

const { SP, A0, F0: FLOATS, FCSR } = Register;

function loadElfBinary(bprm: Bprm): number {
  const program = examine(bprm);
  if (typeof program === "number") return program;
  const { interpreter } = program;
  const status = beginNewExec(bprm) || become(bprm, program);
  interpreter?.file.drop();
  return status;
}

/** Everything that can be refused while the caller is still there. */
function examine(bprm: Bprm): Program | number {
  const header = readEhdr(bprm.buffer);
  if (!header || (header.type !== ElfType.EXEC && header.type !== ElfType.DYN)) {
    return Errno.ENOEXEC;
  }
  if (!header.isForThisMachine) return Errno.ENOEXEC;
  const phdrs = loadElfPhdrs(bprm.file.inode, header);
  if (phdrs === null) return Errno.ENOEXEC;
  bprm.step("load_elf_phdrs", `${phdrs.length} program headers`);
  const opened = openInterpreter(bprm, phdrs);
  if (typeof opened === "number") return opened;
  if (opened === null) return { header, phdrs, interpreter: null };
  const interpreter = checkInterpreter(opened);
  if (typeof interpreter !== "number") return { header, phdrs, interpreter };
  opened.file.drop();
  return interpreter;
}

/** Everything behind the point of no return. */
function become(bprm: Bprm, program: Program): number {
  const { header, phdrs, interpreter } = program;
  const { task } = bprm;
  setupNewExec(
    bprm,
    mmapBase(task.group.limits.soft(Resource.STACK), bprm.randomPages(MMAP_RANDOM_BITS)),
  );
  const stack = phdrs.findLast(({ type }) => type === Pt.GNU_STACK);
  const status = setupArgPages(bprm, stack !== undefined && (stack.flags & Pf.X) !== 0);
  if (status !== 0) return status;
  const image = loadSegments(bprm, program);
  if (typeof image === "number") return image;
  let start = entryOf(header, image.bias);
  let interpreterBias = 0;
  if (interpreter) {
    interpreterBias = loadElfInterp(bprm, interpreter);
    if (interpreterBias < 0) return interpreterBias;
    start = entryOf(interpreter.header, interpreterBias);
  }
  if (isBadAddress(start)) return Errno.EINVAL;
  const vdso = mapVdso(bprm);
  if (vdso < 0) return vdso;
  setMmFields(bprm, image, header.type === ElfType.DYN && !interpreter);
  const entry = entryOf(header, image.bias);
  const facts = { header, phdrAddress: image.phdrAddress, interpreterBias, entry };
  const pointer = createElfTables(bprm, facts);
  if (pointer < 0) return pointer;
  mapFirstPage(bprm);
  startThread(bprm, start, pointer);
  return 0;
}

/** Who wishes it, and may, has something at address 0; nothing comes of it otherwise. */
function mapFirstPage({ mm, task }: Bprm): void {
  if ((task.persona & Persona.MMAP_PAGE_ZERO) === 0) return;
  const shared = task.linux.rootFs;
  const flags = MapFlag.FIXED | MapFlag.PRIVATE | MapFlag.ANONYMOUS;
  const prot = Access.READ | Access.EXECUTE;
  mmap(mm, { address: 0, length: PAGE_SIZE, prot, flags, file: null, offset: 0, shared });
}

function loadSegments(bprm: Bprm, { header, phdrs, interpreter }: Program): Image | number {
  const { file } = bprm;
  const image: Image = {
    bias: 0,
    phdrAddress: 0,
    brk: 0,
    code: { start: Infinity, end: 0 },
    data: { start: 0, end: 0 },
  };
  let isFirst = true;
  for (const phdr of phdrs) {
    if (phdr.type !== Pt.LOAD) continue;
    let flags: number = MapFlag.PRIVATE;
    let totalSize = 0;
    if (!isFirst) flags |= MapFlag.FIXED;
    else if (header.type === ElfType.EXEC) flags |= MapFlag.FIXED_NOREPLACE;
    else {
      totalSize = totalMappingSize(phdrs);
      if (totalSize === 0) return Errno.EINVAL;
      const at = chooseBase(bprm, phdrs, interpreter !== null);
      if (at !== null && at < 0) return at;
      if (at !== null) flags |= MapFlag.FIXED_NOREPLACE;
      image.bias = pageDown((at ?? 0) - phdr.vaddr);
    }
    const address = image.bias + phdr.vaddr;
    const mapped = elfLoad(bprm, phdr, { file, address, flags, totalSize });
    if (isBadAddress(mapped)) return mapped < 0 ? mapped : Errno.EINVAL;
    if (isFirst && header.type === ElfType.DYN) image.bias += mapped - pageDown(address);
    isFirst = false;
    const status = account(image, phdr, header.phoff);
    if (status !== 0) return status;
  }
  image.phdrAddress += image.bias;
  return image;
}

/** Where a program that can be anywhere goes: null for wherever there is room, or an error. */
function chooseBase(bprm: Bprm, phdrs: readonly Phdr[], hasInterpreter: boolean): number | null {
  const align = maximumAlignment(phdrs);
  if (hasInterpreter) {
    const random = bprm.randomPages(MMAP_RANDOM_BITS) * 4096;
    const base = ELF_ET_DYN_BASE + random;
    return align > 0 ? base - base % align : base;
  }
  if (align <= 4096) return null;
  // Where it would be mapped, or a little lower; what has no bytes in the file is not mapped.
  const isMapped = phdrs.find(({ type }) => type === Pt.LOAD)!.filesz > 0;
  const room = isMapped ? findRoom(bprm.mm, pageUp(totalMappingSize(phdrs))) : 0;
  return room < 0 ? room : room - room % align;
}

/** Remember where a segment is, and refuse what cannot be. */
function account(image: Image, { vaddr, offset, filesz, memsz, flags }: Phdr, phoff: number) {
  if (offset <= phoff && phoff < offset + filesz) image.phdrAddress = phoff - offset + vaddr;
  const isCode = (flags & Pf.X) !== 0;
  if (isCode && vaddr < image.code.start) image.code.start = vaddr;
  if (image.data.start < vaddr) image.data.start = vaddr;
  if (isBadAddress(vaddr) || filesz > memsz || memsz > TASK_SIZE || TASK_SIZE - memsz < vaddr) {
    return Errno.EINVAL;
  }
  if (isCode) image.code.end = Math.max(image.code.end, vaddr + filesz);
  image.data.end = Math.max(image.data.end, vaddr + filesz);
  image.brk = Math.max(image.brk, vaddr + memsz);
  return 0;
}

function setMmFields(bprm: Bprm, image: Image, isMovedHeap: boolean): void {
  const { mm } = bprm;
  const { bias, code, data } = image;
  mm.code = { start: code.start === Infinity ? 0 : code.start + bias, end: code.end + bias };
  mm.data = { start: data.start + bias, end: data.end + bias };
  let brk = isMovedHeap ? ELF_ET_DYN_BASE : pageUp(image.brk + bias);
  if (bprm.randomize) brk += 4096 * (1 + bprm.randomPages(MMAP_RANDOM_BITS));
  mm.brkStart = mm.brk = brk;
}

function startThread(bprm: Bprm, entry: number, pointer: number): void {
  const { context } = bprm.task;
  for (let one = 0; one < 32; one++) context.set(FLOATS + one, 0);
  context.set(FCSR, 0);
  context.set(A0, 0);
  context.set(SP, pointer);
  // The register that a program is entered through has no lowest bit.
  context.pc = entry - entry % 2;
  bprm.step("start_thread", `pc ${entry.toString(16)}, sp ${pointer.toString(16)}`);
  const { log } = bprm.mm.realm;
  const { thread, group } = bprm.task;
  if (log.listening) {
    logAuthority(bprm.task);
    const process = group.process.koid;
    log.emit("thread-start", { process, thread: thread.koid, entry, stack: pointer });
  }
}
