/**
 * Calls about what a task may do beside what its user may.
 *
 * @module
 */
import { CapabilityVersion } from "../abi/capability.ts";
import type { Answer } from "../answer.ts";
import { call, type LinuxCall } from "../call.ts";
import { CAPABILITIES, type Credentials } from "../credentials.ts";
import { Errno } from "../errno.ts";
import type { Task } from "../task.ts";
import { writeBytes } from "./user_data.ts";

/** How many 32-bit words of each set there are, by the version of the layout. */
const WORDS: Readonly<Record<number, number>> = {
  [CapabilityVersion["1"]]: 1,
  [CapabilityVersion["2"]]: 2,
  [CapabilityVersion["3"]]: 2,
};
const NEWEST = CapabilityVersion["3"];
const SETS = 3;

/** The header: which layout, and whose; the layout is put right where it is unknown. */
function headerAt(task: Task, address: number): { words: number; pid: number } | number {
  const bytes = task.mm.memory.bytes(address, 8);
  if (typeof bytes === "number") return Errno.EFAULT;
  const view = new DataView(bytes.buffer);
  const words = WORDS[view.getUint32(0, true)];
  if (words === undefined) {
    return task.mm.memory.writeU32(address, NEWEST) === 0 ? Errno.EINVAL : Errno.EFAULT;
  }
  return { words, pid: view.getInt32(4, true) };
}

function capget(task: Task, header: number, data: number): Answer {
  const found = headerAt(task, header);
  if (typeof found === "number") return found === Errno.EINVAL && data === 0 ? 0 : found;
  const { words, pid } = found;
  if (pid < 0) return Errno.EINVAL;
  const other = pid === 0 ? task : task.linux.tasks.get(pid);
  if (!other) return Errno.ESRCH;
  const { effective, permitted, inheritable } = other.credentials;
  const bytes = new Uint8Array(words * SETS * 4);
  const view = new DataView(bytes.buffer);
  [effective, permitted, inheritable].forEach((set, which) => {
    for (let word = 0; word < words; word++) {
      const part = Number((set >> BigInt(word * 32)) & 0xffffffffn);
      view.setUint32((word * SETS + which) * 4, part, true);
    }
  });
  return data === 0 ? 0 : writeBytes(task, data, bytes);
}

function capset(task: Task, header: number, data: number): Answer {
  const found = headerAt(task, header);
  if (typeof found === "number") return found;
  const { words, pid } = found;
  if (pid !== 0 && pid !== task.tid) return Errno.EPERM;
  const bytes = task.mm.memory.bytes(data, words * SETS * 4);
  if (typeof bytes === "number") return Errno.EFAULT;
  const view = new DataView(bytes.buffer);
  const set = (which: number) => {
    let whole = 0n;
    for (let word = 0; word < words; word++) {
      whole |= BigInt(view.getUint32((word * SETS + which) * 4, true)) << BigInt(word * 32);
    }
    return whole & CAPABILITIES;
  };
  const [effective, permitted, inheritable] = [set(0), set(1), set(2)];
  const before = task.credentials;
  const isMore = (permitted & ~before.permitted) !== 0n || (effective & ~permitted) !== 0n ||
    (inheritable & ~(before.inheritable | before.permitted)) !== 0n;
  if (isMore) return Errno.EPERM;
  const next: Credentials = { ...before, effective, permitted, inheritable };
  task.credentials = next;
  return 0;
}

const HEADER = { header: "pointer", data: "pointer" } as const;

/** Calls about what a task may do. */
export const CAPABILITY_CALLS: readonly LinuxCall[] = [
  call(90, "capget", HEADER, capget),
  call(91, "capset", HEADER, capset),
];
