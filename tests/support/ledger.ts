/**
 * What a kernel does, written down beside it in the plainest way: which handles there are, in which
 * table under which value, and who waits for what. The kernel's own books are held against it.
 *
 * @module
 */
import type { Handle } from "../../kernel/object/handle.ts";
import { HandleTable } from "../../kernel/object/handle_table.ts";
import { KernelObject } from "../../kernel/object/object.ts";
import type { Observer } from "../../kernel/object/observer.ts";
import type { Realm } from "../../kernel/object/realm.ts";
import type { Witness } from "../../kernel/object/witness.ts";
import { type Region, Regions } from "../../kernel/vm/regions.ts";

/** A change to a handle table: what is now at a value. */
export interface TableChange {
  readonly table: HandleTable;
  readonly value: number;
}

/** A change among regions: which of them came or went. */
export interface RegionChange {
  readonly regions: Regions<Region>;
  readonly region: Region;
}

/** The second set of books. */
export class Ledger implements Witness {
  /** Every object that a handle ever referred to and that is not dead, by koid. */
  readonly objects = new Map<number, KernelObject>();
  /** The objects that something was done to or with since this was emptied. */
  readonly touched = new Set<KernelObject>();
  /** Each table's handles by value. */
  readonly tables = new Map<HandleTable, Map<number, Handle>>();
  /** What changed in tables since this was emptied. */
  readonly tableChanges: TableChange[] = [];
  /** What changed among regions since this was emptied. */
  readonly regionChanges: RegionChange[] = [];
  /** What was wrong the moment it happened. */
  readonly wrong: string[] = [];
  readonly #realm: Realm;
  readonly #handles = new Map<KernelObject, number>();
  readonly #observers = new Map<KernelObject, Set<Observer>>();
  readonly #koids = new Set<number>();
  #total: number;
  #stop: readonly (() => void)[] = [];

  /** The books of a realm, from now on. */
  constructor(realm: Realm) {
    this.#realm = realm;
    this.#total = realm.handles;
  }

  /** How many handles refer to an object. */
  handlesTo(object: KernelObject): number {
    return this.#handles.get(object) ?? 0;
  }

  /** How many handles there are. */
  get handles(): number {
    return this.#total;
  }

  /** Who waits for signals of an object. */
  observersOf(object: KernelObject): readonly Observer[] {
    const all = this.#observers.get(object);
    if (!all) return [];
    for (const one of all) if (one.list === null) all.delete(one);
    if (all.size === 0) this.#observers.delete(object);
    return [...all];
  }

  /** Begin to write down. */
  open(): void {
    const realm = this.#realm;
    realm.witness = this;
    this.#stop = [this.#watchTables(), this.#watchObservers(), this.#watchRegions()];
    const { born } = realm;
    realm.born = (type, known = 0) => {
      const koid = born.call(realm, type, known);
      if (known === 0 && this.#koids.has(koid)) this.wrong.push(`koid ${koid} is given twice`);
      this.#koids.add(koid);
      return koid;
    };
  }

  /** Write down no more. */
  close(): void {
    this.#realm.witness = null;
    delete (this.#realm as Partial<Realm>).born;
    for (const stop of this.#stop) stop();
  }

  looked(object: KernelObject): void {
    this.touched.add(object);
  }

  changed(object: KernelObject): void {
    this.touched.add(object);
  }

  /** A handle has been made, and the realm has counted it; or one is being closed, before it does. */
  counted(object: KernelObject): void {
    const by = this.#realm.handles > this.#total ? 1 : -1;
    this.#total += by;
    const count = this.handlesTo(object) + by;
    if (count < 0) this.wrong.push(`${object.label} ${object.koid} lost a handle that it had not`);
    if (count === 0) this.#handles.delete(object);
    else this.#handles.set(object, count);
    this.touched.add(object);
    const known = this.objects.get(object.koid);
    if (known === undefined) this.objects.set(object.koid, object);
    else if (known !== object) this.wrong.push(`two objects have koid ${object.koid}`);
  }

  tableChanged(): void {}

  #watchTables(): () => void {
    const { tables, tableChanges, wrong } = this;
    const placed = new WeakSet<Handle>();
    const of = (table: HandleTable) => {
      const known = tables.get(table) ?? new Map<number, Handle>(table.entries());
      tables.set(table, known);
      return known;
    };
    const { add, remove, clear } = HandleTable.prototype;
    HandleTable.prototype.add = function (this: HandleTable, handle: Handle) {
      const known = of(this);
      const value = add.call(this, handle);
      if (value < 0) return value;
      if (placed.has(handle)) wrong.push("a handle is put where it is already, or elsewhere");
      placed.add(handle);
      known.set(value, handle);
      tableChanges.push({ table: this, value });
      return value;
    };
    HandleTable.prototype.remove = function (this: HandleTable, value: number) {
      const known = of(this);
      const handle = remove.call(this, value);
      if (handle) placed.delete(handle);
      if (handle) known.delete(value);
      tableChanges.push({ table: this, value });
      return handle;
    };
    HandleTable.prototype.clear = function (this: HandleTable) {
      tables.delete(this);
      clear.call(this);
    };
    return () => void Object.assign(HandleTable.prototype, { add, remove, clear });
  }

  #watchObservers(): () => void {
    const observers = this.#observers;
    // One that has waited may wait again, for something else.
    const places = new WeakMap<Observer, Set<Observer>>();
    const { observe } = KernelObject.prototype;
    KernelObject.prototype.observe = function (this: KernelObject, observer: Observer) {
      const all = observers.get(this) ?? new Set();
      places.get(observer)?.delete(observer);
      places.set(observer, all);
      observers.set(this, all.add(observer));
      observe.call(this, observer);
    };
    return () => void Object.assign(KernelObject.prototype, { observe });
  }

  #watchRegions(): () => void {
    const { regionChanges } = this;
    const { add, remove } = Regions.prototype;
    Regions.prototype.add = function (this: Regions<Region>, region: Region) {
      regionChanges.push({ regions: this, region });
      add.call(this, region);
    };
    Regions.prototype.remove = function (this: Regions<Region>, region: Region) {
      regionChanges.push({ regions: this, region });
      remove.call(this, region);
    };
    return () => void Object.assign(Regions.prototype, { add, remove });
  }
}
