/**
 * `zx_system_*`, `zx_cprng_*` and `zx_cache_flush`: the machine itself.
 *
 * @module
 */
import { DEFAULT_RIGHTS, Right, Status } from "../abi.ts";
import { PAGE_SIZE } from "../ports.ts";
import { inBytes, lengthOf, outHandle, outNumber } from "../syscall/buffer.ts";
import type { Call } from "../syscall/call.ts";
import { handle, u32, u64 } from "../syscall/kind.ts";
import { whenPaged } from "../syscall/paged.ts";
import { count, syscall } from "../syscall/row.ts";
import { outSpan } from "../syscall/span.ts";
import { Job } from "../task/job.ts";

/** Data lies in memory in lines of so many bytes, for programs that care. */
const CACHE_LINE = 64;

const systemGetNumCpus = syscall({
  name: "zx_system_get_num_cpus",
  about: "How many processors there are.",
  args: {},
  errors: [],
  run: () => count(1),
});

const systemGetPageSize = syscall({
  name: "zx_system_get_page_size",
  about: "How many bytes a page has.",
  args: {},
  errors: [],
  run: () => count(PAGE_SIZE),
});

const systemGetPhysmem = syscall({
  name: "zx_system_get_physmem",
  about: "How much memory the machine has.",
  args: {},
  errors: [],
  run: (_, call) => count(call.realm.memory.totalFrames * PAGE_SIZE),
});

const systemGetDcacheLineSize = syscall({
  name: "zx_system_get_dcache_line_size",
  about: "How many bytes a line of the data cache would have.",
  args: {},
  errors: [],
  run: () => count(CACHE_LINE),
});

/** What each kind of feature is, by number: processor, breakpoints, watchpoints, tagging, memory. */
const FEATURES = [1, 0, 0, 0, 0];

const systemGetFeatures = syscall({
  name: "zx_system_get_features",
  about: "What the machine can do, by kind.",
  args: { kind: u32, features: outNumber(4) },
  errors: ["NOT_SUPPORTED"],
  run({ kind, features }) {
    const found = FEATURES[kind];
    return found === undefined ? Status.NOT_SUPPORTED : features.set(found);
  },
});

const systemGetEvent = syscall({
  name: "zx_system_get_event",
  about: "An event that the machine raises when memory is short; for who holds the root job.",
  args: { rootJob: handle(Job, Right.MANAGE_PROCESS), kind: u32, out: outHandle },
  errors: ["ACCESS_DENIED", "INVALID_ARGS"],
  run({ rootJob, kind, out }, call) {
    if (rootJob.parent !== null) return notRoot(call, rootJob);
    const event = call.process.system.events.get(kind);
    return event ? out.give(event, DEFAULT_RIGHTS.systemEvent) : Status.INVALID_ARGS;
  },
});

const DRAW_MAX = 256;

const cprngDraw = syscall({
  name: "zx_cprng_draw",
  about: "Random bytes.",
  args: { buffer: outSpan("size"), size: u64 },
  errors: ["INVALID_ARGS"],
  run({ buffer, size }, call) {
    // No program has room for more than the machine has.
    const most = call.realm.memory.totalFrames * PAGE_SIZE;
    if (!(size >= 0 && size <= most)) return Status.INVALID_ARGS;
    let done = 0;
    return whenPaged(call, call.process, () => {
      // Page by page, so that of a place that is none nothing is made.
      while (done < size) {
        const bytes = randomBytes(call, Math.min(PAGE_SIZE, size - done));
        const copied = buffer.write(done, bytes);
        if (typeof copied !== "number") return copied;
        if (copied !== Status.OK) return Status.INVALID_ARGS;
        done += bytes.length;
      }
      return Status.OK;
    });
  },
});

const cprngAddEntropy = syscall({
  name: "zx_cprng_add_entropy",
  about: "Offer chance; the machine's comes from its seed alone, so it is read and not used.",
  args: { buffer: inBytes("size", DRAW_MAX), size: lengthOf("buffer") },
  errors: [],
  run: () => Status.OK,
});

const CACHE_FLUSH = { INSN: 1, DATA: 2, INVALIDATE: 4 } as const;

const cacheFlush = syscall({
  name: "zx_cache_flush",
  about: "Make what was written visible to instruction fetches and devices; it always is.",
  args: { address: u64, size: u64, options: u32 },
  errors: ["INVALID_ARGS"],
  run({ options }) {
    const { INSN, DATA, INVALIDATE } = CACHE_FLUSH;
    const isKnown = (options & ~(INSN | DATA | INVALIDATE)) === 0;
    return isKnown && (options & (INSN | DATA)) !== 0 ? Status.OK : Status.INVALID_ARGS;
  },
});

/** The calls of this file. */
export const SYSTEM_ROWS = {
  systemGetNumCpus,
  systemGetPageSize,
  systemGetPhysmem,
  systemGetDcacheLineSize,
  systemGetFeatures,
  systemGetEvent,
  cprngDraw,
  cprngAddEntropy,
  cacheFlush,
};

function notRoot(call: Call, job: Job) {
  call.deny({
    status: Status.ACCESS_DENIED,
    argument: "rootJob",
    koid: job.koid,
    type: job.label,
    wanted: "the root job",
    held: `a job below job ${job.relatedKoid}`,
    rule: "the machine's events are for who holds the root job",
    grant: "a handle to the root job with the right MANAGE_PROCESS",
  });
  return Status.ACCESS_DENIED;
}

function randomBytes(call: Call, size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  const { entropy } = call.realm;
  for (let at = 0; at < size;) {
    let word = entropy.next();
    for (let n = 0; n < 4 && at < size; n++, word >>>= 8) bytes[at++] = word & 0xff;
  }
  return bytes;
}
