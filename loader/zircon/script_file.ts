/**
 * What kind of file an executable is: ELF, a script of the machine, or text with an interpreter.
 *
 * @module
 */
import { Status } from "../../kernel/abi.ts";
import { type Operation, zx } from "../../kernel/client.ts";
import { readAt } from "./elf_mapper.ts";
import { loadObject } from "./loader_client.ts";
import type { BuildRequest } from "./process_builder.ts";
import { isRefusal, Refusal } from "./refusal.ts";
import { readScriptImage } from "./script_image.ts";

/** The longest first line of a text file that names its interpreter. */
const LINE_MAX = 127;
/** How often an interpreter may be a text file itself. */
const NESTING_MAX = 5;

/** What is to be started, and with which arguments. */
export type Executable =
  | { readonly kind: "elf"; readonly vmo: number; readonly args: readonly string[] }
  | { readonly kind: "script"; readonly entry: number; readonly args: readonly string[] };

/** Follow `#!` lines to what is really started. */
export function* readScript(request: BuildRequest): Operation<Executable | Refusal> {
  let vmo = request.executable;
  let args = request.args;
  for (let nesting = 0; nesting <= NESTING_MAX; nesting++) {
    const first = yield* readFirst(vmo);
    if (isRefusal(first)) return first;
    const entry = readScriptImage(first);
    if (entry !== undefined) return { kind: "script", entry, args };
    if (first[0] !== 0x23 || first[1] !== 0x21) return { kind: "elf", vmo, args };
    const line = interpreterLine(first);
    if (isRefusal(line)) return line;
    const found = yield* loadObject(request.loader, line.interpreter);
    if (isRefusal(found)) return found;
    if (vmo !== request.executable) yield* zx.handleClose({ handle: vmo });
    vmo = found;
    const argument = line.argument === undefined ? [] : [line.argument];
    args = [line.interpreter, ...argument, ...args];
  }
  if (vmo !== request.executable) yield* zx.handleClose({ handle: vmo });
  const reason = `more than ${NESTING_MAX} scripts are each other's interpreters`;
  return new Refusal(Status.NOT_SUPPORTED, reason);
}

function* readFirst(vmo: number): Operation<Uint8Array | Refusal> {
  const size = yield* zx.vmoGetStreamSize({ handle: vmo });
  if (typeof size === "number") return Refusal.call(size, "the executable's size is not known");
  return yield* readAt(vmo, 0, Math.min(size.size, LINE_MAX + 3));
}

function interpreterLine(bytes: Uint8Array) {
  const end = bytes.indexOf(0x0a);
  if (end < 0 || end > LINE_MAX + 2) {
    const reason = `the first line of the script is longer than ${LINE_MAX} bytes`;
    return new Refusal(Status.OUT_OF_RANGE, reason);
  }
  const words = new TextDecoder().decode(bytes.subarray(2, end)).trim();
  const [, interpreter, argument] = /^(\S+)(?:\s+(.*))?$/.exec(words) ?? [];
  if (!interpreter) return new Refusal(Status.INVALID_ARGS, "the script names no interpreter");
  return { interpreter, argument };
}
