/**
 * The addresses of a process, as plainly as possible: a list of runs, and what is shown where. A model of
 * `execve` maps into it.
 *
 * @module
 */

/** The size of a page. */
export const PAGE = 4096n;

/** The first address that is no program's. */
export const TASK_SIZE = 0x4000000000n;

const MMAP_BASE = 0x3ff8000000n;
const UNMAPPED_BASE = 0x1555556000n;
const GUARD_GAP = 0x100000n;

/** The first page of a stack with few strings and the room that it is given. */
const STACK_START = TASK_SIZE - PAGE - 0x20000n;

/** What may be done with a run of addresses. */
export const Prot = { READ: 1, WRITE: 2, EXEC: 4 } as const;

/** A run of addresses. */
export interface Run {
  readonly start: bigint;
  readonly end: bigint;
  readonly prot: number;
  /** What is shown; null for zeros. */
  readonly file: Uint8Array | null;
  readonly offset: bigint;
  /** The address from which on the file is hidden by zeros, where that is so. */
  readonly zeroFrom?: bigint;
}

/** The page start at or below an address. */
export const pageDown = (address: bigint): bigint => address - address % PAGE;

/** The first page start at or above an address. */
export const pageUp = (address: bigint): bigint => pageDown(address + PAGE - 1n);

/** All addresses of a process that has a stack and nothing else. */
export class ModelAddresses {
  #runs: Run[];
  /** Whether something took addresses of the stack. */
  hasLostStack = false;

  constructor(stackProt: number) {
    this.#runs = [{ start: STACK_START, end: TASK_SIZE, prot: stackProt, file: null, offset: 0n }];
  }

  /** What is at an address. */
  at(address: bigint): Run | null {
    return this.#runs.find(({ start, end }) => start <= address && address < end) ?? null;
  }

  /** Whether nothing is mapped there. */
  isFree(start: bigint, end: bigint): boolean {
    return this.#runs.every((run) => run.end <= start || end <= run.start);
  }

  /** Whether an address is just below a run, or below where mappings go. */
  isJustBelow(address: bigint, distance: bigint): boolean {
    return [MMAP_BASE, ...this.#runs.map(({ start }) => start)]
      .some((start) => start - distance <= address && address < start);
  }

  /** Map a run in place of what was there. */
  put(run: Run): void {
    this.take(run.start, run.end);
    this.#runs.push(run);
  }

  /** Let nothing be there. */
  take(start: bigint, end: bigint): void {
    if (end > STACK_START && start < end) this.hasLostStack = true;
    this.#runs = this.#runs.flatMap((run) => {
      if (run.end <= start || end <= run.start) return [run];
      const behind = { ...run, start: end, offset: run.offset + end - run.start };
      return [{ ...run, end: start }, behind].filter((part) => part.start < part.end);
    });
  }

  /** Let the rest of a page be zeros; false where it cannot be written. */
  zero(from: bigint): boolean {
    if (from % PAGE === 0n) return true;
    const start = pageDown(from);
    const run = this.at(start);
    if (!run || (run.prot & Prot.WRITE) === 0 || isBehind(run, start)) return false;
    this.put({
      ...run,
      start,
      end: start + PAGE,
      offset: run.offset + start - run.start,
      zeroFrom: from,
    });
    return true;
  }

  /** The highest free addresses below where mappings go, else the lowest above; null if there are none. */
  room(length: bigint): bigint | null {
    const edges = this.#runs.map(({ start }) => start === STACK_START ? start - GUARD_GAP : start);
    const highest = [MMAP_BASE, ...edges].filter((edge) => edge <= MMAP_BASE)
      .map((edge) => edge - length)
      .filter((start) => start >= PAGE && this.isFree(start, start + length));
    if (highest.length > 0) return highest.reduce((one, two) => one > two ? one : two);
    const lowest = [UNMAPPED_BASE, ...this.#runs.map(({ end }) => end)].filter((start) =>
      start >= UNMAPPED_BASE && start + length <= STACK_START - GUARD_GAP &&
      this.isFree(start, start + length)
    );
    return lowest.length > 0 ? lowest.reduce((one, two) => one < two ? one : two) : null;
  }
}

/** Whether an address of a run is in a page behind the end of its file. */
export function isBehind({ file, offset, start }: Run, address: bigint): boolean {
  return file !== null && offset + pageDown(address) - start >= BigInt(file.length);
}

/** Bytes of a run. */
export function bytesAt(run: Run, address: bigint, count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, index) => {
    const at = address + BigInt(index);
    if (run.file === null || (run.zeroFrom !== undefined && at >= run.zeroFrom)) return 0;
    return run.file[Number(run.offset + at - run.start)] ?? 0;
  });
}
