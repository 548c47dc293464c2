/**
 * Showing that one may do something that belongs to the machine: a system resource by its number.
 *
 * @module
 */
import { Status, SystemResource } from "../abi.ts";
import { Resource } from "../ipc/resource.ts";
import { handle, type Kind } from "../syscall/kind.ts";

type Errors = "BAD_HANDLE" | "WRONG_TYPE" | "ACCESS_DENIED";

/** A handle to the system resource of this number. */
export function systemResource(base: number): Kind<Resource, number, "in", Errors> {
  const anyResource = handle(Resource, 0);
  const named = Object.entries(SystemResource).find(([, number]) => number === base);
  const name = named ? named[0] : String(base);
  return {
    ...anyResource,
    label: `system resource ${name}`,
    decode(raw, call, argument) {
      const resource = anyResource.decode(raw, call, argument);
      if (typeof resource === "number" || resource.grantsSystem(base)) return resource;
      call.deny({
        status: Status.ACCESS_DENIED,
        argument,
        koid: resource.koid,
        type: resource.label,
        wanted: `system resource ${name}`,
        held: `kind ${resource.kind}, from ${resource.base}, ${resource.size} in all`,
        rule: `${call.row.name} is for who holds the system resource ${name}`,
        grant: `a resource of kind SYSTEM that has ${base} in its range`,
      });
      return Status.ACCESS_DENIED;
    },
  };
}
