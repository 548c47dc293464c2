/**
 * Regions of addresses show what the plainest model of them shows, page by page, faults included.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { DEFAULT_RIGHTS, Right, Status, VmarOp, VmoOption, VmOption } from "../../kernel/abi.ts";
import { type Operation, zx } from "../../kernel/client.ts";
import type { Process } from "../../kernel/task/process.ts";
import { type ModelMemory, ModelRegion } from "../support/region_model.ts";
import { good } from "../support/scripts.ts";
import { agree } from "../support/twins.ts";

const PAGE = 4096;
const PAGES = 24;
const { SPECIFIC, SPECIFIC_OVERWRITE, OFFSET_IS_UPPER_LIMIT, ALLOW_FAULTS } = VmOption;
const { PERM_READ, PERM_WRITE, PERM_EXECUTE, CAN_MAP_SPECIFIC } = VmOption;
const CAN_MAP = VmOption.CAN_MAP_READ | VmOption.CAN_MAP_WRITE | VmOption.CAN_MAP_EXECUTE;
const ALL = PERM_READ | PERM_WRITE | PERM_EXECUTE;
const RIGHT_SHIFT = 2;
const PLACES = [SPECIFIC, SPECIFIC, SPECIFIC, SPECIFIC_OVERWRITE, 0, OFFSET_IS_UPPER_LIMIT];

/** One random step: what to do, where, and with what. */
interface Step {
  readonly deed: number;
  readonly pick: number;
  readonly bits: number;
  readonly first: number;
  readonly pages: number;
  readonly odd: number;
}

/** A handle, and what it allows of the three ways to access. */
interface Twin<M> {
  readonly handle: number;
  readonly rights: number;
  readonly model: M;
}

/** A process and the model, that make every step together. */
class Pair {
  readonly #process: Process;
  readonly #regions: Twin<ModelRegion>[] = [];
  readonly #memories: Twin<ModelMemory>[] = [];
  #stamp = 0;

  constructor(process: Process) {
    this.#process = process;
  }

  *begin(): Operation<void> {
    const process = this.#process;
    const parent = process.giveHandle(process.space.root, DEFAULT_RIGHTS.rootVmar, "test");
    const options = CAN_MAP | CAN_MAP_SPECIFIC;
    const made = good(yield* zx.vmarAllocate({ parent, options, size: PAGES * PAGE }));
    yield* this.#adopt(made.child, new ModelRegion(made.childAddress, PAGES, options));
    for (const resizable of [false, true]) {
      const options = resizable ? VmoOption.RESIZABLE : 0;
      const { out } = good(yield* zx.vmoCreate({ size: 8 * PAGE, options }));
      const model = { resizable, pages: new Array<number>(8).fill(0) };
      const { object } = process.handleTable.get(out)!;
      for (const rights of [Right.READ, Right.WRITE | Right.READ, ALL << RIGHT_SHIFT]) {
        const handle = process.giveHandle(object, rights | Right.MAP | Right.RESIZE, "test");
        this.#memories.push({ handle, rights, model });
      }
    }
  }

  *step(step: Step): Operation<void> {
    const { deed } = step;
    const region = this.#regions[step.pick % this.#regions.length]!;
    if (deed <= 3) yield* this.#map(region, step);
    else if (deed <= 5) yield* this.#allocate(region, step);
    else if (deed <= 7) yield* this.#unmap(region, step);
    else if (deed <= 9) yield* this.#protect(region, step);
    else if (deed === 10) yield* this.#zero(region, step);
    else if (deed === 11) yield* this.#resize(step);
    else if (step.bits % 3 === 0 && region.model.parent) {
      assertEquals(yield* zx.vmarDestroy({ handle: region.handle }), region.model.destroy());
    }
    this.#look();
  }

