/**
 * The state of a machine as text: equal texts mean that nobody could tell the machines apart.
 *
 * @module
 */
import { Channel } from "../../kernel/ipc/channel.ts";
import type { KernelObject } from "../../kernel/object/object.ts";
import { Vmo } from "../../kernel/vm/vmo.ts";
import type { Run } from "./run.ts";

const BYTES_MAX = 4096;

/** The state at the end of a run: each actor's process, and everything that anybody holds. */
export function fingerprint(run: Run): string {
  const objects = new Map<number, KernelObject>();
  const lines = run.director.actors.filter(Boolean).map((actor) => {
    const { process } = actor.thread;
    const handles = [...process.handleTable.entries()].map(([value, { object, rights }]) => {
      objects.set(object.koid, object);
      return `${value}:${object.koid}:${rights}`;
    });
    const waits = actor.thread.park !== null ? actor.script?.request?.call ?? "waits" : "";
    return [actor.slot, actor.steps, process.state, process.returnCode, waits, ...handles].join(
      " ",
    );
  });
  for (const { object } of run.world.handles) objects.set(object.koid, object);
  const states = [...objects].sort(([a], [b]) => a - b).map(([, object]) => stateOf(object));
  return [...lines, ...states].join("\n");
}

function stateOf(object: KernelObject): string {
  const parts = [object.koid, object.label, object.signals, object.handles];
  if (object instanceof Channel) parts.push(object.pending);
  if (object instanceof Vmo) parts.push(contentsOf(object));
  return parts.join(" ");
}

function contentsOf(vmo: Vmo): string {
  const bytes = new Uint8Array(Math.min(vmo.size, BYTES_MAX));
  vmo.read(0, bytes);
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end--;
  return bytes.subarray(0, end).join(",");
}
