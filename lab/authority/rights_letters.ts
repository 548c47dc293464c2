/**
 * Rights as letters, where there is no room for their names.
 *
 * @module
 */
import { Right, type RightName, rightNames } from "../../kernel/abi.ts";

/** A letter for each right; small ones for what is met most. */
const LETTERS: Readonly<Record<RightName, string>> = {
  READ: "r",
  WRITE: "w",
  EXECUTE: "x",
  MAP: "m",
  DUPLICATE: "d",
  TRANSFER: "t",
  SIGNAL: "s",
  SIGNAL_PEER: "p",
  WAIT: "a",
  INSPECT: "i",
  ENUMERATE: "e",
  DESTROY: "k",
  GET_PROPERTY: "g",
  SET_PROPERTY: "c",
  GET_POLICY: "G",
  SET_POLICY: "C",
  MANAGE_JOB: "J",
  MANAGE_PROCESS: "P",
  MANAGE_THREAD: "T",
  MANAGE_SOCKET: "S",
  MANAGE_VMO: "V",
  APPLY_PROFILE: "A",
  OP_CHILDREN: "o",
  RESIZE: "z",
  ATTACH_VMO: "v",
};

const NAMES = Object.keys(LETTERS) as RightName[];

/** The letters of rights, those that matter most first; a dash for none. */
export function lettersOf(rights: number): string {
  return NAMES.filter((name) => rights & Right[name]).map((name) => LETTERS[name]).join("") || "–";
}

/** What the letters of some rights mean, as `r READ`. */
export function meaningsOf(rights: number): string[] {
  const named = new Set(rightNames(rights));
  return NAMES.filter((name) => named.has(name)).map((name) => `${LETTERS[name]} ${name}`);
}
