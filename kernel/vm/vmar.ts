/**
 * A region of addresses: what may be mapped in it, and what is.
 *
 * Regions make a tree. Mappings are its leaves; they belong to the region and not to a handle.
 *
 * @module
 */
import { DEFAULT_RIGHTS, ObjectType, Right, Status, VmOption } from "../abi.ts";
import { invariant } from "../invariant.ts";
import { KernelObject } from "../object/object.ts";
import { Access, PAGE_SIZE } from "../ports.ts";
import type { AddressSpace } from "./address_space.ts";
import { Mapping } from "./mapping.ts";
import { alignmentOf, place } from "./placement.ts";
import { Regions } from "./regions.ts";
import type { Vmo } from "./vmo.ts";

const { CAN_MAP_READ, CAN_MAP_WRITE, CAN_MAP_EXECUTE, CAN_MAP_SPECIFIC } = VmOption;
const { SPECIFIC, SPECIFIC_OVERWRITE, OFFSET_IS_UPPER_LIMIT, COMPACT, ALLOW_FAULTS } = VmOption;
const CAN_MAP_ALL = CAN_MAP_READ | CAN_MAP_WRITE | CAN_MAP_EXECUTE;
const CAN_MAP_SHIFT = 7;
const PERMISSIONS = VmOption.PERM_READ | VmOption.PERM_WRITE | VmOption.PERM_EXECUTE;

/** Why a region cannot do what it is asked. */
export type VmarFailure = typeof Status[
  | "BAD_STATE"
  | "INVALID_ARGS"
  | "ACCESS_DENIED"
  | "NO_RESOURCES"
  | "NO_MEMORY"
  | "ALREADY_EXISTS"
];

/** Why a memory object cannot be shown in a region. */
export type MapFailure =
  | VmarFailure
  | typeof Status["NOT_SUPPORTED" | "BUFFER_TOO_SMALL" | "OUT_OF_RANGE"];

/** What a region costs the kernel, or a mapping with what only it keeps alive. */
const REGION_COST = 768;

/** So deep regions may lie in one another. */
const DEPTH_MAX = 256;

/** What is to be mapped, and how. */
export interface MapRequest {
  /** Bits of `VmOption`. */
  readonly options: number;
  /** Where in the region, if the options say so. */
  readonly vmarOffset?: number;
  /** What to show. */
  readonly vmo: Vmo;
  /** From which byte on. */
  readonly vmoOffset: number;
  /** How many bytes. */
  readonly length: number;
  /** What the handles allow, now and later, as `Access` bits. */
  readonly accessMax: number;
}

/** A region of an address space. */
export class Vmar extends KernelObject {
  readonly type = ObjectType.VMAR;
  /** The address space it is in. */
  readonly space: AddressSpace;
  /** Its first address. */
  readonly base: number;
  /** Its length in bytes. */
  readonly size: number;
  /** What may be mapped in it: `VmOption.CAN_MAP_*`, and `COMPACT`. */
  readonly caps: number;
  /** What is in it. */
  readonly regions = new Regions<Vmar | Mapping>();
  readonly #depth: number;
  #parent: Vmar | null;
  #alive = true;

  private constructor(
    space: AddressSpace,
    place: { base: number; size: number; caps: number; parent: Vmar | null },
    known = 0,
  ) {
    super(space.realm, ObjectType.VMAR, 0, known);
    this.space = space;
    this.base = place.base;
    this.size = place.size;
    this.caps = place.caps;
    this.#parent = place.parent;
    this.#depth = place.parent === null ? 0 : place.parent.#depth + 1;
  }

  /** The region of a whole address space; its identity may be known. */
  static root(space: AddressSpace, place: { base: number; size: number }, known: number): Vmar {
    const caps = CAN_MAP_ALL | CAN_MAP_SPECIFIC;
    return new Vmar(space, { ...place, caps, parent: null }, known);
  }

  /** The address behind its last. */
  get end(): number {
    return this.base + this.size;
  }

  /** Whether it has not been destroyed. */
  get alive(): boolean {
    return this.#alive;
  }

