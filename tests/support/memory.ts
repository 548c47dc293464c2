/**
 * Short words for scripts that try memory objects and regions.
 *
 * @module
 */
import { assert } from "@std/assert";
import { DEFAULT_RIGHTS, Status, statusName, VmOption } from "../../kernel/abi.ts";
import { type Operation, zx } from "../../kernel/client.ts";
import type { Process } from "../../kernel/task/process.ts";
import { ScriptKernel, type ScriptKernelOptions } from "./scripts.ts";

/** Bytes in a page. */
export const PAGE = 4096;

/** What a call answered that must not have failed. */
export function made<T>(result: T): Extract<T, object> {
  assert(typeof result === "object", `answers ${statusName(result as number)}`);
  return result as Extract<T, object>;
}

/** A new memory object; answers its handle. */
export function* newVmo(size = 4 * PAGE, options = 0): Operation<number> {
  return made(yield* zx.vmoCreate({ size, options })).out;
}

/** A child of a memory object; answers its handle. */
export function* newChild(
  handle: number,
  options: number,
  { offset = 0, size = 4 * PAGE } = {},
): Operation<number> {
  return made(yield* zx.vmoCreateChild({ handle, options, offset, size })).out;
}

/** The byte at an offset of a memory object. */
export function* peek(handle: number, offset: number): Operation<number> {
  return made(yield* zx.vmoRead({ handle, offset, bufferSize: 1 })).buffer[0]!;
}

/** Put a byte at an offset of a memory object. */
export function* poke(handle: number, offset: number, value: number): Operation<void> {
  const status = yield* zx.vmoWrite({ handle, offset, buffer: Uint8Array.of(value) });
  assert(status === Status.OK, `writing answers ${statusName(status)}`);
}

/** Run a script that has a handle to the root of its own address space. */
export function withRoot<T>(
  body: (root: number, process: Process, machine: ScriptKernel) => Operation<T>,
  options: ScriptKernelOptions = {},
): T {
  const machine = new ScriptKernel(options);
  return machine.run1(function* (process) {
    const root = machine.give(process, process.space.root, DEFAULT_RIGHTS.rootVmar);
    return yield* body(root, process, machine);
  });
}

/** A memory object whose pages hold 1, 2, 3 and so on. */
export function* taggedVmo(pages = 4, options = 0): Operation<number> {
  const handle = yield* newVmo(pages * PAGE, options);
  for (let page = 0; page < pages; page++) yield* poke(handle, page * PAGE, page + 1);
  return handle;
}

/** The first byte of each page. */
export function* tags(handle: number): Operation<number[]> {
  const { size } = made(yield* zx.vmoGetSize({ handle }));
  const found: number[] = [];
  for (let at = 0; at < size; at += PAGE) found.push(yield* peek(handle, at));
  return found;
}

/** Close a handle. */
export function* close(handle: number): Operation<void> {
  const status = yield* zx.handleClose({ handle });
  assert(status === Status.OK, `closing answers ${statusName(status)}`);
}

/** How many frames are taken. */
export function framesTaken(machine: ScriptKernel): number {
  const { memory } = machine.kernel.realm;
  return memory.totalFrames - memory.freeFrames;
}

/** Map all of a memory object; answers where. */
export function* mapAll(
  root: number,
  vmo: number,
  options: number = VmOption.PERM_READ | VmOption.PERM_WRITE,
): Operation<number> {
  const { size } = made(yield* zx.vmoGetSize({ handle: vmo }));
  return made(yield* zx.vmarMap({ handle: root, options, vmo, length: size })).mappedAddress;
}
