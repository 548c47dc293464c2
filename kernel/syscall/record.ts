/**
 * Kinds of arguments that are structures: bytes in a program's memory, plain objects to a script.
 *
 * @module
 */
import { type Failure, Status, type StatusName } from "../abi.ts";
import { readMemory, writeMemory } from "./buffer.ts";
import type { Call } from "./call.ts";
import { type Kind, refusing } from "./kind.ts";
import { like, listOf, type Shape } from "./shape.ts";

/** Somewhere a structure goes. */
export interface OutRecord<S> {
  /** Put it there, or say that it cannot be. */
  set(value: S): typeof Status["OK"] | typeof Status["INVALID_ARGS"];
}

/** How a structure lies in memory. */
export interface Layout<S> {
  /** How many bytes it has. */
  readonly size: number;
  /** Read it. */
  readonly parse: (view: DataView) => S;
  /** How a script's must look; like what is read, unless told. */
  readonly shape?: Shape;
}

function shapeOf<S>({ size, parse, shape }: Layout<S>): Shape {
  return shape ?? like(parse(new DataView(new ArrayBuffer(size))));
}

/** A structure from the caller. */
export function inRecord<S extends object>(layout: Layout<S>): Kind<S, S, "in", "INVALID_ARGS"> {
  return {
    label: "structure",
    role: "in",
    shape: shapeOf(layout),
    reach: { unit: layout.size },
    errors: ["INVALID_ARGS"],
    decode(raw, call) {
      if (call.outs) return typeof raw === "object" && raw ? raw as S : Status.INVALID_ARGS;
      const bytes = readMemory(call, raw as number, layout.size);
      return typeof bytes === "number" ? bytes : layout.parse(viewOf(bytes));
    },
  };
}

/** Structures from the caller, one behind the other; `length` names the argument that counts them. */
export function inRecords<S extends object, E extends StatusName>(
  length: string,
  layout: Layout<S>,
  { most, tooMany }: { readonly most: number; readonly tooMany: E },
): Kind<readonly S[], readonly S[], "in", "INVALID_ARGS" | E> {
  return refusing({
    label: "structures",
    role: "in",
    shape: listOf(shapeOf(layout)),
    reach: { unit: layout.size, count: length },
    errors: ["INVALID_ARGS", tooMany],
    decode(raw, call) {
      if (call.outs && !Array.isArray(raw)) return Status.INVALID_ARGS;
      const things = call.outs ? (raw as S[]).length : call.rawOf(length) as number;
      if (things > most) return Status[tooMany] as Failure;
      return call.outs ? raw as S[] : readRecords(call, raw as number, things, layout);
    },
  });
}

/** So many structures at an address. */
export function readRecords<S>(call: Call, address: number, things: number, layout: Layout<S>) {
  const bytes = readMemory(call, address, things * layout.size);
  if (typeof bytes === "number") return bytes;
  const view = viewOf(bytes);
  return Array.from({ length: things }, (_, at) => {
    return layout.parse(new DataView(view.buffer, view.byteOffset + at * layout.size, layout.size));
  });
}

/** A structure to the caller. */
export function outRecord<S>(
  encode: (value: S) => Uint8Array,
  { optional = false } = {},
): Kind<OutRecord<S>, S, "out", "INVALID_ARGS"> {
  return {
    label: "structure, filled in",
    role: "out",
    errors: ["INVALID_ARGS"],
    decode: (raw, call, name) => ({
      set(value) {
        if (call.outs) {
          call.outs[name] = value;
          return Status.OK;
        }
        if (raw === 0 && optional) return Status.OK;
        return writeMemory(call, raw as number, encode(value));
      },
    }),
  };
}

/** A number of 64 bits, all of them exact, to the caller. */
export const outExact: Kind<OutRecord<bigint>, bigint, "out", "INVALID_ARGS"> = outRecord(
  (value: bigint) => {
    const bytes = new Uint8Array(8);
    viewOf(bytes).setBigInt64(0, value, true);
    return bytes;
  },
);

/** Only a name and a type: a script finds here what another argument's memory is filled with. */
export function filled<S>(label: string): Kind<null, S, "out", never> {
  return { label, role: "out", errors: [], within: true, decode: () => null };
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
