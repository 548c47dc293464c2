/**
 * How the first loader fills a program: page by page, through the frames that lie at the addresses
 * the file names.
 *
 * @module
 */
import { PAGE_SIZE } from "../../kernel/ports.ts";
import { RtError } from "../../kernel/rtsmart/error.ts";
import { pageDown } from "../../kernel/rtsmart/mm/layout.ts";
import { type Phdr, PHDR_SIZE, Pt } from "./elf_file.ts";
import { type ElfLoadContext, isInFile, offset32, poke } from "./elf_load_context.ts";

/** Copy every segment, and the zeros behind it; answers 0 or an error. */
export function copySegments(context: ElfLoadContext): number {
  const { file, eheader } = context;
  let offset = offset32(eheader.phoff);
  for (let one = 0; one < eheader.phnum; one++, offset += PHDR_SIZE) {
    const phdr = isInFile(context, offset) ? file.phdr(offset) : null;
    if (phdr === null) return RtError.ERROR;
    if (phdr.type !== Pt.LOAD) continue;
    const status = checkSegment(context, phdr) || copySegment(context, phdr) ||
      zeroSegment(context, phdr);
    if (status !== 0) return status;
  }
  return 0;
}

function checkSegment(context: ElfLoadContext, { filesz, memsz, offset }: Phdr): number {
  return filesz > memsz || !isInFile(context, offset) ? RtError.ERROR : 0;
}

/**
 * Copy a segment's bytes: to the addresses in the file, to which nothing is added even where the
 * program has been moved.
 */
function copySegment(context: ElfLoadContext, { filesz, offset, vaddr }: Phdr): number {
  const { file, lwp, loadAddr } = context;
  lwp.step("load_elf: PT_LOAD", `${filesz} bytes to 0x${vaddr.toString(16)}`);
  const size = offset32(filesz);
  for (let done = 0; done < size; done += PAGE_SIZE) {
    const want = Math.min(PAGE_SIZE, size - done);
    const bytes = file.file.readAt(offset + done, want);
    const at = vaddr + loadAddr + done;
    if (bytes.length > 0 && poke(context, at, bytes) !== 0) return RtError.ERROR;
    if (bytes.length === want) continue;
    // A read that ends early counts for nothing, so that the same bytes are wanted for ever.
    lwp.rtsmart.panic(`load_elf reads ${want} bytes where the file has ${bytes.length}, for ever`);
    return RtError.ERROR;
  }
  lwp.copied(size, "segments of the file");
  return size === filesz ? 0 : RtError.ERROR;
}

function zeroSegment(context: ElfLoadContext, { filesz, memsz, vaddr }: Phdr): number {
  const { lwp, loadOff } = context;
  let size = offset32(memsz - filesz);
  if (size === 0) return 0;
  lwp.step("load_elf: bss", `${size} zeros behind 0x${(vaddr + filesz).toString(16)}`);
  lwp.copied(size, "zeros behind the data");
  // Where in the page the zeros begin is reckoned from the file's size alone.
  let within = filesz % PAGE_SIZE;
  for (let at = pageDown(vaddr + filesz + loadOff); size > 0; at += PAGE_SIZE) {
    const count = Math.min(size, PAGE_SIZE - within);
    if (poke(context, at + within, new Uint8Array(count)) !== 0) return RtError.ERROR;
    within = 0;
    size -= count;
  }
  return 0;
}