  /** Each page is read, and now and then written to. */
  #look(): void {
    const { model } = this.#regions[0]!;
    const { memory } = this.#process;
    for (let page = 0; page < PAGES; page++) {
      const address = model.base + page * PAGE;
      const shown = model.at(address);
      const reachable = shown !== null && shown.page < shown.memory.pages.length;
      const refusal = (access: number) =>
        shown === null
          ? Status.NOT_FOUND
          : (shown.access & access) === 0
          ? Status.ACCESS_DENIED
          : reachable
          ? Status.OK
          : Status.OUT_OF_RANGE;
      const read = refusal(PERM_READ);
      const there = read === Status.OK ? shown!.memory.pages[shown!.page] : read;
      assertEquals([page, memory.readU32(address)], [page, there]);
      if (++this.#stamp % 3) continue;
      const write = refusal(PERM_WRITE);
      assertEquals([page, memory.writeU32(address, this.#stamp)], [page, write]);
      if (write === Status.OK) shown!.memory.pages[shown!.page] = this.#stamp;
    }
  }

  /** A region comes with a handle that may do all that it can, and some that may do less. */
  *#adopt(handle: number, model: ModelRegion): Operation<void> {
    const { rights } = this.#process.handleTable.get(handle)!;
    this.#regions.push({ handle, rights, model });
    for (const without of [Right.OP_CHILDREN, Right.WRITE, Right.READ | Right.EXECUTE]) {
      const less = rights & ~without;
      const { out } = good(yield* zx.handleDuplicate({ handle, rights: less }));
      this.#regions.push({ handle: out, rights: less, model });
    }
  }

  *#map({ handle, rights, model }: Twin<ModelRegion>, step: Step): Operation<void> {
    const { bits, first, pages, odd } = step;
    const vmo = this.#memories[odd % this.#memories.length]!;
    const options = (bits & ALL) | PLACES[first % PLACES.length]! | (bits & 8 ? ALLOW_FAULTS : 0);
    const page = odd % 11;
    const length = pages * PAGE - (pages > 0 && bits & 16 ? 5 : 0);
    const [vmarOffset, most] = [
      offsetOf(options, step),
      (rights & vmo.rights) >>> RIGHT_SHIFT & ALL,
    ];
    const place = { options, vmarOffset, vmoOffset: page * PAGE, length };
    const made = yield* zx.vmarMap({ handle, vmo: vmo.handle, ...place });
    const access = options & ALL;
    if (!(access & PERM_READ) && access) return assertEquals<unknown>(made, Status.INVALID_ARGS);
    if (access & ~most) return assertEquals<unknown>(made, Status.ACCESS_DENIED);
    const wanted = { options, offset: vmarOffset, memory: vmo.model, page, length, most };
    const refusal = model.mapRefusal(wanted);
    if (refusal !== Status.OK) return assertEquals<unknown>(made, refusal);
    const at = this.#placed(model, options, vmarOffset, pages, made);
    if (at === null) return;
    const status = model.map(at, wanted);
    if (status !== Status.OK) return assertEquals<unknown>(made, status);
    assertEquals(good(made).mappedAddress, model.base + at * PAGE);
  }

  *#allocate({ handle, rights, model }: Twin<ModelRegion>, step: Step): Operation<void> {
    const { bits, first, pages } = step;
    if (this.#regions.length > 24) return;
    const place = PLACES[first % PLACES.length]! & ~SPECIFIC_OVERWRITE;
    const caps = ((bits & ALL) << 7) | (bits & 8 ? 0 : CAN_MAP_SPECIFIC);
    const options = caps | place;
    const offset = offsetOf(options, step);
    const made = yield* zx.vmarAllocate({ parent: handle, options, offset, size: pages * PAGE });
    if (bits & ALL & ~(rights >>> RIGHT_SHIFT)) {
      return assertEquals<unknown>(made, Status.ACCESS_DENIED);
    }
    const refusal = model.allocateRefusal(options, pages);
    if (refusal !== Status.OK) return assertEquals<unknown>(made, refusal);
    const address = typeof made === "number" ? made : { mappedAddress: made.childAddress };
    const at = this.#placed(model, options, offset, pages, address);
    if (at === null) return;
    const { child, childAddress } = good(made);
    assertEquals(childAddress, model.base + at * PAGE);
    const region = new ModelRegion(childAddress, pages, caps, model);
    model.items.fill(region, at, at + pages);
    yield* this.#adopt(child, region);
  }

  /** The page that something got, which is free where the kernel chose it; null where it was refused. */
  #placed(
    model: ModelRegion,
    options: number,
    offset: number,
    pages: number,
    made: number | { readonly mappedAddress: number },
  ): number | null {
    const place = model.placeFor(options, offset, pages);
    if (place !== "anywhere") {
      if (place < 0) assertEquals<unknown>(made, place);
      return place < 0 ? null : place;
    }
    assert(typeof made === "object", `there is room, but it answers ${made}`);
    const at = (made.mappedAddress - model.base) / PAGE;
    assert(model.isFree(at, pages), "the kernel takes free addresses");
    const end = options & OFFSET_IS_UPPER_LIMIT ? offset / PAGE : model.items.length;
    assert(at >= 0 && at + pages <= end, "and stays below the limit");
    return at;
  }

