/**
 * From the number that a program hands over to the kernel's object: the kernel follows it as an
 * address, and only an assertion about what lies there comes between.
 *
 * @module
 */
import type { LwpThread } from "../lwp_thread.ts";
import type { RtObject } from "./rt_object.ts";

/** A class of objects. */
export type ObjectClass<T extends RtObject> = abstract new (...args: never[]) => T;

/**
 * The object at an address, if it is of the class that `where` expects. Otherwise the kernel has met
 * its own fault or a failed assertion, nobody is left to answer, and this is null.
 */
export function objectAt<T extends RtObject>(
  thread: LwpThread,
  address: number,
  { type, where }: { readonly type: ObjectClass<T>; readonly where: string },
): T | null {
  const { rtsmart, lwp } = thread;
  const found = rtsmart.heap.objects.get(address);
  if (found instanceof type) return found;
  const isKernels = address < 0 && address >= rtsmart.heap.start && address < rtsmart.heap.end;
  if (isKernels || address === 0 || lwp.aspace.at(address) !== null) {
    rtsmart.panic(`assertion failed at function ${where}: this is no ${type.name}`);
  } else rtsmart.kernelFault(lwp, address, where);
  return null;
}
