/**
 * How things look in a drawing of authority: a shape and a shade for each type, arrows for the
 * ways that bytes can go.
 *
 * @module
 */
import { Right } from "../../kernel/abi.ts";

/** A shape with a shade, and what it stands for. */
export interface Look {
  /** As Graphviz calls it. */
  readonly shape: string;
  /** The colour that it is filled with. */
  readonly fill: string;
  /** What is said of it in the key. */
  readonly meaning: string;
  /** Whether its corners are round. */
  readonly isRound?: boolean;
}

/** How a program looks. */
export const PROGRAM_LOOK: Look = { shape: "box", fill: "#d6e4f5", meaning: "program" };

const memory = {
  shape: "cylinder",
  fill: "#fdf0cf",
  meaning: "memory",
};
const pair = {
  shape: "box",
  fill: "#e1f0df",
  meaning: "both ends of a channel or the like",
  isRound: true,
};
const task = { shape: "folder", fill: "#e9e9e9", meaning: "job or directory" };
const file = { shape: "note", fill: "#fdf0cf", meaning: "file" };
const machine = { shape: "box3d", fill: "#f7ddd7", meaning: "part of the machine" };
const other = { shape: "ellipse", fill: "#f1e6f4", meaning: "any other object" };

const LOOKS: Readonly<Record<string, Look>> = {
  vmo: memory,
  channel: pair,
  socket: pair,
  eventpair: pair,
  fifo: pair,
  "unix socket": pair,
  pipe: pair,
  job: task,
  directory: task,
  file,
  device: machine,
  resource: machine,
  vmar: { shape: "tab", fill: "#fdf0cf", meaning: "range of addresses" },
};

/** How an object of a type looks. */
export function lookOf(type: string): Look {
  return LOOKS[type] ?? other;
}

/** How a node is written down. */
export function nodeText(label: string, { shape, fill, isRound }: Look): string {
  const style = isRound ? ' style="filled,rounded"' : "";
  return `[shape=${shape}${style} fillcolor="${fill}" label=${quoted(label)}]`;
}

/** Text between quotes. */
export function quoted(text: string): string {
  const escaped = text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
  return `"${escaped}"`;
}

/** The colour of lines that bytes can go to an object by. */
export const WRITE_INK = "#96281b";
/** The colour of those that bytes can only come from it by. */
export const READ_INK = "#1d4f8c";

/** How a line looks that stands for rights; `isBack` where it is drawn from the object. */
export function lineLook(rights: number, isBack: boolean): string {
  const [writes, reads] = [(rights & Right.WRITE) !== 0, (rights & Right.READ) !== 0];
  if (!writes && !reads) {
    return isBack ? "dir=back arrowtail=odiamond" : "dir=forward arrowhead=odiamond";
  }
  const dir = writes && reads ? "both" : writes !== isBack ? "forward" : "back";
  return writes
    ? `dir=${dir} color="${WRITE_INK}" penwidth=1.5`
    : `dir=${dir} color="${READ_INK}" penwidth=1`;
}
