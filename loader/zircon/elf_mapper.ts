/**
 * Mapping an ELF image: a region for the whole, then each segment where the file says.
 *
 * What is only read is mapped from the file's own memory object, so that everybody shares the pages;
 * what is written is mapped from a snapshot of it; what the file does not hold is fresh memory.
 *
 * @module
 */
import { failed, Status, VmoChild, VmoOp, VmOption } from "../../kernel/abi.ts";
import { type Operation, zx } from "../../kernel/client.ts";
import {
  checkHeader,
  checkSegments,
  type ElfHeader,
  type ElfSegment,
  FileType,
  HEADER_SIZE,
  type LoadPiece,
  type LoadPlan,
  Machine,
  planLoad,
  readHeader,
  readInterpreter,
  readSegments,
  refused,
  segmentOf,
  SegmentType,
} from "../elf.ts";
import type { Owned } from "./owned.ts";
import { isRefusal, Refusal } from "./refusal.ts";

/** A file that can be mapped. */
export interface ElfFile {
  /** Its memory object. */
  readonly vmo: number;
  /** What people call it. */
  readonly name: string;
  /** Its header. */
  readonly header: ElfHeader;
  /** Its program headers. */
  readonly segments: readonly ElfSegment[];
  /** Where its bytes go. */
  readonly plan: LoadPlan;
  /** The dynamic linker it asks for. */
  readonly interpreter: string | undefined;
}

/** A file that is mapped. */
export interface Mapped {
  /** The region that it is mapped in. */
  readonly vmar: number;
  /** The address of the region. */
  readonly base: number;
  /** What to add to the file's own addresses. */
  readonly bias: number;
}

/** The machine whose code is loaded here. */
const MACHINE = Machine.RISCV;

/** Read and check an executable: its headers, and the name of its dynamic linker. */
export function* readElf(vmo: number, name: string): Operation<ElfFile | Refusal> {
  const fileSize = yield* sizeOf(vmo);
  if (isRefusal(fileSize)) return fileSize;
  const first = yield* readAt(vmo, 0, Math.min(HEADER_SIZE, fileSize));
  if (isRefusal(first)) return first;
  const header = readHeader(first);
  if (refused(header)) return badFile(header.text);
  const rules = { machine: MACHINE, types: [FileType.DYN], fileSize };
  const reason = checkHeader(header, rules);
  if (reason) return badFile(reason.text);
  const { offset, count, entrySize } = header.segments;
  const table = yield* readAt(vmo, offset, count * entrySize);
  if (isRefusal(table)) return table;
  const segments = readSegments(table, header);
  const wrong = checkSegments(segments, rules);
  if (wrong) return badFile(wrong.text);
  const interpreter = yield* readInterpreterName(vmo, segments);
  if (isRefusal(interpreter)) return interpreter;
  return { vmo, name, header, segments, plan: planLoad(segments), interpreter };
}

/** Map a file into a new region below a parent. */
export function* mapElf(file: ElfFile, parent: number, owned: Owned): Operation<Mapped | Refusal> {
  const { plan } = file;
  const region = yield* zx.vmarAllocate({
    parent,
    options: regionOptions(plan),
    offset: 0,
    size: plan.span,
  });
  if (failed(region)) return Refusal.call(region, `no room for ${file.name}`);
  const vmar = owned.own(region.child);
  for (const piece of plan.pieces) {
    const failure = yield* mapPiece(file, vmar, piece);
    if (failure) return failure;
  }
  return { vmar, base: region.childAddress, bias: region.childAddress - plan.low };
}

/** Read bytes of a memory object. */
export function* readAt(vmo: number, offset: number, size: number) {
  if (size === 0) return new Uint8Array(0);
  const read = yield* zx.vmoRead({ handle: vmo, offset, bufferSize: size });
  return failed(read) ? Refusal.call(read, "the executable cannot be read") : read.buffer;
}

function* sizeOf(vmo: number): Operation<number | Refusal> {
  const size = yield* zx.vmoGetStreamSize({ handle: vmo });
  return failed(size) ? Refusal.call(size, "the executable's size is not known") : size.size;
}

