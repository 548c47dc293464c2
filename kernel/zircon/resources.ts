/**
 * `zx_resource_create`: parts of the machine, handed on.
 *
 * @module
 */
import { DEFAULT_RIGHTS, failed, ResourceFlag, ResourceKind, Right, Status } from "../abi.ts";
import { Resource } from "../ipc/resource.ts";
import { inText, lengthOf, outHandle } from "../syscall/buffer.ts";
import type { Call } from "../syscall/call.ts";
import { handle, u32, u64 } from "../syscall/kind.ts";
import { syscall } from "../syscall/row.ts";

const resourceCreate = syscall({
  name: "zx_resource_create",
  about: "Make a resource that is a part of another, for oneself or to share.",
  args: {
    parent: handle(Resource, Right.WRITE),
    options: u32,
    base: u64,
    size: u64,
    name: inText("nameSize"),
    nameSize: lengthOf("name"),
    out: outHandle,
  },
  errors: ["INVALID_ARGS", "ACCESS_DENIED", "NOT_FOUND"],
  run({ parent, options, base, size, name, out }, call) {
    const kind = options & 0xffff;
    const exclusive = (options & ResourceFlag.EXCLUSIVE) !== 0;
    if (!isValid(options, base, size)) return Status.INVALID_ARGS;
    const part = parent.slice({ kind, base, size, exclusive });
    if (failed(part)) {
      if (part === Status.ACCESS_DENIED) explain(call, parent, { kind, base, size });
      return part;
    }
    part.name = name;
    return out.give(part, DEFAULT_RIGHTS.resource);
  },
});

/** The calls of this file. */
export const RESOURCE_ROWS = { resourceCreate };

const KINDS: readonly number[] = Object.values(ResourceKind);

function isValid(options: number, base: number, size: number): boolean {
  if (!KINDS.includes(options & 0xffff)) return false;
  if ((options & ~(0xffff | ResourceFlag.EXCLUSIVE)) !== 0) return false;
  return size > 0 && base + size <= 2 ** 64;
}

function explain(
  call: Call,
  parent: Resource,
  wanted: { readonly kind: number; readonly base: number; readonly size: number },
): void {
  const text = (one: typeof wanted) => `kind ${one.kind}, from ${one.base}, ${one.size} in all`;
  call.deny({
    status: Status.ACCESS_DENIED,
    argument: "parent",
    koid: parent.koid,
    type: parent.label,
    wanted: text(wanted),
    held: text(parent) + (parent.exclusive ? ", exclusive" : ""),
    rule: "a resource is made of a part of a shared resource of its kind",
    grant: "a resource of the kind that has the range and is not exclusive",
  });
}