  *#unmap({ handle, rights, model }: Twin<ModelRegion>, step: Step): Operation<void> {
    const { address, length } = rangeOf(model, step);
    const wanted = model.unmap(address, length, (rights & Right.OP_CHILDREN) !== 0);
    assertEquals(yield* zx.vmarUnmap({ handle, address, length }), wanted);
  }

  *#protect({ handle, rights, model }: Twin<ModelRegion>, step: Step): Operation<void> {
    const { address, length } = rangeOf(model, step);
    const options = step.bits & ALL;
    const status = yield* zx.vmarProtect({ handle, options, address, length });
    if (options & ~(rights >>> RIGHT_SHIFT)) return assertEquals(status, Status.ACCESS_DENIED);
    if (!(options & PERM_READ) && options) return assertEquals(status, Status.INVALID_ARGS);
    assertEquals(status, model.protect(options, address, length));
  }

  *#zero({ handle, rights, model }: Twin<ModelRegion>, step: Step): Operation<void> {
    const address = model.base + step.first * PAGE;
    const size = (step.pages || 1) * PAGE;
    const allowed = (rights & Right.WRITE) !== 0;
    const wanted = allowed
      ? model.zero(address, size, (rights & Right.OP_CHILDREN) !== 0)
      : Status.ACCESS_DENIED;
    if (wanted === "some of it") return;
    assertEquals(yield* zx.vmarOpRange({ handle, op: VmarOp.ZERO, address, size }), wanted);
  }

  *#resize({ first }: Step): Operation<void> {
    const { handle, model } = this.#memories.find(({ rights, model }) => {
      return model.resizable && (rights & Right.WRITE) !== 0;
    })!;
    const pages = first % 12;
    assertEquals(yield* zx.vmoSetSize({ handle, size: pages * PAGE }), Status.OK);
    model.pages = Array.from({ length: pages }, (_, page) => model.pages[page] ?? 0);
  }
}

/** Where in its region something is to go: mostly nowhere in particular, where the kernel chooses. */
function offsetOf(options: number, { first, bits, odd }: Step): number {
  const chosen = options & (SPECIFIC | SPECIFIC_OVERWRITE | OFFSET_IS_UPPER_LIMIT);
  const offset = (chosen || odd % 9 === 0 ? first : 0) * PAGE;
  return odd % 13 === 0 && bits & 32 ? offset + 8 : offset;
}

function rangeOf({ base }: ModelRegion, { first, pages, bits, odd }: Step) {
  const address = base + first * PAGE + (odd % 17 === 0 ? 16 : 0);
  return { address, length: pages * PAGE - (pages > 0 && bits & 64 ? 7 : 0) };
}

const anyStep: fc.Arbitrary<Step> = fc.record({
  deed: fc.nat(12),
  pick: fc.oneof(fc.constant(0), fc.nat(1000)),
  bits: fc.nat(127),
  first: fc.nat(PAGES),
  pages: fc.nat(8),
  odd: fc.nat(1000),
});

Deno.test("regions of addresses show what the plainest model of them shows, page by page", () => {
  const chance = { step: anyStep, steps: 60, runs: 200, long: 10_000 };
  agree(chance, (process) => new Pair(process));
});
