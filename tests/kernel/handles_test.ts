import { assert, assertEquals } from "@std/assert";
import { ObjectType, Right, Signal } from "../../kernel/abi.ts";
import { Handle } from "../../kernel/object/handle.ts";
import { HandleTable } from "../../kernel/object/handle_table.ts";
import { KernelObject } from "../../kernel/object/object.ts";
import { Observer } from "../../kernel/object/observer.ts";
import { SeededEntropy } from "../../lab/machine/seeded_entropy.ts";
import { testRealm } from "../support/realm.ts";

class Thing extends KernelObject {
  readonly type = ObjectType.EVENT;
  closed = 0;

  constructor(realm = testRealm()) {
    super(realm, ObjectType.EVENT);
  }

  protected override onZeroHandles(): void {
    this.closed++;
  }
}

class Watcher extends Observer {
  readonly seen: string[] = [];

  onSignals(signals: number): void {
    this.seen.push(`signals ${signals}`);
  }

  onCancel(signals: number): void {
    this.seen.push(`cancel ${signals}`);
  }
}

Deno.test("a handle value names its object until it is closed, and nothing afterwards", () => {
  const table = new HandleTable(new SeededEntropy());
  const thing = new Thing();
  const value = table.add(new Handle(thing, Right.WAIT));
  assertEquals(table.get(value)?.object, thing);
  table.remove(value)!.close();
  assertEquals(table.get(value), null);
  assertEquals(thing.closed, 1);
  const again = table.add(new Handle(new Thing(), Right.WAIT));
  assert(again !== value, "a slot that is used again gives another value");
});

Deno.test("every handle value has its two low bits set", () => {
  const table = new HandleTable(new SeededEntropy(7));
  for (let n = 0; n < 100; n++) assertEquals(table.add(new Handle(new Thing(), 0)) & 3, 3);
});

Deno.test("an object dies with its last reference and leaves the census as it was", () => {
  const realm = testRealm();
  const thing = new Thing(realm);
  const one = new Handle(thing, 0);
  const other = new Handle(thing, 0);
  assertEquals(realm.census(), { event: 1 });
  one.close();
  assert(!thing.dead);
  other.close();
  assert(thing.dead);
  assertEquals(realm.census(), {});
  assertEquals(realm.handles, 0);
});

Deno.test("a signal wakes those who wait for it, in the order they came, and nobody else", () => {
  const thing = new Thing();
  const first = new Watcher(Signal.USER_0);
  const other = new Watcher(Signal.USER_1);
  thing.observe(first);
  thing.observe(other);
  thing.updateSignals(0, Signal.USER_0);
  assertEquals(first.seen, [`signals ${Signal.USER_0}`]);
  assertEquals(other.seen, []);
  assertEquals(thing.observers, 1);
});

Deno.test("closing a handle ends the waiting by that handle and by no other", () => {
  const thing = new Thing();
  const mine = new Handle(thing, Right.WAIT);
  const yours = new Handle(thing, Right.WAIT);
  const myWait = new Watcher(Signal.USER_0);
  const yourWait = new Watcher(Signal.USER_0);
  mine.observe(myWait);
  yours.observe(yourWait);
  mine.close();
  assertEquals(myWait.seen, [`cancel ${Signal.HANDLE_CLOSED}`]);
  thing.updateSignals(0, Signal.USER_0);
  assertEquals(yourWait.seen, [`signals ${Signal.USER_0}`]);
});

Deno.test("observers that wait for many different signals are each told of theirs", () => {
  const thing = new Thing();
  const watchers = Array.from({ length: 300 }, (_, n) => new Watcher(n + 1));
  for (let round = 0; round < 3; round++) {
    for (const watcher of watchers) thing.observe(watcher);
    thing.updateSignals(0, 1 << 4);
    assertEquals(thing.observers, watchers.filter(({ mask }) => !(mask & 16)).length);
    thing.updateSignals(0, 0x1ff);
    assertEquals(thing.observers, 0);
    thing.updateSignals(0x1ff, 0);
  }
  assertEquals(new Set(watchers.map(({ seen }) => seen.length)), new Set([3]));
});

Deno.test("a handle keeps nothing of those who waited by it and were told", () => {
  const thing = new Thing();
  const handle = new Handle(thing, Right.WAIT);
  const [told, given, waiting] = [1, 2, 3].map(() => new Watcher(Signal.USER_0));
  handle.observe(told!);
  handle.observe(given!);
  handle.unobserve(given!);
  thing.updateSignals(0, Signal.USER_0);
  thing.updateSignals(Signal.USER_0, 0);
  handle.observe(waiting!);
  assertEquals([told!.by, given!.by, waiting!.by], [null, null, handle]);
  handle.close();
  assertEquals([told!.seen.length, given!.seen, waiting!.seen.length], [1, [], 1]);
});

Deno.test("deadlines fire in their order, equal ones in the order they were set", () => {
  const { timeouts } = testRealm();
  const seen: string[] = [];
  timeouts.set(30, () => seen.push("c"));
  timeouts.set(10, () => seen.push("a"));
  timeouts.set(10, () => seen.push("b"));
  timeouts.cancel(timeouts.set(20, () => seen.push("never")));
  assertEquals(timeouts.next, 10);
  timeouts.fireDue(30);
  assertEquals(seen, ["a", "b", "c"]);
  assertEquals(timeouts.next, Infinity);
});
