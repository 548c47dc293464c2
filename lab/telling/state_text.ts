/**
 * Everything there is in a machine after a step, as lines: programs with their handles, and objects.
 *
 * @module
 */
import { rightsText } from "../../kernel/abi.ts";
import { Channel } from "../../kernel/ipc/channel.ts";
import type { Handle } from "../../kernel/object/handle.ts";
import type { KernelObject } from "../../kernel/object/object.ts";
import { Process } from "../../kernel/task/process.ts";
import { Vmo } from "../../kernel/vm/vmo.ts";
import type { Run } from "../run/run.ts";
import { signalText } from "./signal_text.ts";

const BYTES_MAX = 16;

/** The state of a run as lines. */
export function stateText(run: Run): string[] {
  const objects = new Map<number, KernelObject>();
  const programs = [...run.programs].flatMap(([name, process]) => {
    const lines = [...process.handleTable.entries()].map(([, { object, rights }]) => {
      objects.set(object.koid, object);
      return `    ${nameOf(object)}  ${rightsText(rights)}`;
    });
    return [`  ${name}  ${process.state}${placeText(process)}${waitText(run, name)}`, ...lines];
  });
  for (const { object } of run.world.handles) {
    if (!object.dead && !(object instanceof Process)) objects.set(object.koid, object);
  }
  for (const [koid, object] of messagesIn(objects.values())) objects.set(koid, object);
  const list = [...objects.values()].sort((a, b) => a.koid - b.koid);
  return ["programs", ...programs, "objects", ...list.map((one) => `  ${objectLine(one)}`)];
}

function waitText(run: Run, program: string): string {
  const waits = run.waiting.find((one) => one.program === program);
  return waits ? `, waits in ${waits.call || "a call"}` : "";
}

/** Where machine code is. */
function placeText({ threads }: Process): string {
  const places = [...threads].flatMap(({ body }) =>
    body?.kind === "machine" ? [`0x${body.context.pc.toString(16)}`] : []
  );
  return places.length > 0 ? `, at ${places.join(" and ")}` : "";
}

function nameOf({ label, name, koid }: KernelObject): string {
  return `${label} ${name || koid}`;
}

/** What is on its way in messages of these objects, and in messages of that. */
function messagesIn(objects: Iterable<KernelObject>): Map<number, KernelObject> {
  const found = new Map<number, KernelObject>();
  const queue = [...objects];
  for (const one of queue) {
    if (!(one instanceof Channel)) continue;
    for (const { object } of handlesIn(one)) {
      if (found.has(object.koid)) continue;
      found.set(object.koid, object);
      queue.push(object);
    }
  }
  return found;
}

function handlesIn({ messages }: Channel): readonly Handle[] {
  return [...messages].flatMap(({ handles }) => handles);
}

function waitingText(channel: Channel): string {
  const { pending } = channel;
  const count = pending === 1 ? "1 message waits" : `${pending} messages wait`;
  const carried = handlesIn(channel).map(({ object }) => nameOf(object));
  return carried.length > 0 ? `${count}, with ${carried.join(" and ")}` : count;
}

function objectLine(object: KernelObject): string {
  const parts = [nameOf(object)];
  const signals = signalText(object.label, object.signals);
  if (signals !== "") parts.push(signals);
  if (object instanceof Channel && object.pending > 0) parts.push(waitingText(object));
  if (object instanceof Vmo) {
    const bytes = new Uint8Array(Math.min(object.size, BYTES_MAX));
    object.read(0, bytes);
    parts.push(bytesText(bytes));
  }
  return parts.join("  ");
}

/** Bytes as text where they are some, and then zeros; as numbers otherwise. */
function bytesText(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes).replace(/\0+$/, "");
  if (/^[\x20-\x7e]+$/.test(text)) return JSON.stringify(text);
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
}
