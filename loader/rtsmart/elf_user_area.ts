/**
 * What the first loader maps: one range that holds all code, one that holds all data, as the section
 * headers have them.
 *
 * @module
 */
import { RtError } from "../../kernel/rtsmart/error.ts";
import type { Layout } from "../../kernel/rtsmart/mm/layout.ts";
import { pageDown, pageUp } from "../../kernel/rtsmart/mm/layout.ts";
import { mapUser } from "../../kernel/rtsmart/mm/user_mm.ts";
import { SHDR_SIZE, Shf, Sht } from "./elf_file.ts";
import { type ElfLoadContext, isInFile, offset32, type UserArea } from "./elf_load_context.ts";

/** Find the two ranges, and map them; answers 0 or an error. */
export function mapUserAreas(context: ElfLoadContext): number {
  const { lwp, userArea } = context;
  const { layout } = lwp.rtsmart;
  const [text, data] = userArea;
  const status = readSections(context);
  if (status !== 0) return status;
  if (text.size === 0) return RtError.ERROR;
  if (text.start === 0) {
    context.loadOff = layout.load;
    text.start += layout.load;
    data.start += layout.load;
  }
  lwp.step("map_range_ckeck", `text ${range(text)}, data ${range(data)}`);
  if (!isGoodRange(text, layout) || !isGoodRange(data, layout) || overlap(text, data)) {
    return RtError.ERROR;
  }
  for (const [area, name] of [[text, "[text]"], [data, "[data]"]] as const) {
    if (area.size === 0) continue;
    const at = mapUser(lwp, area.start, area.size, name);
    lwp.step("lwp_map_user", `${name} ${range(area)}, a frame for every page`);
    // A range that begins within a page is mapped, and taken for a failure.
    if (at !== area.start) return RtError.ERROR;
  }
  lwp.image.textSize = text.size;
  lwp.image.dataEntry = data.start;
  lwp.image.dataSize = data.size;
  return 0;
}

function readSections(context: ElfLoadContext): number {
  const { file, eheader, userArea, lwp } = context;
  const [text, data] = userArea;
  lwp.step("load_elf: section headers", `${eheader.shnum}`);
  let offset = offset32(eheader.shoff);
  for (let one = 0; one < eheader.shnum; one++, offset += SHDR_SIZE) {
    const section = isInFile(context, offset) ? file.shdr(offset) : null;
    if (section === null) return RtError.ERROR;
    if ((section.flags & Shf.ALLOC) === 0) continue;
    const isText = section.type === Sht.PROGBITS && (section.flags & Shf.WRITE) === 0;
    expandMapRange(isText ? text : data, section.address, section.size);
  }
  return 0;
}

/** A range that begins at 0 is taken for one that has not begun. */
function expandMapRange(area: UserArea, start: number, size: number): void {
  if (area.start === 0) {
    area.start = start;
    area.size = size;
    return;
  }
  const end = Math.max(area.start + area.size, start + size);
  area.start = Math.min(area.start, start);
  area.size = end - area.start;
}

function isGoodRange({ start, size }: UserArea, { load, stackStart }: Layout): boolean {
  if (size === 0) return true;
  const low = pageDown(start);
  const high = pageUp(start + size);
  return low >= load && low <= stackStart && high >= load && high <= stackStart;
}

function overlap(one: UserArea, other: UserArea): boolean {
  if (one.size === 0 || other.size === 0) return false;
  return pageDown(one.start) < pageUp(other.start + other.size) &&
    pageDown(other.start) < pageUp(one.start + one.size);
}

function range({ start, size }: UserArea): string {
  return size === 0 ? "nowhere" : `0x${start.toString(16)}+0x${size.toString(16)}`;
}
