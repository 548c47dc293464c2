/**
 * A static program that only writes and exits, in anything that executes RV64.
 *
 * @module
 */
import { FileType, Machine, parseElf, refused } from "../../loader/elf.ts";
import type { Subject, Way } from "./subject.ts";

const WRITE = 64;
const EXIT = 93;

/** Run a program to its exit; answers what it wrote. */
export function runProgram(way: Way, elf: Uint8Array): Uint8Array {
  const subject = way.create();
  load(subject, elf);
  const written: Uint8Array[] = [];
  let hasExited = false;
  subject.onSyscall = () => {
    const number = Number(subject.get(17));
    if (number === EXIT) hasExited = true;
    if (number !== WRITE) return false;
    const size = Number(subject.get(12));
    written.push(subject.read(Number(subject.get(11)), size));
    subject.set(10, BigInt(size));
    return true;
  };
  const { reason, pc } = subject.run(Number.MAX_SAFE_INTEGER);
  if (!hasExited) {
    throw new Error(`${way.name} stopped for reason ${reason} at ${pc.toString(16)}`);
  }
  return join(written);
}

function load(subject: Subject, elf: Uint8Array): void {
  const image = parseElf(elf, { machine: Machine.RISCV, types: [FileType.EXEC] });
  if (refused(image)) throw new Error(image.text);
  for (const piece of image.plan.pieces) {
    const access = (piece.read ? 1 : 0) | (piece.write ? 2 : 0) | (piece.execute ? 4 : 0);
    const { address, segment } = piece;
    const size = piece.fileBytes + piece.freshBytes;
    for (let at = 0; at < size; at += 4096) subject.map(address + at, access);
    const { offset, fileSize } = segment;
    subject.write(segment.address, elf.subarray(offset, offset + fileSize));
  }
  subject.pc = image.header.entry;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