  /** The rights of the handle that whoever makes it gets. */
  get rights(): number {
    const { caps } = this;
    return DEFAULT_RIGHTS.vmar | (caps & CAN_MAP_READ ? Right.READ : 0) |
      (caps & CAN_MAP_WRITE ? Right.WRITE : 0) | (caps & CAN_MAP_EXECUTE ? Right.EXECUTE : 0);
  }

  override get waitable(): boolean {
    return false;
  }

  /** Make a region within this one. */
  allocate(options: number, offset: number, length: number): Vmar | VmarFailure {
    if (!this.#alive) return Status.BAD_STATE;
    if (length === 0 || length % PAGE_SIZE !== 0) return Status.INVALID_ARGS;
    if ((options & CAN_MAP_ALL & ~this.caps) !== 0) return Status.ACCESS_DENIED;
    const base = this.#placeFor(options, offset, length);
    if (base < 0) return base as VmarFailure;
    if (this.#depth === DEPTH_MAX) return Status.NO_MEMORY;
    if (!this.realm.keep(REGION_COST)) return Status.NO_MEMORY;
    const caps = options & (CAN_MAP_ALL | CAN_MAP_SPECIFIC | COMPACT);
    const child = new Vmar(this.space, { base, size: length, caps, parent: this });
    child.hold();
    this.regions.add(child);
    return child;
  }

  /** Show a memory object in this region. */
  map(request: MapRequest): Mapping | MapFailure {
    const { options, vmarOffset = 0, vmo, vmoOffset, accessMax } = request;
    if (!this.#alive) return Status.BAD_STATE;
    const access = options & PERMISSIONS;
    const length = Math.ceil(request.length / PAGE_SIZE) * PAGE_SIZE;
    const refusal = this.#mapRefusal(request, length);
    if (refusal !== Status.OK) return refusal;
    const base = this.#placeFor(options, vmarOffset, length);
    if (base < 0) return base as VmarFailure;
    if ((options & SPECIFIC_OVERWRITE) !== 0) {
      const cleared = this.#overwrite(base, base + length);
      if (cleared !== Status.OK) return cleared;
    }
    if (!this.realm.keep(REGION_COST)) return Status.NO_MEMORY;
    const space = this.space;
    const allowed = (accessMax | access) & (this.caps >>> CAN_MAP_SHIFT);
    const shape = { space, base, size: length, vmo, offset: vmoOffset, access };
    const faultBeyondStream = (options & VmOption.FAULT_BEYOND_STREAM_SIZE) !== 0;
    const mapping = new Mapping({ ...shape, accessMax: allowed, faultBeyondStream });
    this.regions.add(mapping);
    if (vmo.vdsoCode !== null && (access & Access.EXECUTE) !== 0) space.showVdso(base);
    this.#logMap(mapping);
    return mapping;
  }

  /** Take away what is mapped in a range, and destroy the regions in it. */
  unmap(address: number, length: number, children = true) {
    if (!this.#alive) return Status.BAD_STATE;
    const end = this.#rangeEnd(address, length);
    if (end < 0) return Status.INVALID_ARGS;
    const found = this.regions.within(address, end);
    for (const region of found) {
      if (!(region instanceof Vmar)) continue;
      if (!children || region.base < address || region.end > end) return Status.INVALID_ARGS;
    }
    if (this.#touchesVdso(address, end)) return Status.ACCESS_DENIED;
    if (!this.#canCut()) return Status.NO_MEMORY;
    if (found.length > 0) this.#clear(address, end);
    return Status.OK;
  }

  /** Change what may be done in a range, all of which must be mapped. */
  protect(access: number, address: number, length: number) {
    if (!this.#alive) return Status.BAD_STATE;
    const end = this.#rangeEnd(address, length);
    if (end < 0) return Status.INVALID_ARGS;
    const found = this.regions.within(address, end);
    const refusal = this.#protectRefusal(found, access, address, end);
    if (refusal !== Status.OK) return refusal;
    if (!this.#canCut()) return Status.NO_MEMORY;
    for (const region of found) {
      if (region instanceof Mapping) this.#protectPart(region, access, address, end);
    }
    const { log } = this.realm;
    if (log.listening) {
      const space = this.space.koid;
      log.emit("protect", { space, address, length: end - address, access });
    }
    return Status.OK;
  }

  /** Unmap and destroy everything in it, and itself; the root stays as long as its process. */
  destroy() {
    if (!this.#alive) return Status.BAD_STATE;
    if (this.#parent === null) return Status.NOT_SUPPORTED;
    if (this.#touchesVdso(this.base, this.end)) return Status.ACCESS_DENIED;
    this.space.forgetAddresses(this.base, this.end);
    this.#parent.regions.remove(this);
    this.#parent.#discard(this);
    return Status.OK;
  }

  /** The mapping at an address, however deep. */
  mappingAt(address: number): Mapping | null {
    const region = this.regions.find(address);
    return region instanceof Vmar ? region.mappingAt(address) : region;
  }

  /** Close everything below; the processor must have forgotten these addresses already. */
  destroyTree(): void {
    this.#alive = false;
    for (const region of this.regions.takeOut(this.base, this.end)) this.#discard(region);
    this.#parent = null;
  }

  #discard(region: Vmar | Mapping): void {
    this.realm.letGo(REGION_COST);
    if (region instanceof Vmar) {
      region.destroyTree();
      region.drop();
      return;
    }
    this.#logUnmap(region.base, region.size);
    region.close();
  }

  /** Whether the kernel may keep as much more as a range costs that cuts mappings at both ends. */
  #canCut(): boolean {
    const can = this.realm.keep(2 * REGION_COST);
    if (can) this.realm.letGo(2 * REGION_COST);
    return can;
  }

  /** The end of a range of whole pages within the region; -1 if it is none. */
  #rangeEnd(address: number, length: number): number {
    const end = address + Math.ceil(length / PAGE_SIZE) * PAGE_SIZE;
    const good = length > 0 && address % PAGE_SIZE === 0 && address >= this.base;
    return good && end <= this.end ? end : -1;
  }

  #placeFor(options: number, offset: number, length: number): number {
    if ((options & (SPECIFIC | SPECIFIC_OVERWRITE)) !== 0) {
      return this.#specificPlace(options, offset, length);
    }
    const limited = (options & OFFSET_IS_UPPER_LIMIT) !== 0;
    const align = alignmentOf(options);
    if (align === 0 || (!limited && offset !== 0)) return Status.INVALID_ARGS;
    if (length > this.size) return Status.INVALID_ARGS;
    if (limited && (offset > this.size || length > offset || offset % PAGE_SIZE !== 0)) {
      return Status.INVALID_ARGS;
    }
    const base = place(this.regions, this.realm.entropy, {
      size: length,
      align,
      low: this.base,
      high: limited ? this.base + offset : this.end,
      compact: (this.caps & COMPACT) !== 0,
    });
    return base < 0 ? Status.NO_RESOURCES : base;
  }

  #specificPlace(options: number, offset: number, length: number): number {
    if ((this.caps & CAN_MAP_SPECIFIC) === 0) return Status.ACCESS_DENIED;
    if ((options & OFFSET_IS_UPPER_LIMIT) !== 0) return Status.INVALID_ARGS;
    const align = alignmentOf(options);
    const base = this.base + offset;
    if (align === 0 || base % align !== 0) return Status.INVALID_ARGS;
    if (offset > this.size || length > this.size - offset) return Status.INVALID_ARGS;
    const overwrite = (options & SPECIFIC_OVERWRITE) !== 0;
    return overwrite || this.regions.free(base, base + length) ? base : Status.ALREADY_EXISTS;
  }

  #mapRefusal({ options, vmo, vmoOffset }: MapRequest, length: number) {
    const access = options & PERMISSIONS;
    if ((access & ~(this.caps >>> CAN_MAP_SHIFT)) !== 0) return Status.ACCESS_DENIED;
    if (length === 0 || vmoOffset % PAGE_SIZE !== 0) return Status.INVALID_ARGS;
    if (vmoOffset + length > Number.MAX_SAFE_INTEGER) return Status.OUT_OF_RANGE;
    if (vmo.resized && (options & VmOption.REQUIRE_NON_RESIZABLE) !== 0) {
      return Status.NOT_SUPPORTED;
    }
    if ((options & ALLOW_FAULTS) === 0) {
      if (vmo.resized || vmo.discardLock !== null || vmo.content.paged) {
        return Status.NOT_SUPPORTED;
      }
      if (vmoOffset + length > vmo.size) return Status.BUFFER_TOO_SMALL;
    }
    const code = vmo.vdsoCode;
    if (code === null || (access & Access.EXECUTE) === 0) return Status.OK;
    const whole = vmoOffset === code.offset && length === code.length;
    return whole && this.space.takesVdso ? Status.OK : Status.ACCESS_DENIED;
  }

  #overwrite(base: number, end: number) {
    const found = this.regions.within(base, end);
    if (found.some((region) => region instanceof Vmar)) return Status.INVALID_ARGS;
    if (this.#touchesVdso(base, end)) return Status.ACCESS_DENIED;
    if (!this.#canCut()) return Status.NO_MEMORY;
    if (found.length > 0) this.#clear(base, end);
    return Status.OK;
  }

  /** Whether the code of the vDSO, which stays as long as the process, is in a range. */
  #touchesVdso(from: number, to: number): boolean {
    const base = this.space.vdsoCode;
    if (base === 0 || base >= to) return false;
    const mapping = this.space.mappingAt(base);
    return mapping !== null && mapping.end > from;
  }

  #clear(from: number, to: number): void {
    this.space.forgetAddresses(from, to);
    for (const region of this.regions.takeOut(from, to)) {
      if (region instanceof Mapping) {
        if (region.base < from) this.#addPart(region, region.base, from);
        if (region.end > to) this.#addPart(region, to, region.end);
        const base = Math.max(region.base, from);
        this.#logUnmap(base, Math.min(region.end, to) - base);
        this.realm.letGo(REGION_COST);
        region.close();
      } else this.#discard(region);
    }
  }

  #protectRefusal(
    found: readonly (Vmar | Mapping)[],
    access: number,
    from: number,
    to: number,
  ) {
    let covered = from;
    for (const region of found) {
      if (region.base > covered) return Status.NOT_FOUND;
      if (region instanceof Vmar) return Status.INVALID_ARGS;
      if ((access & ~region.accessMax) !== 0) return Status.ACCESS_DENIED;
      covered = region.end;
    }
    if (covered < to) return Status.NOT_FOUND;
    return this.#touchesVdso(from, to) ? Status.ACCESS_DENIED : Status.OK;
  }

  #protectPart(mapping: Mapping, access: number, from: number, to: number): void {
    if (mapping.access === access) return;
    const inner = this.#cut(mapping, Math.max(mapping.base, from), Math.min(mapping.end, to));
    inner.protect(access);
  }

  /** Make the pages of a mapping from one address to another a mapping by themselves. */
  #cut(mapping: Mapping, from: number, to: number): Mapping {
    if (mapping.base === from && mapping.end === to) return mapping;
    this.regions.remove(mapping);
    if (mapping.base < from) this.#addPart(mapping, mapping.base, from);
    const inner = this.#addPart(mapping, from, to);
    if (mapping.end > to) this.#addPart(mapping, to, mapping.end);
    this.realm.letGo(REGION_COST);
    mapping.close();
    return inner;
  }

  #addPart(mapping: Mapping, from: number, to: number): Mapping {
    const part = mapping.part(from, to);
    invariant(this.realm.keep(REGION_COST), "there was room to cut a mapping");
    this.regions.add(part);
    return part;
  }

  #logMap({ base, size, access, vmo, offset }: Mapping): void {
    const { log } = this.realm;
    if (!log.listening) return;
    const what = { vmo: vmo.koid, offset, name: vmo.name };
    log.emit("map", { space: this.space.koid, address: base, length: size, access, ...what });
  }

  #logUnmap(address: number, length: number): void {
    const { log } = this.realm;
    if (log.listening) log.emit("unmap", { space: this.space.koid, address, length });
  }
}
