/**
 * `zx_vmar_map_clock` and the calls that read a clock from where it is mapped.
 *
 * A mapped clock is a page of eleven numbers of 64 bits, which the kernel writes anew whenever the
 * clock changes. Programs see it through these calls and need no handle for that.
 *
 * @module
 */
import { ClockOption, failed, Right, Status, VmOption } from "../abi.ts";
import { Clock, type ClockDetails, type ClockPage } from "../ipc/clock.ts";
import { applyTransform } from "../ipc/clock_transform.ts";
import { KernelBug } from "../invariant.ts";
import { PAGE_SIZE } from "../ports.ts";
import { outNumber, readMemory } from "../syscall/buffer.ts";
import type { Call } from "../syscall/call.ts";
import { demand } from "../syscall/demand.ts";
import { handle, held, options, u64, u64Exact, u64Or } from "../syscall/kind.ts";
import { outExact, outRecord } from "../syscall/record.ts";
import { syscall } from "../syscall/row.ts";
import { mapPresent } from "../vm/mapped_range.ts";
import { Vmar } from "../vm/vmar.ts";
import { Vmo } from "../vm/vmo.ts";
import { CLOCK_ARGS_VERSION } from "./clock_args.ts";
import { encodeDetails } from "./clocks.ts";

const { PERM_READ, SPECIFIC, SPECIFIC_OVERWRITE, OFFSET_IS_UPPER_LIMIT, MAP_RANGE } = VmOption;
const WORDS = 11;

const vmarMapClock = syscall({
  name: "zx_vmar_map_clock",
  about: "Show a clock in a region, to be read without a call to the kernel.",
  args: {
    handle: held(Vmar, Right.NONE),
    options: options(
      PERM_READ | SPECIFIC | SPECIFIC_OVERWRITE | OFFSET_IS_UPPER_LIMIT | MAP_RANGE,
    ),
    vmarOffset: u64Or(0),
    clock: handle(Clock, Right.MAP | Right.READ),
    length: u64,
    mappedAddress: outNumber(8),
  },
  errors: [
    "ACCESS_DENIED",
    "BAD_STATE",
    "INVALID_ARGS",
    "NO_RESOURCES",
    "NO_MEMORY",
    "ALREADY_EXISTS",
  ],
  run({ handle: vmar, options, vmarOffset, clock, length, mappedAddress }, call) {
    const demanded = demand(call, "handle", vmar.handle, Right.READ);
    if (demanded !== Status.OK) return demanded;
    const overwrites = (options & SPECIFIC_OVERWRITE) !== 0;
    if ((options & PERM_READ) === 0 || length !== PAGE_SIZE) return Status.INVALID_ARGS;
    if (overwrites && (options & MAP_RANGE) !== 0) return Status.INVALID_ARGS;
    if ((clock.options & ClockOption.MAPPABLE) === 0) return Status.INVALID_ARGS;
    const page = pageOf(clock);
    if (page === null) return Status.NO_MEMORY;
    const shown = { vmo: page.vmo, vmoOffset: 0, length, accessMax: PERM_READ };
    const mapping = vmar.object.map({ options, vmarOffset, ...shown });
    if (
      mapping === Status.NOT_SUPPORTED || mapping === Status.BUFFER_TOO_SMALL ||
      mapping === Status.OUT_OF_RANGE
    ) throw new KernelBug("the whole of a page that never changes its size can be mapped");
    if (failed(mapping)) return mapping;
    const { base, size } = mapping;
    if ((options & MAP_RANGE) !== 0) {
      mapPresent({ mapping, address: base, offset: 0, length: size });
    }
    const status = mappedAddress.set(base);
    if (status !== Status.OK) vmar.object.unmap(base, size);
    return status;
  },
});

const clockReadMapped = syscall({
  name: "zx_clock_read_mapped",
  about: "What a clock that is mapped at an address shows now.",
  args: { address: u64, now: outExact },
  errors: ["INVALID_ARGS"],
  run({ address, now }, call) {
    const details = detailsAt(call, address);
    if (failed(details)) return details;
    return now.set(applyTransform(details.transform, details.queryTicks));
  },
});

const clockGetDetailsMapped = syscall({
  name: "zx_clock_get_details_mapped",
  about: "All that is known of a clock that is mapped at an address.",
  args: {
    address: u64,
    options: { ...u64Exact, role: "optional", otherwise: 1n << BigInt(CLOCK_ARGS_VERSION) },
    details: outRecord(encodeDetails),
  },
  errors: ["INVALID_ARGS"],
  run({ address, options, details: out }, call) {
    if (options !== 1n << BigInt(CLOCK_ARGS_VERSION)) return Status.INVALID_ARGS;
    const details = detailsAt(call, address);
    return failed(details) ? details : out.set(details);
  },
});

/** The calls of this file. */
export const MAPPED_CLOCK_ROWS = { vmarMapClock, clockReadMapped, clockGetDetailsMapped };

/** A clock in a memory object of one page. */
class MappedClock implements ClockPage {
  readonly vmo: Vmo;

  constructor(vmo: Vmo) {
    vmo.hold();
    this.vmo = vmo;
  }

  show({ transform, ...details }: ClockDetails): void {
    const words = new BigInt64Array([
      BigInt(details.generation),
      BigInt(details.options),
      details.backstop,
      transform.referenceOffset,
      transform.syntheticOffset,
      BigInt(transform.referenceTicks),
      BigInt(transform.syntheticTicks),
      BigInt.asIntN(64, details.errorBound),
      details.lastValueUpdate,
      details.lastRateAdjust,
      details.lastErrorBound,
    ]);
    this.vmo.write(0, new Uint8Array(words.buffer));
  }

  close(): void {
    this.vmo.drop();
  }
}

/** The page of a clock, made now if it was not yet; null when there is no frame for it. */
function pageOf(clock: Clock): MappedClock | null {
  if (clock.page instanceof MappedClock) return clock.page;
  const vmo = Vmo.create(clock.realm, PAGE_SIZE);
  if (failed(vmo)) return null;
  if (vmo.commit(0, PAGE_SIZE) !== Status.OK) {
    vmo.abandon();
    return null;
  }
  const page = new MappedClock(vmo);
  page.show(clock.details);
  clock.page = page;
  return page;
}

function detailsAt(call: Call, address: number): ClockDetails | typeof Status["INVALID_ARGS"] {
  const bytes = readMemory(call, address, WORDS * 8);
  if (typeof bytes === "number") return bytes;
  const words = new BigInt64Array(bytes.slice().buffer);
  const word = (at: number) => words[at]!;
  const referenceTicks = Number(word(5));
  // Whatever is there, it need not be a clock.
  if (referenceTicks <= 0) return Status.INVALID_ARGS;
  return {
    generation: Number(word(0)),
    options: Number(word(1)),
    backstop: word(2),
    transform: {
      referenceOffset: word(3),
      syntheticOffset: word(4),
      referenceTicks,
      syntheticTicks: Number(word(6)),
    },
    errorBound: BigInt.asUintN(64, word(7)),
    queryTicks: BigInt(Math.floor(call.realm.now)),
    lastValueUpdate: word(8),
    lastRateAdjust: word(9),
    lastErrorBound: word(10),
  };
}
