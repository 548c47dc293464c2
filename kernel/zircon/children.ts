/**
 * `zx_object_get_child`: from a task to those right below it.
 *
 * @module
 */
import { Right, Status } from "../abi.ts";
import { Resource } from "../ipc/resource.ts";
import { KernelObject } from "../object/object.ts";
import { outHandle } from "../syscall/buffer.ts";
import { held, u32, u64 } from "../syscall/kind.ts";
import { syscall } from "../syscall/row.ts";
import { Job } from "../task/job.ts";
import { Process } from "../task/process.ts";

const objectGetChild = syscall({
  name: "zx_object_get_child",
  about: "Take a handle to a child of a job or a process, by its identity.",
  args: { handle: held(KernelObject, Right.NONE), koid: u64, rights: u32, out: outHandle },
  errors: ["WRONG_TYPE", "ACCESS_DENIED", "NOT_FOUND"],
  run({ handle: { handle, object }, koid, rights, out }, call) {
    const children = childrenOf(object);
    if (!children) return Status.WRONG_TYPE;
    const same = rights === Right.SAME_RIGHTS;
    const wanted = Right.ENUMERATE | (same ? 0 : rights);
    if (!handle.has(wanted)) {
      call.lacks("handle", handle, wanted);
      return Status.ACCESS_DENIED;
    }
    const child = children.find((one) => one.koid === koid);
    return child ? out.give(child, same ? handle.rights : rights) : Status.NOT_FOUND;
  },
});

/** The calls of this file. */
export const CHILD_ROWS = { objectGetChild };

function childrenOf(object: KernelObject): KernelObject[] | null {
  if (object instanceof Job) return [...object.processes, ...object.jobs];
  if (object instanceof Process) return [...object.threads];
  // A resource may have children, but nobody keeps a list of them.
  return object instanceof Resource ? [] : null;
}
