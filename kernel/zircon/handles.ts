/**
 * `zx_handle_*`: handles themselves, whatever they refer to.
 *
 * @module
 */
import { Right, Status } from "../abi.ts";
import { Handle } from "../object/handle.ts";
import { KernelObject } from "../object/object.ts";
import { inHandleValues, lengthOf, outHandle } from "../syscall/buffer.ts";
import type { Call } from "../syscall/call.ts";
import { badHandle, handleValue, held, u32 } from "../syscall/kind.ts";
import { syscall } from "../syscall/row.ts";

const handleClose = syscall({
  name: "zx_handle_close",
  about: "Close a handle; closing the invalid handle is fine.",
  args: { handle: handleValue },
  errors: ["BAD_HANDLE"],
  run({ handle }, call) {
    return handle === 0 ? Status.OK : close(handle, call);
  },
});

const handleCloseMany = syscall({
  name: "zx_handle_close_many",
  about: "Close many handles, all that are good even if some are not.",
  args: { handles: inHandleValues("numHandles", 2 ** 20), numHandles: lengthOf("handles") },
  errors: ["BAD_HANDLE"],
  run({ handles }, call) {
    let status: typeof Status.OK | typeof Status.BAD_HANDLE = Status.OK;
    for (const handle of handles) {
      if (handle !== 0 && close(handle, call) !== Status.OK) status = Status.BAD_HANDLE;
    }
    return status;
  },
});

const handleDuplicate = syscall({
  name: "zx_handle_duplicate",
  about: "Make another handle to the same object, with the same rights or fewer.",
  args: { handle: held(KernelObject, Right.DUPLICATE), rights: u32, out: outHandle },
  errors: ["INVALID_ARGS"],
  run({ handle, rights, out }) {
    const granted = shrink(handle.handle, rights);
    if (granted < 0) return Status.INVALID_ARGS;
    return out.give(handle.object, granted);
  },
});

const handleReplace = syscall({
  name: "zx_handle_replace",
  about: "Exchange a handle for one with the same rights or fewer; the old one is gone either way.",
  args: { handle: handleValue, rights: u32, out: outHandle },
  errors: ["BAD_HANDLE", "INVALID_ARGS"],
  run({ handle, rights, out }, call) {
    const old = call.process.removeHandle(handle, "replaced");
    if (!old) return badHandle(call, "handle", handle);
    call.took(old);
    const granted = shrink(old, rights);
    if (granted < 0) return Status.INVALID_ARGS;
    return out.put(new Handle(old.object, granted));
  },
});

const handleCheckValid = syscall({
  name: "zx_handle_check_valid",
  about: "Say whether a value is a handle that the process holds.",
  args: { handle: handleValue },
  errors: ["BAD_HANDLE"],
  run({ handle }, call) {
    return call.process.handleTable.get(handle) ? Status.OK : Status.BAD_HANDLE;
  },
});

/** The calls of this file. */
export const HANDLE_ROWS = {
  handleClose,
  handleCloseMany,
  handleDuplicate,
  handleReplace,
  handleCheckValid,
};

function close(value: number, call: Call) {
  const handle = call.process.removeHandle(value, "closed");
  if (!handle) return badHandle(call, "handle", value);
  handle.close();
  return Status.OK;
}

/** The rights asked for, if they are no more than the handle has; -1 otherwise. */
function shrink(handle: Handle, rights: number): number {
  if (rights === Right.SAME_RIGHTS) return handle.rights;
  return (rights & ~handle.rights) === 0 ? rights : -1;
}
