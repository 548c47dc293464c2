/**
 * How much a process may have of addresses and of data.
 *
 * @module
 */
import { PAGE_SIZE } from "../../ports.ts";
import { Resource } from "../abi/process.ts";
import type { Mm } from "./mm.ts";
import { isData, type VmaOptions } from "./vma.ts";

/** Whether a process may have so many bytes more of this kind, as `may_expand_vm` says it. */
export function mayExpandVm(
  { vmas, limits }: Mm,
  length: number,
  kind: Pick<VmaOptions, "prot" | "shared" | "growsDown">,
): boolean {
  if (vmas.pages * PAGE_SIZE + length > limits.soft(Resource.AS)) return false;
  if (!isData(kind)) return true;
  const data = vmas.dataPages * PAGE_SIZE + length;
  const limit = limits.soft(Resource.DATA);
  // A limit of nothing is there to forbid the heap only, as long as it could be raised.
  return data <= limit || (limit === 0 && data <= limits.hard(Resource.DATA));
}
