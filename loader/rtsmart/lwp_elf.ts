/**
 * The later loader, `lwp_elf.c`: program headers only, segments mapped from the page cache, and a
 * dynamic linker where the program names one.
 *
 * The functions bear RT-Smart's names for the sake of readers who compare.
 *
 * @module
 */
import { RtError } from "../../kernel/rtsmart/error.ts";
import { OpenFlag } from "../../kernel/rtsmart/fs/open_file.ts";
import { OpenRegular } from "../../kernel/rtsmart/fs/regular_file.ts";
import type { Lwp } from "../../kernel/rtsmart/lwp.ts";
import { textOf } from "../../kernel/rtsmart/text.ts";
import { elfAuxFill } from "./elf_aux.ts";
import {
  type Ehdr,
  ELF_MAGIC,
  ElfFile,
  ElfType,
  type Phdr,
  PHDR_SIZE,
  Pt,
  readPhdr,
} from "./elf_file.ts";
import { elfFileMmap, isTooLarge, type LoadedAt, totalMappingSize } from "./elf_mmap.ts";

const PHDRS_MAX = 128;
const PATH_MAX = 256;

/** A file whose headers were looked at (`elf_info_t`). */
export interface ElfInfo {
  /** The file. */
  readonly file: ElfFile;
  /** Its header. */
  readonly ehdr: Ehdr;
  /** Its program headers. */
  readonly phdrs: readonly Phdr[];
}

/** Load a program into a process; answers 0, or an error. */
export function lwpLoad(lwp: Lwp, path: string, aux: number): number {
  lwp.step("lwp_load", path);
  if (path.length < 1 || path.length > PATH_MAX) return RtError.ERROR;
  lwp.image.cmd = path;
  lwp.image.exeFile = path;
  return elfFileLoad(lwp, path, aux);
}

function elfFileLoad(lwp: Lwp, path: string, aux: number): number {
  lwp.step("elf_file_load", path);
  const exec = elfLoadApp(lwp, path);
  if (typeof exec === "number") return exec;
  const interp = elfLoadInterp(lwp, exec);
  if (typeof interp === "number") return interp;
  const status = elfLoadSegment(lwp, { exec, interp, aux });
  lwp.step("elf_load_deinit");
  return status;
}

function elfLoadApp(lwp: Lwp, path: string): ElfInfo | number {
  const opened = elfLoadEhdr(lwp, path);
  if (typeof opened === "number") return opened;
  const phdrs = elfLoadPhdr(lwp, opened);
  return typeof phdrs === "number" ? phdrs : { ...opened, phdrs };
}

function elfLoadEhdr(lwp: Lwp, path: string): Omit<ElfInfo, "phdrs"> | number {
  lwp.step("elf_load_ehdr", path);
  const opened = lwp.rtsmart.files.open(path, OpenFlag.RDONLY, lwp.workingDirectory);
  if (typeof opened === "number") return opened;
  if (!(opened instanceof OpenRegular)) return RtError.ERROR;
  const file = new ElfFile(lwp, opened.file, path);
  opened.file.drop();
  const ehdr = file.ehdr();
  if (ehdr === null) return RtError.ERROR;
  lwp.step("elf_check_ehdr");
  return isGoodEhdr(ehdr, file.length) ? { file, ehdr } : RtError.ERROR;
}

/** Neither class nor byte order nor version is looked at, and the machine only if it is none. */
function isGoodEhdr({ magic, type, machine, phnum, phoff }: Ehdr, length: number): boolean {
  return magic === ELF_MAGIC && (type === ElfType.EXEC || type === ElfType.DYN) &&
    machine !== 0 && phnum <= PHDRS_MAX && phoff <= length;
}

function elfLoadPhdr(lwp: Lwp, { file, ehdr }: Omit<ElfInfo, "phdrs">): Phdr[] | number {
  const { phnum, phentsize, phoff } = ehdr;
  lwp.step("elf_load_phdr", `${phnum} program headers`);
  const size = phnum * PHDR_SIZE;
  if (phnum < 1 || phentsize !== PHDR_SIZE || phoff + size > file.length) return RtError.ERROR;
  const bytes = file.read(phoff, size);
  if (bytes === null) return RtError.ERROR;
  const view = new DataView(bytes.buffer);
  return Array.from({ length: phnum }, (_, at) => readPhdr(view, at * PHDR_SIZE));
}

/** The dynamic linker that a program names first, looked at; null if it names none. */
function elfLoadInterp(lwp: Lwp, { file, phdrs }: ElfInfo): ElfInfo | number | null {
  const phdr = phdrs.find(({ type }) => type === Pt.INTERP);
  lwp.step("elf_load_interp", phdr ? "" : "none");
  if (!phdr) return null;
  const { filesz, offset } = phdr;
  if (isTooLarge(phdr) || filesz < 1 || filesz > PATH_MAX || offset + filesz > file.length) {
    return RtError.ERROR;
  }
  const bytes = file.read(offset, filesz);
  if (bytes === null || bytes[filesz - 1] !== 0) return RtError.ERROR;
  return elfLoadApp(lwp, textOf(bytes.subarray(0, bytes.indexOf(0))));
}

/** What is known when segments are to be mapped (`elf_load_info_t`). */
interface LoadInfo {
  readonly exec: ElfInfo;
  readonly interp: ElfInfo | null;
  readonly aux: number;
}

function elfLoadSegment(lwp: Lwp, { exec, interp, aux }: LoadInfo): number {
  const { start, ldso } = lwp.rtsmart.layout;
  const { ehdr } = exec;
  lwp.step("elf_load_segment", ehdr.type === ElfType.DYN ? `base 0x${start.toString(16)}` : "");
  const app: LoadedAt = { base: 0, address: 0 };
  let mapSize = 0;
  if (ehdr.type === ElfType.DYN) {
    mapSize = totalMappingSize(exec.phdrs);
    if (mapSize < 0) return RtError.ERROR;
    app.base = start;
  }
  const status = elfFileMmap(lwp, exec, { at: app, mapSize });
  // The program may not be there: that is written to the log, and loading goes on.
  if (status !== 0) lwp.step("LOG_W", `elf_file_mmap answers ${status}; loading goes on`);
  let entry = ehdr.entry;
  const linker: LoadedAt = { base: ldso, address: 0 };
  if (interp !== null) {
    lwp.step("load_elf_interp", interp.file.path);
    const size = totalMappingSize(interp.phdrs);
    if (size < 0) return RtError.ERROR;
    const mapped = elfFileMmap(lwp, interp, { at: linker, mapSize: size });
    if (mapped !== 0) return mapped;
    entry = interp.ehdr.entry + linker.address;
  }
  lwp.image.textEntry = entry;
  return elfAuxFill(lwp, {
    vector: aux,
    phdr: app.address + ehdr.phoff,
    phnum: ehdr.phnum,
    base: linker.address,
    entry: interp === null ? ehdr.entry : ehdr.entry + app.base,
  });
}
