import { assert, assertEquals } from "@std/assert";
import { PacketType, Right, Signal, Status } from "../../kernel/abi.ts";
import { Event } from "../../kernel/ipc/event.ts";
import { Interrupt } from "../../kernel/ipc/interrupt.ts";
import { encodePacket, type Packet } from "../../kernel/ipc/packet.ts";
import { Port } from "../../kernel/ipc/port.ts";
import { Handle } from "../../kernel/object/handle.ts";
import { Waiter } from "../../kernel/object/waiter.ts";
import { testRealm } from "../support/realm.ts";

class Thread extends Waiter<Packet> {
  readonly seen: (bigint | string)[] = [];

  onTurn(packet: Packet): void {
    this.seen.push(packet.key);
  }

  onGone(): void {
    this.seen.push("gone");
  }
}

function setup() {
  const realm = testRealm();
  const port = new Port(realm, true);
  const portHandle = new Handle(port, Right.READ | Right.WRITE);
  const event = new Event(realm);
  return { realm, port, portHandle, event, handle: new Handle(event, Right.WAIT) };
}

const DATA = new Uint8Array(32);

Deno.test("packets leave a port in the order they came", () => {
  const { port } = setup();
  for (const key of [1n, 2n, 3n]) port.queueUser(key, DATA, 0);
  assertEquals([1, 2, 3, 4].map(() => port.take()?.key), [1n, 2n, 3n, undefined]);
});

Deno.test("those who wait at a port get one packet each, in the order they came", () => {
  const { port } = setup();
  const [one, other, late] = [new Thread(), new Thread(), new Thread()];
  for (const thread of [one, other, late]) port.wait(thread);
  port.unwait(other);
  for (const key of [1n, 2n, 3n]) port.queueUser(key, DATA, 0);
  assertEquals([one.seen, other.seen, late.seen], [[1n], [], [2n]]);
  assertEquals(port.take()?.key, 3n);
});

Deno.test("a port keeps 4096 user packets and no more", () => {
  const { realm, port, portHandle, handle } = setup();
  for (let n = 0; n < 4096; n++) assertEquals(port.queueUser(0n, DATA, 0), Status.OK);
  assert(port.full);
  assertEquals(port.queueUser(0n, DATA, 0), Status.SHOULD_WAIT);
  port.take();
  assertEquals(port.queueUser(0n, DATA, 0), Status.OK);
  portHandle.close();
  handle.close();
  assertEquals([realm.kept, realm.census()], [0, {}]);
});

Deno.test("an asynchronous wait becomes one packet that tells what was waited for and seen", () => {
  const { realm, port, event, handle } = setup();
  port.waitAsync({ handle, key: 7n, mask: Signal.SIGNALED, timestamp: true });
  assertEquals(port.take(), null);
  realm.now = 50;
  event.updateSignals(0, Signal.USER_0);
  event.updateSignals(0, Signal.SIGNALED);
  event.updateSignals(Signal.SIGNALED, 0);
  event.updateSignals(0, Signal.SIGNALED);
  const packet = port.take()!;
  const observed = Signal.SIGNALED | Signal.USER_0;
  const type = PacketType.SIGNAL_ONE;
  assertEquals(packet.body, { type, trigger: Signal.SIGNALED, observed, timestamp: 50 });
  assertEquals([port.take(), port.waits, realm.kept], [null, 0, 0]);
  const view = new DataView(encodePacket(packet).buffer);
  assertEquals([view.getBigUint64(0, true), view.getUint32(8, true)], [7n, type]);
  assertEquals([view.getUint32(20, true), view.getBigUint64(24, true)], [observed, 1n]);
});

Deno.test("a wait for what is there already becomes a packet at once, an edge only when it comes", () => {
  const { port, event, handle } = setup();
  event.updateSignals(0, Signal.SIGNALED);
  port.waitAsync({ handle, key: 1n, mask: Signal.SIGNALED });
  port.waitAsync({ handle, key: 2n, mask: Signal.SIGNALED, edge: true });
  assertEquals([port.take()?.key, port.pending], [1n, 0]);
  event.updateSignals(0, Signal.USER_0);
  event.updateSignals(Signal.SIGNALED, 0);
  assertEquals(port.pending, 0);
  event.updateSignals(0, Signal.SIGNALED);
  assertEquals(port.take()?.key, 2n);
});

