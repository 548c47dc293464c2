/**
 * The first loader, `load_elf`: section headers say what is mapped, frames are given out at once, and
 * the segments are copied into them.
 *
 * @module
 */
import { PAGE_SIZE } from "../../kernel/ports.ts";
import { RtError } from "../../kernel/rtsmart/error.ts";
import { OpenFlag } from "../../kernel/rtsmart/fs/open_file.ts";
import { OpenRegular } from "../../kernel/rtsmart/fs/regular_file.ts";
import type { Lwp } from "../../kernel/rtsmart/lwp.ts";
import { mapUser } from "../../kernel/rtsmart/mm/user_mm.ts";
import { At, putAux } from "./aux_vector.ts";
import { putRandom, randomAddress } from "./elf_aux.ts";
import { type Ehdr, ELF_MAGIC, ElfFile, ElfType, PHDR_SIZE, Pt } from "./elf_file.ts";
import { type ElfLoadContext, isInFile, offset32, poke } from "./elf_load_context.ts";
import { copySegments } from "./elf_segments.ts";
import { mapUserAreas } from "./elf_user_area.ts";
import { relocate } from "./elf_relocate.ts";

/** The program wants a dynamic linker, which the caller has to load instead. */
export const DYNAMIC = 1;

const ELFCLASS64 = 2;

/** Load a program into a process; answers 0, `DYNAMIC`, or an error. */
export function lwpLoad(lwp: Lwp, path: string, aux: number): number {
  lwp.step("lwp_load", path);
  lwp.image.cmd = path;
  lwp.image.exeFile = path;
  const opened = lwp.rtsmart.files.open(path, OpenFlag.RDONLY, lwp.workingDirectory);
  if (!(opened instanceof OpenRegular)) return -1;
  const file = new ElfFile(lwp, opened.file, path);
  opened.file.drop();
  lwp.step("load_elf", `${file.length} bytes`);
  const eheader = file.ehdr();
  if (eheader === null || !isGood(eheader)) return RtError.ERROR;
  return loadElf({
    file,
    len: file.length,
    loadAddr: 0,
    lwp,
    aux,
    eheader,
    userArea: [{ start: 0, size: 0 }, { start: 0, size: 0 }],
    loadOff: 0,
  });
}

/** Neither the machine nor the byte order nor any size of a table's entry is looked at. */
function isGood({ magic, elfClass, version, type }: Ehdr): boolean {
  return magic === ELF_MAGIC && elfClass === ELFCLASS64 && version === 1 &&
    (type === ElfType.DYN || type === ElfType.EXEC);
}

function loadElf(context: ElfLoadContext): number {
  const { lwp, eheader } = context;
  const { load, ldso } = lwp.rtsmart.layout;
  const dynamic = isDynamic(context);
  if (dynamic !== 0) return dynamic;
  const { entry } = eheader;
  if (entry !== 0 && entry !== load && entry !== ldso) return RtError.ERROR;
  const status = loadAux(context) || mapUserAreas(context);
  if (status !== 0) return status;
  lwp.image.textEntry = entry + context.loadOff;
  const copied = copySegments(context);
  if (copied !== 0) return copied;
  return eheader.type === ElfType.DYN ? relocate(context) : 0;
}

/** Whether a program header is PT_DYNAMIC: `DYNAMIC`, 0, or an error where the table breaks off. */
function isDynamic(context: ElfLoadContext): number {
  const { file, eheader, lwp } = context;
  lwp.step("load_elf: program headers", `${eheader.phnum}`);
  let offset = offset32(eheader.phoff);
  for (let one = 0; one < eheader.phnum; one++, offset += PHDR_SIZE) {
    const phdr = isInFile(context, offset) ? file.phdr(offset) : null;
    if (phdr === null) return RtError.ERROR;
    if (phdr.type === Pt.DYNAMIC) return DYNAMIC;
  }
  return 0;
}

/** A copy of the program headers, on a page of their own, and what the program is told of them. */
function loadAux(context: ElfLoadContext): number {
  const { file, eheader, lwp, aux } = context;
  const { phnum } = eheader;
  const size = phnum * PHDR_SIZE;
  if (size > PAGE_SIZE - 16) return RtError.ERROR;
  const page = lwp.rtsmart.layout.top - 2 * PAGE_SIZE;
  if (size === 0 || mapUser(lwp, page, size, "[phdr]") !== page) return RtError.ERROR;
  lwp.step("load_elf: aux", `program headers to 0x${page.toString(16)}`);
  const offset = offset32(eheader.phoff);
  const table = isInFile(context, offset) ? file.read(offset, size) : null;
  if (table === null) return RtError.ERROR;
  if (poke(context, page, table) !== 0 || !putRandom(lwp)) return RtError.ERROR;
  lwp.copied(size, "program headers");
  const items = [
    [At.PAGESZ, PAGE_SIZE],
    [At.RANDOM, randomAddress(lwp)],
    [At.PHDR, page],
    [At.PHNUM, phnum],
    [At.PHENT, PHDR_SIZE],
  ] as const;
  return putAux(lwp, aux, { from: 1, items }) ? 0 : RtError.ERROR;
}