function* readInterpreterName(vmo: number, segments: readonly ElfSegment[]) {
  const segment = segmentOf(segments, SegmentType.INTERP);
  if (!segment) return undefined;
  const bytes = yield* readAt(vmo, segment.offset, segment.fileSize);
  if (isRefusal(bytes)) return bytes;
  const name = readInterpreter(bytes);
  return refused(name) ? badFile(name.text) : name;
}

function* mapPiece(file: ElfFile, vmar: number, piece: LoadPiece) {
  if (piece.fileBytes > 0) {
    const failure = piece.shared
      ? yield* mapVmo(file, vmar, piece, { vmo: file.vmo, vmoOffset: piece.fileOffset })
      : yield* mapSnapshot(file, vmar, piece);
    if (failure) return failure;
  }
  if (piece.freshBytes > 0) return yield* mapFresh(file, vmar, piece);
}

/** What is written belongs to this process alone: a snapshot, its tail zeroed. */
function* mapSnapshot(file: ElfFile, vmar: number, piece: LoadPiece) {
  const child = yield* zx.vmoCreateChild({
    handle: file.vmo,
    options: VmoChild.SNAPSHOT_AT_LEAST_ON_WRITE,
    offset: piece.fileOffset,
    size: piece.fileBytes,
  });
  if (failed(child)) return Refusal.call(child, `no snapshot of ${file.name}`);
  const vmo = child.out;
  yield* nameVmo(vmo, `data:${file.name}`);
  if (piece.zeroBytes > 0) {
    const offset = piece.zeroAddress - piece.address;
    const op = VmoOp.ZERO;
    const status = yield* zx.vmoOpRange({ handle: vmo, op, offset, size: piece.zeroBytes });
    if (failed(status)) return Refusal.call(status, `the tail of ${file.name} stays`);
  }
  const failure = yield* mapVmo(file, vmar, piece, { vmo, vmoOffset: 0 });
  yield* zx.handleClose({ handle: vmo });
  return failure;
}

function* mapFresh(file: ElfFile, vmar: number, piece: LoadPiece) {
  const made = yield* zx.vmoCreate({ size: piece.freshBytes });
  if (failed(made)) return Refusal.call(made, `no memory for ${file.name}`);
  yield* nameVmo(made.out, `bss:${file.name}`);
  const fresh = { ...piece, address: piece.freshAddress, fileBytes: piece.freshBytes };
  const failure = yield* mapVmo(file, vmar, fresh, { vmo: made.out, vmoOffset: 0 });
  yield* zx.handleClose({ handle: made.out });
  return failure;
}

function* mapVmo(
  file: ElfFile,
  vmar: number,
  piece: LoadPiece,
  from: { readonly vmo: number; readonly vmoOffset: number },
) {
  const mapped = yield* zx.vmarMap({
    handle: vmar,
    options: mapOptions(piece),
    vmarOffset: piece.address - file.plan.low,
    vmo: from.vmo,
    vmoOffset: from.vmoOffset,
    length: piece.fileBytes,
  });
  if (failed(mapped)) return Refusal.call(mapped, `a segment of ${file.name} cannot be mapped`);
}

/** Name a memory object, for those who look at a process's map. */
export function* nameVmo(vmo: number, name: string): Operation<void> {
  const value = new TextEncoder().encode(name);
  yield* zx.objectSetProperty({ handle: vmo, property: PROPERTY_NAME, value });
}

const PROPERTY_NAME = 3;

/** Executing needs reading, for there is no way to fetch what cannot be read. */
function mapOptions(piece: LoadPiece): number {
  return VmOption.SPECIFIC | VmOption.ALLOW_FAULTS |
    (piece.read || piece.execute ? VmOption.PERM_READ : 0) |
    (piece.write ? VmOption.PERM_WRITE | VmOption.PERM_READ : 0) |
    (piece.execute ? VmOption.PERM_EXECUTE : 0);
}

function regionOptions({ access }: LoadPlan): number {
  return VmOption.CAN_MAP_SPECIFIC | VmOption.CAN_MAP_READ |
    (access.write ? VmOption.CAN_MAP_WRITE : 0) |
    (access.execute ? VmOption.CAN_MAP_EXECUTE : 0);
}

function badFile(text: string): Refusal {
  return new Refusal(Status.INVALID_ARGS, text);
}
