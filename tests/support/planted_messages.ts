/**
 * Bugs that were planted on purpose, in programs that send messages, wait, and hand on authority.
 *
 * @module
 */
import { failed, receive, Right, type Setup, Signal, type World, zx } from "@zandbox/zandbox";

const USER_0 = 1 << 24;
const ONE = Uint8Array.of(1);
const { READABLE, PEER_CLOSED } = Signal;

type Channel = ReturnType<World["channel"]>[0];

/** A program that takes one message from each channel in turn, holds both, and puts them back. */
function locker(world: World, name: string, ends: readonly [Channel, Channel]): void {
  world.program(name, ends, function* (first, second) {
    yield* zx.objectWaitOne({ handle: first, signals: READABLE });
    if (failed(yield* zx.channelRead({ handle: first, numBytes: 8 }))) return;
    yield* zx.objectWaitOne({ handle: second, signals: READABLE | PEER_CLOSED });
    yield* zx.channelRead({ handle: second, numBytes: 8 });
  });
}

/** Each bug by what it is. */
export const MESSAGE_BUGS: Readonly<Record<string, Setup>> = {
  "a signal is cleared before who waits for it looks": (world) => {
    const event = world.event("event");
    world.program("waiter", [event.only("WAIT")], function* (event) {
      yield* zx.objectWaitOne({ handle: event, signals: USER_0 });
    });
    world.program("waker", [event.only("SIGNAL")], function* (event) {
      yield* zx.objectSignal({ handle: event, set: USER_0 });
      yield* zx.objectSignal({ handle: event, clear: USER_0 });
    });
    world.eventually("the waiter went on", (view) => !view.alive("waiter"));
  },
  "an event is raised twice and counted once": (world) => {
    const event = world.event("event");
    const memory = world.vmo("count");
    world.program(
      "counter",
      [event.only("WAIT", "SIGNAL"), memory.only("READ", "WRITE")],
      function* (event, memory) {
        for (const count of [1, 2]) {
          const { status } = yield* zx.objectWaitOne({
            handle: event,
            signals: USER_0,
            deadline: 9,
          });
          if (status !== 0) return;
          yield* zx.objectSignal({ handle: event, clear: USER_0 });
          yield* zx.vmoWrite({ handle: memory, offset: 0, buffer: Uint8Array.of(count) });
        }
      },
    );
    for (const name of ["a", "b"]) {
      world.program(name, [event.only("SIGNAL")], function* (event) {
        yield* zx.objectSignal({ handle: event, set: USER_0 });
      });
    }
    world.eventually("two are counted", (view) => view.bytes(memory, 1)[0] === 2);
  },
  "two take two locks in two orders": (world) => {
    const [a1, a2] = world.eventPair("a");
    const [b1, b2] = world.eventPair("b");
    const orders = [[a1, b1], [b2, a2]] as const;
    orders.forEach(([first, second], at) => {
      world.program(`program ${at}`, [first, second], function* (first, second) {
        yield* zx.objectSignalPeer({ handle: first, set: USER_0 });
        yield* zx.objectWaitOne({ handle: second, signals: USER_0, deadline: 5 });
        yield* zx.objectSignal({ handle: first, set: 1 << 25 });
      });
    });
    world.never("each holds what the other wants", (view) => {
      return (view.signals(a2) & USER_0) !== 0 && (view.signals(b1) & USER_0) !== 0;
    });
  },
  "whoever writes first is taken for the first": (world) => {
    const [inbox, outbox] = world.channel("inbox");
    const [relay, source] = world.channel("relay");
    world.program("slow", [source], function* (out) {
      yield* zx.channelWrite({ handle: out, bytes: ONE });
    });
    world.program("fast", [outbox], function* (out) {
      yield* zx.channelWrite({ handle: out, bytes: ONE });
    });
    world.program("reader", [inbox, relay], function* (inbox, relay) {
      yield* zx.channelRead({ handle: inbox, numBytes: 8 });
      yield* zx.channelRead({ handle: relay, numBytes: 8 });
    });
    world.never("reading fails", (view) => {
      const status = view.did("reader", "channelRead")?.status ?? 0;
      return status !== 0;
    });
  },
  "a client writes to a server that has gone": (world) => {
    const [client, server] = world.channel("talk");
    world.program("server", [server], function* (end) {
      yield* zx.handleClose({ handle: end });
    });
    world.program("client", [client], function* (end) {
      yield* zx.channelWrite({ handle: end, bytes: ONE });
    });
    world.never(
      "the peer is gone",
      (view) => (view.did("client", "channelWrite")?.status ?? 0) !== 0,
    );
  },
  "a client waits for an answer and not for the server's end": (world) => {
    const [client, server] = world.channel("talk");
    world.program("server", [server], function* (end) {
      const request = yield* receive(end);
      if (!failed(request)) yield* zx.channelWrite({ handle: end, bytes: ONE });
    });
    world.program("client", [client], function* (end) {
      yield* zx.channelWrite({ handle: end, bytes: ONE });
      yield* zx.objectWaitOne({ handle: end, signals: READABLE });
    });
    world.anytime("the server is killed", () => world.kill("server"));
    world.eventually("the client ends", (view) => !view.alive("client"));
  },
  "a peer goes away while somebody writes": (world) => {
    const [one, other] = world.channel("pair");
    world.program("writer", [one], function* (end) {
      yield* zx.channelWrite({ handle: end, bytes: ONE });
      yield* zx.channelWrite({ handle: end, bytes: ONE });
    });
    world.program("holder", [other], function* (end) {
      yield* zx.objectWaitOne({ handle: end, signals: PEER_CLOSED });
    });
    world.anytime("the other end closes", () => world.close("holder", other));
    world.never("a write fails", (view) => (view.did("writer", "channelWrite")?.status ?? 0) !== 0);
  },
  "a secret goes to whoever asks first": (world) => {
    const [door, key] = world.channel("door");
    world.program("keeper", [key, world.vmo("secret").only("READ", "TRANSFER")], function* (k, s) {
      yield* zx.channelWrite({ handle: k, handles: [s] });
    });
    world.program("guest", [door], function* (door) {
      const got = yield* receive(door);
      if (!failed(got)) yield* zx.vmoRead({ handle: got.handles[0]!, offset: 0, bufferSize: 1 });
    });
    world.never("the guest reads it", (view) => view.did("guest", "vmoRead") !== undefined);
  },
  "one handle too many goes along": (world) => {
    const [out, log] = world.channel("log");
    const [note, secret] = [world.vmo("note"), world.vmo("secret")];
    world.program("worker", [out, note, secret], function* (out, note, secret) {
      yield* zx.channelWrite({ handle: out, handles: [note, secret] });
    });
    world.program("logger", [log], function* (log) {
      yield* receive(log);
    });
    world.never("the logger holds the secret", (view) => view.holds("logger", secret));
  },
  "a duplicate has rights that it was not to have": (world) => {
    const [out, in_] = world.channel("post");
    const memory = world.vmo("memory");
    world.program("giver", [out, memory], function* (out, memory) {
      const copy = yield* zx.handleDuplicate({ handle: memory, rights: Right.SAME_RIGHTS });
      if (!failed(copy)) yield* zx.channelWrite({ handle: out, handles: [copy.out] });
    });
    world.program("taker", [in_], function* (in_) {
      yield* receive(in_);
    });
    world.never("the taker may write", (view) => view.holds("taker", memory, "WRITE"));
  },
  "a request is served after its access was revoked": (world) => {
    const [control, lever] = world.eventPair("control");
    const memory = world.vmo("secret");
    world.program("caretaker", [control, memory.only("READ")], function* (control, memory) {
      const { observed } = yield* zx.objectWaitOne({
        handle: control,
        signals: PEER_CLOSED,
        deadline: 0,
      });
      if (observed & PEER_CLOSED) return;
      yield* zx.vmoRead({ handle: memory, offset: 0, bufferSize: 1 });
    });
    world.program("owner", [lever], function* (lever) {
      yield* zx.handleClose({ handle: lever });
    });
    world.never("it reads once it is revoked", (view) => {
      return view.did("caretaker", "vmoRead") !== undefined && view.stateOf(control).peerClosed;
    });
  },
  "a handle is used after it was closed": (world) => {
    world.program("careless", [world.event("event")], function* (event) {
      yield* zx.handleClose({ handle: event });
      yield* zx.objectSignal({ handle: event, set: USER_0 });
    });
    world.never("a handle is bad", (view) => (view.did("careless")?.status ?? 0) === -11);
  },
  "a server keeps what it should have given back": (world) => {
    const [client, server] = world.channel("talk");
    const gift = world.event("gift");
    world.program("client", [client, gift], function* (end, gift) {
      yield* zx.channelWrite({ handle: end, handles: [gift] });
      yield* receive(end);
    });
    world.program("server", [server], function* (end) {
      const request = yield* receive(end);
      if (failed(request)) return;
      yield* zx.channelWrite({ handle: end, bytes: ONE });
      yield* zx.objectWaitOne({ handle: end, signals: PEER_CLOSED });
      yield* zx.nanosleep({ deadline: Infinity });
    });
    world.eventually("nobody holds the gift", (view) => view.holders(gift).length === 0);
  },
  "a second allocation fails and nobody looks": (world) => {
    const done = world.event("done");
    world.program("maker", [done.only("SIGNAL")], function* (done) {
      yield* zx.vmoCreate({ size: 1 });
      if (!failed(yield* zx.vmoCreate({ size: 1 }))) {
        yield* zx.objectSignal({ handle: done, set: USER_0 });
      }
    }, { faults: [{ call: "vmoCreate", nth: 2, status: "NO_MEMORY" }] });
    world.eventually("it is done", (view) => (view.signals(done) & USER_0) !== 0);
  },
  "a policy forbids what a program cannot do without": (world) => {
    const done = world.event("done");
    world.program("maker", [done.only("SIGNAL")], function* (done) {
      if (failed(yield* zx.eventCreate({}))) return;
      yield* zx.objectSignal({ handle: done, set: USER_0 });
    }, { job: world.job("strict", { NEW_EVENT: "DENY" }) });
    world.eventually("it is done", (view) => (view.signals(done) & USER_0) !== 0);
  },
  "two tokens are taken in two orders": (world) => {
    const [a, giveA] = world.channel("a");
    const [b, giveB] = world.channel("b");
    world.program("giver", [giveA, giveB], function* (a, b) {
      yield* zx.channelWrite({ handle: a, bytes: ONE });
      yield* zx.channelWrite({ handle: b, bytes: ONE });
      yield* zx.nanosleep({ deadline: Infinity });
    });
    locker(world, "patient", [a, b]);
    world.program("hasty", [], function* () {});
    world.never("the patient one has both", (view) => {
      return view.stateOf(b).waiting === 0 && view.did("patient", "channelRead")?.status === 0 &&
        view.did("patient", "channelRead")?.objects.handle?.koid === b.koid;
    });
  },
  "a deadline is shorter than the work": (world) => {
    const event = world.event("event");
    world.program("worker", [event.only("SIGNAL")], function* (event) {
      yield* zx.nanosleep({ deadline: 10 });
      yield* zx.objectSignal({ handle: event, set: USER_0 });
    });
    world.program("waiter", [event.only("WAIT")], function* (event) {
      yield* zx.objectWaitOne({ handle: event, signals: USER_0, deadline: 5 });
    });
    world.never(
      "it gives up",
      (view) => (view.did("waiter", "objectWaitOne")?.status ?? 0) === -21,
    );
  },
  "half a stream is read": (world) => {
    const [one, other] = world.socket("stream");
    world.program("writer", [one], function* (out) {
      yield* zx.socketWrite({ handle: out, buffer: ONE });
      yield* zx.socketWrite({ handle: out, buffer: ONE });
    });
    world.program("reader", [other], function* (in_) {
      yield* zx.objectWaitOne({ handle: in_, signals: READABLE });
      yield* zx.socketRead({ handle: in_, size: 2 });
    });
    world.never("only a half is there", (view) => {
      const read = view.did("reader", "socketRead")?.result as { actual?: number } | undefined;
      return read?.actual === 1;
    });
  },
};
