/**
 * A program for RT-Smart that its own linker script would not give: two segments with bytes in one page
 * of the file. It ends with 42, which it reads from the second one.
 *
 * @module
 */
import { writeElf } from "../../guests/elf_writer.ts";
import { type LoadModelName, modelNamed } from "../../lab/load/models.ts";
import type { LoadMapping } from "../../lab/load/report.ts";
import { FileType, SegmentFlag } from "../../loader/elf.ts";

const PAGE = 0x1000;
const SECOND = 1e9;
/** Where RT-Smart's programs are. */
const ENTRY = 0x2_0000_0000;
const CODE_SIZE = 16;
const ANSWER = Uint32Array.of(42);

/** What a model made of it. */
export interface SharedFile {
  /** The code it ended with; undefined if it never began, or was ended. */
  readonly exitCode: number | undefined;
  /** Why it did not begin. */
  readonly reason: string;
  /** Where the page of the file is seen, copied or not. */
  readonly places: readonly LoadMapping[];
}

/** Load it in a model; or, to compare, the same program with its segments on pages of their own. */
export function loadSharedFile(model: LoadModelName, isApart = false): SharedFile {
  const { report, reason } = modelNamed(model)({
    file: isApart ? fileOf(ENTRY + PAGE) : fileOf(ENTRY + CODE_SIZE + PAGE),
    args: ["prog"],
    libraries: {},
    timeout: SECOND,
    clock: () => 0,
  });
  const places = (report?.mappings ?? []).filter(({ address }) =>
    address >= ENTRY && address < ENTRY + 2 * PAGE
  );
  return { exitCode: report?.exitCode, reason, places };
}

/** The file with its data at an address: bytes of the page that the code is in, if that begins within one. */
function fileOf(data: number): Uint8Array {
  const bytes = (words: Uint32Array) => new Uint8Array(words.buffer);
  return writeElf({
    type: FileType.EXEC,
    entry: ENTRY,
    parts: [
      {
        flags: SegmentFlag.READ | SegmentFlag.EXECUTE,
        address: ENTRY,
        bytes: bytes(codeReading(data)),
        name: ".text",
      },
      {
        flags: SegmentFlag.READ | SegmentFlag.WRITE,
        address: data,
        bytes: bytes(ANSWER),
        name: ".data",
      },
    ],
    symbols: [{ name: "_start", value: ENTRY }],
  });
}

/** `auipc t0, 1` · `lw a0, …(t0)` · `li a7, 98` (`exit_group`) · `ecall`. */
function codeReading(data: number): Uint32Array {
  const offset = data - (ENTRY + PAGE);
  return Uint32Array.of(0x00001297, 0x0002a503 | offset << 20, 0x06200893, 0x00000073);
}
