/**
 * Giving the caller both ends of something new, or neither.
 *
 * @module
 */
import { Status } from "../abi.ts";
import type { KernelObject } from "../object/object.ts";
import type { OutHandle } from "../syscall/buffer.ts";

/** Give the caller handles to two objects; if one cannot be given, both objects are gone. */
export function givePair(
  [one, other]: readonly [KernelObject, KernelObject],
  [here, there]: readonly [OutHandle, OutHandle],
  rights: number,
) {
  const first = here.give(one, rights);
  if (first !== Status.OK) {
    other.abandon();
    return first;
  }
  const second = there.give(other, rights);
  if (second !== Status.OK) here.withdraw();
  return second;
}
