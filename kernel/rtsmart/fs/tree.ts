/**
 * The one tree of files: paths, and what a machine begins with.
 *
 * @module
 */
import type { Realm } from "../../object/realm.ts";
import { Errno } from "../error.ts";
import { ConsoleDevice } from "./console_device.ts";
import { Device } from "./device.ts";
import { Directory } from "./directory.ts";
import type { Node } from "./node.ts";
import { type OpenFile, OpenFlag } from "./open_file.ts";
import { RegularFile } from "./regular_file.ts";

/** The longest path. */
export const PATH_MAX = 4096;

const NAME_MAX = 255;

/** Files by their paths. */
export class FileTree {
  /** The uppermost directory. */
  readonly root: Directory;
  /** The console. */
  readonly console: ConsoleDevice;
  readonly #realm: Realm;
  #nextIno = 1;

  /** A tree with the directories and devices that there always are. */
  constructor(realm: Realm, write: (bytes: Uint8Array) => void) {
    this.#realm = realm;
    this.root = new Directory(this.#nextIno++, null);
    this.console = new ConsoleDevice(this.#nextIno++, write);
    for (const name of ["bin", "lib", "sbin", "etc", "tmp"]) this.directory(`/${name}`);
    const devices = this.directory("/dev");
    devices.put("console", this.console);
    devices.put("null", new Device(this.#nextIno++, false));
    devices.put("zero", new Device(this.#nextIno++, true));
  }

  /** The directory of a path, made if it is not there. */
  directory(path: string): Directory {
    let directory = this.root;
    for (const name of path.split("/").filter((one) => one !== "")) {
      const there = directory.get(name);
      if (there instanceof Directory) {
        directory = there;
        continue;
      }
      const made = new Directory(this.#nextIno++, directory);
      directory.put(name, made);
      directory = made;
    }
    return directory;
  }

  /** Make a file, or put another one in its place. */
  put(path: string, bytes: Uint8Array, mode: number): RegularFile {
    const at = path.lastIndexOf("/");
    const file = new RegularFile(this.#realm, this.#nextIno++, mode);
    file.writeAt(0, bytes);
    this.directory(path.slice(0, at)).put(path.slice(at + 1), file);
    return file;
  }

  /** The file at a path, or why there is none. */
  find(path: string, directory = "/"): Node | number {
    let node: Node = this.root;
    const whole = this.whole(path, directory);
    if (whole.length >= PATH_MAX) return Errno.ENAMETOOLONG;
    for (const name of whole.split("/")) {
      if (name === "" || name === ".") continue;
      if (!(node instanceof Directory)) return Errno.ENOTDIR;
      if (name.length > NAME_MAX) return Errno.ENAMETOOLONG;
      const next: Node | null = node.get(name);
      if (next === null) return Errno.ENOENT;
      node = next;
    }
    return path.endsWith("/") && !(node instanceof Directory) ? Errno.ENOTDIR : node;
  }

  /** The directory that a path's last name is in, and that name; or why there is none. */
  place(path: string, directory = "/"): { directory: Directory; name: string } | number {
    const whole = this.whole(path, directory).replace(/\/+$/, "");
    const at = whole.lastIndexOf("/");
    const found = this.find(whole.slice(0, at) || "/");
    if (typeof found === "number") return found;
    if (!(found instanceof Directory)) return Errno.ENOTDIR;
    const name = whole.slice(at + 1);
    if (name === "" || name === "." || name === "..") return Errno.EEXIST;
    return name.length > NAME_MAX ? Errno.ENAMETOOLONG : { directory: found, name };
  }

  /** Open a file, made if it is not there and the flags say so; answers it, or why not. */
  open(path: string, flags: number, directory = "/"): OpenFile | number {
    let node = this.find(path, directory);
    const { CREAT, EXCL, DIRECTORY } = OpenFlag;
    if (node === Errno.ENOENT && (flags & CREAT) !== 0) {
      const place = this.place(path, directory);
      if (typeof place === "number") return place;
      node = new RegularFile(this.#realm, this.#nextIno++, 0o777);
      place.directory.put(place.name, node);
    } else if (typeof node !== "number" && (flags & (CREAT | EXCL)) === (CREAT | EXCL)) {
      return Errno.EEXIST;
    }
    if (typeof node === "number") return node;
    if ((flags & DIRECTORY) !== 0 && !(node instanceof Directory)) return Errno.ENOTDIR;
    return node.open(flags, this.whole(path, directory));
  }

  /** Make a directory; answers 0 or why not. */
  makeDirectory(path: string, directory: string): number {
    if (typeof this.find(path, directory) !== "number") return Errno.EEXIST;
    const place = this.place(path, directory);
    if (typeof place === "number") return place;
    place.directory.put(place.name, new Directory(this.#nextIno++, place.directory));
    return 0;
  }

  /** Give a file another name; answers 0 or why not. */
  rename(old: string, next: string, directory: string): number {
    const node = this.find(old, directory);
    if (typeof node === "number") return node;
    const from = this.place(old, directory);
    const to = this.place(next, directory);
    if (typeof from === "number") return from;
    if (typeof to === "number") return to;
    // A directory's way up would lead elsewhere.
    if (node instanceof Directory && from.directory !== to.directory) return Errno.EINVAL;
    if (to.directory.get(to.name) === node) return 0;
    if (to.directory.get(to.name) instanceof Directory) return Errno.EISDIR;
    from.directory.release(from.name);
    to.directory.put(to.name, node);
    return 0;
  }

  /** A path from the root on, dots and all. */
  whole(path: string, directory: string): string {
    return path.startsWith("/") ? path : `${directory.replace(/\/$/, "")}/${path}`;
  }
}
