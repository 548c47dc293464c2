/**
 * Extended attributes of a file: bytes by name, as programs and the system keep them.
 *
 * @module
 */
import { ModeBit } from "../abi/stat.ts";
import { ExtendedAttributeFlag } from "../abi/file.ts";
import { Capability } from "../abi/capability.ts";
import { type Credentials, isCapable } from "../credentials.ts";
import { Errno } from "../errno.ts";
import { FileKind, type Inode, May, permission } from "./inode.ts";

const NAMESPACES = ["user.", "trusted.", "security."] as const;
const ALL_MAX = 65536;
const { CREATE, REPLACE } = ExtendedAttributeFlag;

/** The value of a name, or why there is none. */
export function getAttribute(who: Credentials, inode: Inode, name: string): Uint8Array | number {
  const status = mayUse(who, inode, name, May.READ);
  return status < 0 ? status : inode.attributes.get(name) ?? Errno.ENODATA;
}

/** Give a name a value; answers 0 or why not. */
export function setAttribute(
  who: Credentials,
  inode: Inode,
  { name, value, flags }: { name: string; value: Uint8Array; flags: number },
): number {
  const status = mayUse(who, inode, name, May.WRITE);
  if (status < 0) return status;
  const isThere = inode.attributes.has(name);
  if (isThere && (flags & CREATE) !== 0) return Errno.EEXIST;
  if (!isThere && (flags & REPLACE) !== 0) return Errno.ENODATA;
  if (used(inode) + value.length > ALL_MAX) return Errno.ENOSPC;
  inode.attributes.set(name, value);
  inode.changed = inode.fs.now();
  return 0;
}

/** Take a name away; answers 0 or why not. */
export function removeAttribute(who: Credentials, inode: Inode, name: string): number {
  const status = mayUse(who, inode, name, May.WRITE);
  if (status < 0) return status;
  if (!inode.attributes.delete(name)) return Errno.ENODATA;
  inode.changed = inode.fs.now();
  return 0;
}

/** The names that somebody may see. */
export function attributeNames(who: Credentials, inode: Inode): string[] {
  return [...inode.attributes.keys()]
    .filter((name) => isCapable(who, Capability.SYS_ADMIN) || !name.startsWith("trusted."));
}

function used({ attributes }: Inode): number {
  let sum = 0;
  for (const [name, { length }] of attributes) sum += name.length + length;
  return sum;
}

function mayUse(who: Credentials, inode: Inode, name: string, want: number): number {
  const namespace = NAMESPACES.find((one) => name.startsWith(one));
  if (!namespace) return Errno.EOPNOTSUPP;
  if (name.length === namespace.length) return Errno.EINVAL;
  const writes = want === May.WRITE;
  const isAdmin = isCapable(who, Capability.SYS_ADMIN);
  if (namespace === "trusted." && !isAdmin) return writes ? Errno.EPERM : Errno.ENODATA;
  if (namespace === "security.") return writes && !isAdmin ? Errno.EPERM : 0;
  if (namespace !== "user.") return 0;
  const keepsUsers = inode.kind === FileKind.REGULAR || inode.kind === FileKind.DIRECTORY;
  if (!keepsUsers) return writes ? Errno.EPERM : Errno.ENODATA;
  const isSticky = inode.kind === FileKind.DIRECTORY && (inode.mode & ModeBit.VTX) !== 0;
  if (writes && isSticky && who.fsuid !== inode.uid && !isCapable(who, Capability.FOWNER)) {
    return Errno.EPERM;
  }
  return permission(who, inode, want);
}
