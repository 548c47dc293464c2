/**
 * Bootfs: files in one memory object, each on pages of its own, behind a directory.
 *
 * Packing happens outside, before the machine runs; reading happens in user space, through a handle.
 *
 * @module
 */
import { failed, VmoChild } from "../../kernel/abi.ts";
import { type Operation, zx } from "../../kernel/client.ts";

const MAGIC = 0xa56d3ff9;
const HEADER_SIZE = 16;
const ENTRY_SIZE = 12;
const PAGE = 4096;

/** Files by path, such as `bin/hello`. */
export type BootFiles = Readonly<Record<string, Uint8Array>>;

/** Where a file lies in the image. */
export interface BootFile {
  /** Its first byte. */
  readonly offset: number;
  /** How many bytes it has. */
  readonly size: number;
}

/** Pack files into an image. */
export function packBootfs(files: BootFiles): Uint8Array {
  const names = Object.keys(files).sort();
  const encoded = names.map((name) => new TextEncoder().encode(`${name}\0`));
  const directorySize = encoded.reduce((sum, name) => sum + ENTRY_SIZE + padded(name.length), 0);
  let end = pageEnd(HEADER_SIZE + directorySize);
  const offsets = names.map((name) => {
    const offset = end;
    end = pageEnd(end + files[name]!.length);
    return offset;
  });
  const image = new Uint8Array(end);
  const view = new DataView(image.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, directorySize, true);
  let at = HEADER_SIZE;
  for (const [index, name] of names.entries()) {
    const bytes = encoded[index]!;
    view.setUint32(at, bytes.length, true);
    view.setUint32(at + 4, files[name]!.length, true);
    view.setUint32(at + 8, offsets[index]!, true);
    image.set(bytes, at + ENTRY_SIZE);
    image.set(files[name]!, offsets[index]!);
    at += ENTRY_SIZE + padded(bytes.length);
  }
  return image;
}

/** The directory of an image: where each file is; or the sentence that says what is wrong. */
export function readDirectory(bytes: Uint8Array): Map<string, BootFile> | string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = HEADER_SIZE + view.getUint32(4, true);
  if (end > bytes.length) return "the directory of the boot image is not all there";
  const files = new Map<string, BootFile>();
  let at = HEADER_SIZE;
  while (at + ENTRY_SIZE <= end) {
    const length = view.getUint32(at, true);
    const name = bytes.subarray(at + ENTRY_SIZE, at + ENTRY_SIZE + length - 1);
    const size = view.getUint32(at + 4, true);
    files.set(new TextDecoder().decode(name), { offset: view.getUint32(at + 8, true), size });
    at += ENTRY_SIZE + padded(length);
  }
  return files;
}

/** Read the directory of an image that a handle names. */
export function* openBootfs(vmo: number): Operation<Map<string, BootFile> | string> {
  const header = yield* zx.vmoRead({ handle: vmo, offset: 0, bufferSize: HEADER_SIZE });
  if (failed(header)) return "the boot image cannot be read";
  const view = new DataView(header.buffer.buffer);
  if (view.getUint32(0, true) !== MAGIC) return "the boot image does not begin as one";
  const size = HEADER_SIZE + view.getUint32(4, true);
  const whole = yield* zx.vmoRead({ handle: vmo, offset: 0, bufferSize: size });
  if (failed(whole)) return "the directory of the boot image cannot be read";
  return readDirectory(whole.buffer);
}

/** A memory object of its own for a file, sharing the image's pages, that may be executed. */
export function* openFile(vmo: number, name: string, file: BootFile, vmex: number) {
  const child = yield* zx.vmoCreateChild({
    handle: vmo,
    options: VmoChild.SNAPSHOT | VmoChild.NO_WRITE,
    offset: file.offset,
    size: file.size,
  });
  if (failed(child)) return child;
  yield* zx.objectSetProperty({
    handle: child.out,
    property: PROPERTY_NAME,
    value: new TextEncoder().encode(name),
  });
  return yield* zx.vmoReplaceAsExecutable({ handle: child.out, vmex });
}

const PROPERTY_NAME = 3;

function padded(size: number): number {
  return Math.ceil(size / 4) * 4;
}

function pageEnd(size: number): number {
  return Math.ceil(size / PAGE) * PAGE;
}
