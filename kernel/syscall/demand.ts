/**
 * Rights that a call demands of a handle depending on its other arguments.
 *
 * @module
 */
import { rightsText, Status } from "../abi.ts";
import type { Handle } from "../object/handle.ts";
import type { Call } from "./call.ts";

/** OK if a handle has these rights; ACCESS_DENIED, with the reason written down, if not. */
export function demand(call: Call, argument: string, handle: Handle, rights: number) {
  if (handle.has(rights)) return Status.OK;
  const { object } = handle;
  call.deny({
    status: Status.ACCESS_DENIED,
    argument,
    koid: object.koid,
    type: object.label,
    wanted: rightsText(rights),
    held: rightsText(handle.rights),
    rule: `${call.row.name} with these options needs ${rightsText(rights)} on ${argument}`,
    grant: rightsText(rights & ~handle.rights),
  });
  return Status.ACCESS_DENIED;
}