Deno.test("cancelling by handle and key takes back waits and packets of that pair alone", () => {
  const { port, event, handle } = setup();
  const other = new Handle(event, Right.WAIT);
  for (const one of [handle, handle, other]) {
    port.waitAsync({ handle: one, key: 1n, mask: Signal.SIGNALED });
  }
  port.waitAsync({ handle, key: 2n, mask: Signal.USER_0 });
  event.updateSignals(0, Signal.SIGNALED);
  assertEquals([port.pending, port.waits], [3, 4]);
  assertEquals(port.cancel(handle, 1n), Status.OK);
  assertEquals(port.cancel(handle, 1n), Status.NOT_FOUND);
  assertEquals([port.pending, port.waits], [1, 2]);
  assertEquals(port.cancel(handle, 2n), Status.OK);
  event.updateSignals(0, Signal.USER_0);
  assertEquals([port.pending, port.waits], [1, 1]);
});

Deno.test("cancelling by key alone takes back everything under that key", () => {
  const { port, event, handle } = setup();
  port.queueUser(1n, DATA, 0);
  port.queueUser(2n, DATA, 0);
  port.waitAsync({ handle, key: 1n, mask: Signal.SIGNALED });
  assertEquals(port.cancelKey(1n), Status.OK);
  event.updateSignals(0, Signal.SIGNALED);
  assertEquals([port.cancelKey(1n), port.pending, port.waits], [Status.NOT_FOUND, 1, 0]);
});

Deno.test("a wait ends without a packet when its handle is closed; a packet that is there stays", () => {
  const { realm, port, event, handle } = setup();
  const other = new Handle(event, Right.WAIT);
  port.waitAsync({ handle, key: 1n, mask: Signal.USER_0 });
  port.waitAsync({ handle, key: 2n, mask: Signal.SIGNALED });
  event.updateSignals(0, Signal.SIGNALED);
  handle.close();
  assertEquals([port.waits, port.take()?.key, port.waits], [1, 2n, 0]);
  other.close();
  assertEquals(realm.census(), { port: 1 });
});

Deno.test("a port that is closed lets go of its waits and of those who wait", () => {
  const { realm, port, portHandle, event, handle } = setup();
  const thread = new Thread();
  port.wait(thread);
  port.waitAsync({ handle, key: 1n, mask: Signal.SIGNALED });
  portHandle.close();
  assertEquals([thread.seen, event.observers, realm.kept], [["gone"], 0, 0]);
  event.updateSignals(0, Signal.SIGNALED);
  handle.close();
  assertEquals(realm.census(), {});
});

Deno.test("interrupts leave a port before other packets, one at a time until acknowledged", () => {
  const { realm, port } = setup();
  const interrupt = new Interrupt(realm);
  assertEquals(interrupt.bind(port, 9n), Status.OK);
  port.queueUser(1n, DATA, 0);
  interrupt.trigger(11);
  interrupt.trigger(12);
  const packet = port.take()!;
  assertEquals([packet.key, packet.body], [9n, { type: PacketType.INTERRUPT, timestamp: 11 }]);
  assertEquals(port.take()?.key, 1n);
  interrupt.acknowledge();
  assertEquals(port.take()?.body, { type: PacketType.INTERRUPT, timestamp: 12 });
  assertEquals(port.pending, 0);
});

Deno.test("destroying an interrupt takes back its packet, or says that somebody has it", () => {
  const { realm, port } = setup();
  const [unread, read] = [new Interrupt(realm), new Interrupt(realm)];
  for (const interrupt of [read, unread]) {
    interrupt.bind(port, 1n);
    interrupt.trigger(5);
    if (interrupt === read) port.take();
  }
  assertEquals([unread.destroy(), port.pending, read.destroy()], [0, 0, Status.NOT_FOUND]);
  assertEquals([unread.trigger(6), unread.bind(port, 1n)], [Status.CANCELED, Status.CANCELED]);
});

Deno.test("an interrupt is untriggered until it is triggered, and again when it was dealt with", () => {
  const interrupt = new Interrupt(testRealm());
  const untriggered = Signal.VIRTUAL_INTERRUPT_UNTRIGGERED;
  assertEquals([interrupt.signals, interrupt.take()], [untriggered, Status.SHOULD_WAIT]);
  interrupt.trigger(3);
  assertEquals([interrupt.signals, interrupt.take()], [0, { timestamp: 3 }]);
  assertEquals([interrupt.take(), interrupt.signals], [Status.SHOULD_WAIT, untriggered]);
});
