/**
 * The file header: what the file is, for which machine, where it starts and where its tables are.
 *
 * Reading takes what is there and refuses only what is no 64-bit little-endian ELF header at all;
 * what a loader demands beyond that is `checkHeader`, since loaders differ in it.
 *
 * @module
 */
import {
  FileType,
  fileTypeName,
  HEADER_SIZE,
  Machine,
  machineName,
  SEGMENT_SIZE,
} from "./format.ts";
import { ElfReason } from "./reason.ts";
import { u64, viewOf, within } from "./view.ts";

/** Where a table is in the file. */
export interface ElfTable {
  /** Its first byte. */
  readonly offset: number;
  /** Bytes in one entry. */
  readonly entrySize: number;
  /** How many entries it says to have. */
  readonly count: number;
}

/** The file header, as it is written. */
export interface ElfHeader {
  /** What the file is: a `FileType`, or something else. */
  readonly type: number;
  /** Whose instructions it holds: a `Machine`, or something else. */
  readonly machine: number;
  /** The version of the format in `e_ident`. */
  readonly identVersion: number;
  /** The version of the format. */
  readonly version: number;
  /** The operating system it is for; 0 where it does not say. */
  readonly osAbi: number;
  /** The machine's own flags. */
  readonly flags: number;
  /** Where execution starts. */
  readonly entry: number;
  /** The program headers. */
  readonly segments: ElfTable;
  /** The section headers. */
  readonly sections: ElfTable;
  /** Which section holds the names of the sections. */
  readonly sectionNames: number;
}

/** What a loader wants of a file header. */
export interface HeaderRules {
  /** The machine that the code is for. */
  readonly machine: number;
  /** The types of file that are taken. */
  readonly types: readonly number[];
  /** How many bytes the whole file has. */
  readonly fileSize: number;
  /** The most program headers that are taken. */
  readonly segmentsMax?: number;
}

const SEGMENTS_MAX = 1170;

/** Read the header in the first 64 bytes of a file; what follows is not looked at. */
export function readHeader(bytes: Uint8Array): ElfHeader | ElfReason {
  if (bytes.length < HEADER_SIZE) {
    return new ElfReason("the file's size", bytes.length, "at least 64, the size of a file header");
  }
  const view = viewOf(bytes);
  if (view.getUint32(0, false) !== 0x7f454c46) {
    return new ElfReason("e_ident[EI_MAG]", magicText(bytes), "7f 45 4c 46 (\\x7fELF)");
  }
  if (bytes[4] !== 2) return new ElfReason("e_ident[EI_CLASS]", bytes[4]!, "2 (64 bits)");
  if (bytes[5] !== 1) return new ElfReason("e_ident[EI_DATA]", bytes[5]!, "1 (little-endian)");
  return {
    type: view.getUint16(16, true),
    machine: view.getUint16(18, true),
    identVersion: bytes[6]!,
    version: view.getUint32(20, true),
    osAbi: bytes[7]!,
    flags: view.getUint32(48, true),
    entry: u64(view, 24),
    segments: {
      offset: u64(view, 32),
      entrySize: view.getUint16(54, true),
      count: view.getUint16(56, true),
    },
    sections: {
      offset: u64(view, 40),
      entrySize: view.getUint16(58, true),
      count: view.getUint16(60, true),
    },
    sectionNames: view.getUint16(62, true),
  };
}

/** Why a loader with these rules cannot use the header, if it cannot. */
export function checkHeader(header: ElfHeader, rules: HeaderRules): ElfReason | undefined {
  const { segments } = header;
  if (header.identVersion !== 1) {
    return new ElfReason("e_ident[EI_VERSION]", header.identVersion, "1");
  }
  if (!rules.types.includes(header.type)) {
    const wanted = rules.types.map(fileTypeName).join(" or ");
    return new ElfReason("e_type", fileTypeName(header.type), wanted);
  }
  if (header.machine !== rules.machine) {
    return new ElfReason("e_machine", machineName(header.machine), machineName(rules.machine));
  }
  if (header.version !== 1) return new ElfReason("e_version", header.version, "1");
  if (segments.entrySize !== SEGMENT_SIZE) {
    return new ElfReason("e_phentsize", segments.entrySize, "56, the size of a program header");
  }
  const max = rules.segmentsMax ?? SEGMENTS_MAX;
  if (segments.count < 1 || segments.count > max) {
    return new ElfReason("e_phnum", segments.count, `1 to ${max}`);
  }
  if (!within(segments.offset, segments.count * SEGMENT_SIZE, rules.fileSize)) {
    const room =
      `a table of ${segments.count} program headers inside the file's ${rules.fileSize} bytes`;
    return new ElfReason("e_phoff", segments.offset, room);
  }
  return undefined;
}

/** The rules most loaders have: a program or library for this machine. */
export function headerRules(machine: number, fileSize: number): HeaderRules {
  return { machine, types: [FileType.EXEC, FileType.DYN], fileSize };
}

/** Whether the header's machine is one whose code can run here at all. */
export function isKnownMachine(machine: number): boolean {
  return machine === Machine.RISCV || machine === Machine.X86_64;
}

function magicText(bytes: Uint8Array): string {
  return [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
