/**
 * Where an image's bytes go: each segment cut at page borders into what is mapped from the file,
 * what of that must read as zero, and what is fresh zero pages. Pure data that every loader can
 * follow with its own calls.
 *
 * @module
 */
import { SegmentFlag, SegmentType } from "./format.ts";
import { type ElfSegment, pageEnd, pageStart } from "./segment.ts";

/** What becomes of one PT_LOAD segment. Addresses are the image's own; add the bias to each. */
export interface LoadPiece {
  /** The segment that this is. */
  readonly segment: ElfSegment;
  /** Whether its bytes may be read. */
  readonly read: boolean;
  /** Whether its bytes may be written. */
  readonly write: boolean;
  /** Whether its bytes may be executed. */
  readonly execute: boolean;
  /** The first page's address. */
  readonly address: number;
  /** Bytes of pages that come from the file; 0 where none do. */
  readonly fileBytes: number;
  /** Where those pages start in the file. */
  readonly fileOffset: number;
  /** The first address behind the file's bytes. */
  readonly zeroAddress: number;
  /** How many bytes from there to the end of the last page from the file must read as zero. */
  readonly zeroBytes: number;
  /** The address of the fresh zero pages. */
  readonly freshAddress: number;
  /** Bytes of fresh zero pages; 0 where there are none. */
  readonly freshBytes: number;
  /** Whether the pages from the file can be the file's own, seen by everybody who maps it. */
  readonly shared: boolean;
}

/** Where a whole image goes. */
export interface LoadPlan {
  /** The first page's address, in the image's own addresses. */
  readonly low: number;
  /** Bytes from there to the end of the last page. */
  readonly span: number;
  /** The largest alignment that a segment asks for; at least a page. */
  readonly align: number;
  /** The segments in order. */
  readonly pieces: readonly LoadPiece[];
  /** Whether some segment is to be read, written, executed. */
  readonly access: { readonly read: boolean; readonly write: boolean; readonly execute: boolean };
}

/** Plan the loading of segments that `checkSegments` found good. */
export function planLoad(segments: readonly ElfSegment[]): LoadPlan {
  const loads = segments.filter(({ type }) => type === SegmentType.LOAD);
  const pieces = loads.map(planSegment);
  const low = Math.min(...loads.map(({ address }) => pageStart(address)));
  const end = Math.max(...loads.map(({ address, memorySize }) => pageEnd(address + memorySize)));
  return {
    low,
    span: end - low,
    align: Math.max(4096, ...loads.map(({ align }) => align)),
    pieces,
    access: {
      read: pieces.some((piece) => piece.read),
      write: pieces.some((piece) => piece.write),
      execute: pieces.some((piece) => piece.execute),
    },
  };
}

/** What must be added to the image's own addresses when its first page is put at `base`. */
export function biasOf(plan: LoadPlan, base: number): number {
  return base - plan.low;
}

/** The address in the image of the program headers; undefined where no segment loads them. */
export function segmentTableAddress(
  segments: readonly ElfSegment[],
  offset: number,
  size: number,
): number | undefined {
  const load = segments.find((segment) =>
    segment.type === SegmentType.LOAD && segment.offset <= offset &&
    offset + size <= segment.offset + segment.fileSize
  );
  return load && load.address + (offset - load.offset);
}

function planSegment(segment: ElfSegment): LoadPiece {
  const { address, offset, fileSize, memorySize, flags } = segment;
  const start = pageStart(address);
  const fileEnd = address + fileSize;
  const fileBytes = fileSize === 0 ? 0 : pageEnd(fileEnd) - start;
  const freshAddress = start + fileBytes;
  const zeroBytes = fileBytes === 0 || memorySize === fileSize ? 0 : freshAddress - fileEnd;
  const write = (flags & SegmentFlag.WRITE) !== 0;
  return {
    segment,
    read: (flags & SegmentFlag.READ) !== 0,
    write,
    execute: (flags & SegmentFlag.EXECUTE) !== 0,
    address: start,
    fileBytes,
    fileOffset: fileBytes === 0 ? 0 : offset - (address - start),
    zeroAddress: fileEnd,
    zeroBytes,
    freshAddress,
    freshBytes: pageEnd(address + memorySize) - freshAddress,
    shared: fileBytes > 0 && !write && zeroBytes === 0,
  };
}
