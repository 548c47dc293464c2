import { assert, assertEquals } from "@std/assert";
import { DEFAULT_RIGHTS, failed, Right, Signal, Status } from "../../kernel/abi.ts";
import { Channel, PendingCall } from "../../kernel/ipc/channel.ts";
import { Event } from "../../kernel/ipc/event.ts";
import { EventPair } from "../../kernel/ipc/event_pair.ts";
import { Message } from "../../kernel/ipc/message.ts";
import { Handle } from "../../kernel/object/handle.ts";
import { SeededEntropy } from "../../lab/machine/seeded_entropy.ts";
import { PlainMemory, testRealm } from "../support/realm.ts";
import { Realm } from "../../kernel/object/realm.ts";

class Call extends PendingCall {
  readonly seen: string[] = [];

  onReply(message: Message): void {
    this.seen.push(`reply ${message.bytes.at(-1)}`);
    message.destroy();
  }

  onPeerClosed(): void {
    this.seen.push("peer closed");
  }
}

function channel(realm = testRealm()) {
  const [one, other] = Channel.create(realm);
  const rights = DEFAULT_RIGHTS.channel;
  return { realm, one, other, mine: new Handle(one, rights), yours: new Handle(other, rights) };
}

function message(realm: Realm, bytes: number[], handles: Handle[] = []): Message {
  const made = Message.create(realm, Uint8Array.from(bytes), handles);
  assert(!failed(made));
  return made;
}

Deno.test("a channel delivers messages in the order they were written", () => {
  const { realm, one, other } = channel();
  for (const byte of [1, 2, 3]) one.write(message(realm, [byte]));
  assertEquals([1, 2, 3].map(() => other.take().bytes[0]), [1, 2, 3]);
  assertEquals(other.front(), Status.SHOULD_WAIT);
});

Deno.test("a channel is readable just while a message waits in it", () => {
  const { realm, one, other } = channel();
  assertEquals(other.signals, Signal.WRITABLE);
  one.write(message(realm, []));
  assertEquals(other.signals, Signal.WRITABLE | Signal.READABLE);
  other.take().destroy();
  assertEquals(other.signals, Signal.WRITABLE);
});

Deno.test("closing one end of a channel leaves the other what was written, then PEER_CLOSED", () => {
  const { realm, one, other, mine } = channel();
  one.write(message(realm, [7]));
  mine.close();
  assertEquals(other.signals, Signal.READABLE | Signal.PEER_CLOSED);
  assertEquals(other.take().bytes[0], 7);
  assertEquals(other.front(), Status.PEER_CLOSED);
  assertEquals(other.write(message(realm, [])), Status.PEER_CLOSED);
  assertEquals(other.relatedKoid, one.koid, "a peer's identity outlives it");
});

Deno.test("handles in a message that is never read die with the channel that it waits in", () => {
  const { realm, one, other, mine, yours } = channel();
  const event = new Event(realm);
  one.write(message(realm, [], [new Handle(event, Right.WAIT)]));
  assert(!event.dead);
  yours.close();
  assert(event.dead && other.dead);
  mine.close();
  assertEquals(realm.census(), {});
  assertEquals([realm.handles, realm.kept], [0, 0]);
});

Deno.test("a chain of channels, each in a message of the one before, closes however long it is", () => {
  const realm = testRealm();
  const first = channel(realm);
  let last = first;
  for (let n = 0; n < 20_000; n++) {
    const next = channel(realm);
    last.one.write(message(realm, [], [next.yours]));
    if (last !== first) last.mine.close();
    last = next;
  }
  last.mine.close();
  first.yours.close();
  first.mine.close();
  assertEquals(realm.census(), {});
});

Deno.test("a call gets the answer with its number, and other messages wait for readers", () => {
  const { realm, one, other } = channel();
  const calls = [new Call(), new Call()];
  for (const call of calls) assertEquals(one.call(message(realm, [0, 0, 0, 0]), call), Status.OK);
  const numbers = [other.take().txid, other.take().txid];
  assertEquals(numbers, calls.map((call) => call.txid));
  assert(numbers.every((number) => number >= 0x80000000) && numbers[0] !== numbers[1]);
  other.write(message(realm, [1, 2, 3, 4]));
  const reply = message(realm, [0, 0, 0, 0, 9]);
  reply.txid = numbers[1]!;
  other.write(reply);
  assertEquals(calls.map((call) => call.seen), [[], ["reply 9"]]);
  assertEquals(one.pending, 1);
});

Deno.test("a call learns that its peer is gone, and one that was given up learns nothing", () => {
  const { realm, one, yours } = channel();
  const [waiting, given] = [new Call(), new Call()];
  one.call(message(realm, [0, 0, 0, 0]), waiting);
  one.call(message(realm, [0, 0, 0, 0]), given);
  one.forget(given);
  yours.close();
  assertEquals([waiting.seen, given.seen], [["peer closed"], []]);
});

Deno.test("the kernel keeps only so many bytes of messages, and says NO_MEMORY beyond", () => {
  const options = { memory: new PlainMemory(1), entropy: new SeededEntropy() };
  const realm = new Realm({ ...options, keptMax: 1000 });
  assertEquals(Message.create(realm, new Uint8Array(1000)), Status.NO_MEMORY);
  const kept = message(realm, [1]);
  assert(realm.kept > 1);
  kept.destroy();
  assertEquals(realm.kept, 0);
});

Deno.test("writing and reading a message are events that name the message and its handles", () => {
  const { realm, one, other } = channel();
  const seen: unknown[] = [];
  realm.log.listen((event) => seen.push(event));
  const event = new Event(realm);
  one.write(message(realm, [1], [new Handle(event, 0)]));
  other.take();
  const same = { message: realm.messages, bytes: 1, koids: [event.koid], time: 0, cause: 0 };
  assertEquals(seen.filter((one) => (one as { kind: string }).kind.startsWith("message")), [
    { kind: "message-write", seq: 2, channel: one.koid, peer: other.koid, ...same },
    { kind: "message-read", seq: 4, channel: other.koid, ...same },
  ]);
});

Deno.test("an event of a pair says that its peer is gone when the peer's handles are", () => {
  const [one, other] = EventPair.create(testRealm());
  const handle = new Handle(one, Right.WAIT);
  const left = new Handle(other, Right.WAIT);
  assertEquals([one.relatedKoid, other.relatedKoid], [other.koid, one.koid]);
  handle.close();
  assertEquals([other.signals, other.peer], [Signal.PEER_CLOSED, null]);
  left.close();
});
