/**
 * The load report: what it took to bring a program to its first instruction, and what it was given.
 *
 * Every model of loading fills the same report, and only from the events of a run, so that comparing
 * two of them is reading two columns.
 *
 * @module
 */

/** Whether something was done by the kernel or by a process like any other. */
export type Privilege = "kernel" | "user";

/** Bytes of a file that somebody looked at in order to understand them. */
export interface ParsedBytes {
  /** Who. */
  readonly who: string;
  /** At which privilege. */
  readonly privilege: Privilege;
  /** The file. */
  readonly file: string;
  /** The first byte. */
  readonly offset: number;
  /** How many. */
  readonly length: number;
}

/** A system call that somebody made so many times. */
export interface KernelEntries {
  /** Who. */
  readonly who: string;
  /** The call. */
  readonly name: string;
  /** How often. */
  readonly count: number;
}

/** Bytes that were copied from one place to another. */
export interface CopiedBytes {
  /** Who had it done. */
  readonly who: string;
  /** What it was for. */
  readonly what: string;
  /** How many. */
  readonly bytes: number;
}

/** What is behind a mapping. */
export type Backing = "file" | "private copy" | "zeros";

/** A run of addresses at the program's first instruction. */
export interface LoadMapping {
  /** The first address. */
  readonly address: number;
  /** How many bytes. */
  readonly length: number;
  /** What may be done there, such as `r-x`. */
  readonly access: string;
  /** What is behind it. */
  readonly backing: Backing;
  /** Where it begins in what is behind it. */
  readonly offset: number;
  /** What people call that. */
  readonly name: string;
  /** The call or the step that made it. */
  readonly how: string;
  /** Who made it. */
  readonly who: string;
  /** How many of its pages can be reached without a fault. */
  readonly pages: number;
  /** Which those are, as numbers of pages from its beginning; the first of them if there are many. */
  readonly present: readonly number[];
  /** Which could be reached at the end or before, numbered so. */
  readonly touched: readonly number[];
}

/** A kind of page fault, and how often it happened. */
export interface FaultCount {
  /** What was tried, and what was there. */
  readonly kind: string;
  /** How often. */
  readonly count: number;
}

/** What authority is for. */
export type AuthorityTopic =
  | "talking to whoever started it"
  | "standard input and output"
  | "its own process"
  | "its own memory"
  | "calling the kernel"
  | "files"
  | "anything else";

/** Something that the program can use from its first instruction on. */
export interface LoadAuthority {
  /** What it is for, in words that are the same in every model. */
  readonly topic: AuthorityTopic;
  /** What it is: an object, a descriptor, a path. */
  readonly what: string;
  /** What may be done with it. */
  readonly access: string;
  /** How it came. */
  readonly via: string;
  /** The handle's value in the program; 0 where there is none yet. */
  readonly handle: number;
}

/** A change of what is at addresses. */
export interface MappingChange {
  /** What was done. */
  readonly kind: "map" | "unmap" | "protect";
  /** The first address. */
  readonly address: number;
  /** How many bytes. */
  readonly length: number;
  /** What may be done there then, such as `r-x`; empty if nothing is there. */
  readonly access: string;
  /** What people call what is there. */
  readonly name: string;
}

/** What the first instruction's page was, when it was not there. */
export interface FirstFetch {
  /** The address. */
  readonly address: number;
  /** What was done about it. */
  readonly result: string;
  /** What is mapped there. */
  readonly name: string;
  /** What is behind that. */
  readonly backing: Backing | "nothing";
  /** How many pages could be reached then that could not be before. */
  readonly shown: number;
}

/** What a program is told in a message, where its model sends one. */
export interface BootMessage {
  /** Its arguments. */
  readonly args: readonly string[];
  /** Its environment. */
  readonly environ: readonly string[];
}

/** Something that was done on the way to the first instruction. */
export interface LoadStep {
  /** When, in instructions since the load began. */
  readonly at: number;
  /** More about it, in the model's own words; may be empty. */
  readonly detail: string;
  /** Whether it is a system call, and not a step that somebody tells of. */
  readonly isCall: boolean;
  /** What it changed in the program's address space. */
  readonly changes: readonly MappingChange[];
  /** Who did it. */
  readonly who: string;
  /** At which privilege. */
  readonly privilege: Privilege;
  /** What. */
  readonly what: string;
}

