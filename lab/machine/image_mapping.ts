/**
 * Programs put into processes by the host, without any loader: for calls tried one by one, and for
 * scenarios, in which nothing runs but what the scenario names.
 *
 * @module
 */
import { VmOption } from "../../kernel/abi.ts";
import { invariant } from "../../kernel/invariant.ts";
import { Access } from "../../kernel/ports.ts";
import type { Process } from "../../kernel/task/process.ts";
import { Vmo } from "../../kernel/vm/vmo.ts";
import { type ElfImage, SegmentFlag } from "../../loader/elf.ts";
import { zirconVdso } from "./vdso.ts";

/** Map the parts of a file that was read, so far above where it wants to be; answers its entry. */
export function mapImage(
  process: Process,
  file: Uint8Array,
  { image, bias }: { readonly image: ElfImage; readonly bias: number },
): number {
  for (const { segment, address, fileBytes, freshBytes } of image.plan.pieces) {
    const { offset, fileSize, flags } = segment;
    const bytes = file.subarray(offset, offset + fileSize);
    const vmo = mapFresh(process, bias + address, fileBytes + freshBytes, accessOf(flags));
    vmo.write(segment.address - address, bytes);
  }
  return bias + image.header.entry;
}

/** Map the vDSO. */
export function mapVdso(process: Process, vmo: Vmo, address: number): void {
  const { codeOffset, codeSize } = zirconVdso();
  const { PERM_READ, PERM_EXECUTE } = VmOption;
  for (
    const [offset, length, options] of [
      [0, codeOffset, PERM_READ],
      [codeOffset, codeSize, PERM_READ | PERM_EXECUTE],
    ] as const
  ) {
    mapAt(process, { vmo, offset, length, address: address + offset, options });
  }
}

/** Map new memory. */
export function mapFresh(
  process: Process,
  address: number,
  length: number,
  access: number = Access.READ | Access.WRITE,
): Vmo {
  const vmo = Vmo.create(process.realm, length);
  invariant(typeof vmo !== "number", "there is memory");
  mapAt(process, { vmo, offset: 0, length, address, options: access });
  return vmo;
}

function mapAt(process: Process, { vmo, offset, length, address, options }: {
  readonly vmo: Vmo;
  readonly offset: number;
  readonly length: number;
  readonly address: number;
  readonly options: number;
}): void {
  const { root } = process.space;
  const mapping = root.map({
    options: options | VmOption.SPECIFIC,
    vmarOffset: address - root.base,
    vmo,
    vmoOffset: offset,
    length,
    accessMax: options,
  });
  invariant(typeof mapping !== "number", "there is room");
}

/** ELF's bits for what a segment allows run the other way round. */
function accessOf(flags: number): number {
  const { READ, WRITE, EXECUTE } = SegmentFlag;
  return (flags & READ ? Access.READ : 0) | (flags & WRITE ? Access.WRITE : 0) |
    (flags & EXECUTE ? Access.EXECUTE : 0);
}
