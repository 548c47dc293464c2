/**
 * The stack and the vDSO of a new program.
 *
 * @module
 */
import type { Bprm } from "../../kernel/linux/bprm.ts";
import { Errno } from "../../kernel/linux/errno.ts";
import { Resource } from "../../kernel/linux/abi/process.ts";
import { pageDown, pageUp, STACK_RANDOM_PAGES } from "../../kernel/linux/mm/layout.ts";
import { mapAt } from "../../kernel/linux/mm/map.ts";
import { findRoom } from "../../kernel/linux/mm/room.ts";
import { logMapped } from "../../kernel/linux/mm/map_log.ts";
import { moveMapping } from "../../kernel/linux/mm/move.ts";
import { VDSO_NAME, VVAR_NAME } from "../../kernel/linux/mm/vma.ts";
import { Access } from "../../kernel/ports.ts";

const STACK_EXPAND = 128 << 10;

/** Let the pages with the strings be the stack: in its place, allowed what it may, with some room. */
export function setupArgPages(bprm: Bprm, isExecutable: boolean): number {
  const { mm, task } = bprm;
  const { linux } = task;
  let vma = mm.vmas.at(bprm.pointer);
  if (!vma) return Errno.EFAULT;
  const first = mm.vmas.all[0]!;
  const random = bprm.randomize ? linux.realm.entropy.next() % (STACK_RANDOM_PAGES + 1) : 0;
  const shift = random * 4096;
  if (shift > 0) {
    moveMapping(mm, vma, vma.start - shift);
    bprm.pointer -= shift;
    bprm.execAddress -= shift;
    vma = mm.vmas.at(bprm.pointer)!;
  }
  const prot = Access.READ | Access.WRITE | (isExecutable ? Access.EXECUTE : 0);
  if (vma.prot !== prot) mm.vmas.change(vma.start, vma.end, { prot });
  const size = vma.end - vma.start;
  const limit = pageDown(Math.min(task.group.limits.soft(Resource.STACK), 2 ** 40));
  const start = limit < size + STACK_EXPAND ? vma.end - limit : vma.start - STACK_EXPAND;
  if (start < vma.start) {
    const whole = mm.vmas.at(bprm.pointer)!;
    mm.vmas.insert(whole.part(start, whole.start));
  }
  logMapped(mm, { start, end: first.end, prot, name: "[stack]" });
  bprm.step("setup_arg_pages", `stack ${start.toString(16)}-${first.end.toString(16)}`);
  return 0;
}

/** Map the vDSO with the page that it reads; answers where, or why it cannot be. */
export function mapVdso(bprm: Bprm): number {
  const { mm, task } = bprm;
  const { vdsoFile, vvarFile } = task.linux;
  const facts = pageUp(vvarFile.inode.size);
  const length = pageUp(vdsoFile.inode.size);
  const start = findRoom(mm, facts + length);
  if (start < 0) return start;
  mapAt(mm, { start, end: start + facts, prot: Access.READ, file: vvarFile, name: VVAR_NAME });
  mm.vdso = start + facts;
  const prot = Access.READ | Access.EXECUTE;
  mapAt(mm, { start: mm.vdso, end: mm.vdso + length, prot, file: vdsoFile, name: VDSO_NAME });
  bprm.step("arch_setup_additional_pages", `vdso ${mm.vdso.toString(16)}`);
  return mm.vdso;
}