/** Where a program began. */
export interface LoadStart {
  /** The address of the first instruction. */
  readonly entry: number;
  /** The stack pointer there. */
  readonly stack: number;
}

/** An exception that a program met. */
export interface LoadException {
  /** Which. */
  readonly type: number;
  /** Where. */
  readonly pc: number;
  /** What it was about. */
  readonly address: number;
  /** How many instructions the program had done. */
  readonly instructions: number;
}

/** What becomes of a copy of the program in which one thing is wrong. */
export interface MalformedPart {
  /** What is wrong. */
  readonly name: string;
  /** Which part of the file that is in. */
  readonly part: string;
  /** What becomes of it. */
  readonly outcome: Outcome;
  /** What is said about it. */
  readonly text: string;
  /** Who pays. */
  readonly paid: Payer;
}

/** What becomes of a file. */
export type Outcome =
  /** It runs to its own end. */
  | "runs"
  /** It is refused, and whoever asked goes on. */
  | "refused"
  /** It is ended, or never gets to its first instruction although the old program is gone. */
  | "killed"
  /** It does not end in the time it has. */
  | "endless"
  /** The kernel ends. */
  | "panics";

/** Who bears what a bad file costs. */
export type Payer =
  /** It read the file with all its power, or has ended. */
  | "kernel"
  /** A process that can only do what its handles allow read the file. */
  | "launcher"
  /** Whoever asked: it is gone, or has read the file itself. */
  | "caller"
  /** The file was good, or only its own new process is gone. */
  | "nobody";

/** What it took to load a program. */
export interface LoadReport {
  /** The model. */
  readonly model: string;
  /** What was done, in order, until the first instruction. */
  readonly steps: readonly LoadStep[];
  /** Who parsed which bytes, until `main` where that is known, or else until the first instruction. */
  readonly parsed: readonly ParsedBytes[];
  /** System calls until the first instruction. */
  readonly entries: readonly KernelEntries[];
  /** The program's own system calls, until its end. */
  readonly calls: readonly KernelEntries[];
  /** Of those the ones before `main`; null where nobody knows where that is. */
  readonly callsBeforeMain: readonly KernelEntries[] | null;
  /** What was copied until the end. */
  readonly copied: readonly CopiedBytes[];
  /** The address space at the first instruction, lowest first. */
  readonly mappings: readonly LoadMapping[];
  /** Pages that could be reached without a fault at the first instruction. */
  readonly pagesAtEntry: number;
  /** The same at the end. */
  readonly pagesAtExit: number;
  /** The fault of the first instruction; null if its page was there. */
  readonly firstFetch: FirstFetch | null;
  /** What the program was told in a message that waited for it; null without one. */
  readonly message: BootMessage | null;
  /** Page faults of the program. */
  readonly faults: readonly FaultCount[];
  /** Instructions from the first one to the first system call; undefined if there was none. */
  readonly instructionsToCall: number | undefined;
  /** Instructions from the first one to `main`; null where nobody knows where that is. */
  readonly instructionsToMain: number | null;
  /** Instructions from the first one to the program's end, or to where it was given up. */
  readonly instructions: number;
  /** The first exception that the program met, and its instructions until then. */
  readonly exception: LoadException | null;
  /** The first instruction's address, and the stack pointer there. */
  readonly start: LoadStart;
  /** What becomes of copies of the file that are wrong in one place; none if nobody tried. */
  readonly malformed: readonly MalformedPart[];
  /** What the program could use at its first instruction. */
  readonly authority: readonly LoadAuthority[];
  /** What it ended with; undefined if it did not. */
  readonly exitCode: number | undefined;
  /** How long loading and running took by a clock outside, in milliseconds. */
  readonly hostMs: number;
}

/** Where an exception was met, as the end of a sentence. */
export function exceptionText({ pc, address, instructions }: LoadException): string {
  const when = instructions === 0
    ? "at its first instruction"
    : `after ${instructions} instructions`;
  const about = address === pc ? "" : `, about ${address.toString(16)}`;
  return `${when}, at ${pc.toString(16)}${about}`;
}

/** How many bytes a list of them is together. */
export function bytesOf(list: readonly { readonly bytes: number }[]): number {
  return list.reduce((sum, { bytes }) => sum + bytes, 0);
}
