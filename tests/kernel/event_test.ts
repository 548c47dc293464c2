import { assertEquals } from "@std/assert";
import { DEFAULT_RIGHTS, Signal, Status } from "../../kernel/abi.ts";
import { zx } from "../../kernel/client.ts";
import { good, ScriptKernel } from "../support/scripts.ts";

const { SIGNALED, PEER_CLOSED, USER_0, USER_1, READABLE } = Signal;

function* pair() {
  const { out0, out1 } = good(yield* zx.eventpairCreate({}));
  return [out0, out1] as const;
}

function* signals(handle: number) {
  return (yield* zx.objectWaitOne({ handle, signals: 0, deadline: 0 })).observed;
}

Deno.test("zx_eventpair_create answers two handles that know each other", () => {
  new ScriptKernel().run1(function* (process) {
    const ends = yield* pair();
    const [one, other] = ends.map((end) => process.handleTable.get(end)!);
    assertEquals([one!.object.relatedKoid, other!.object.relatedKoid], [
      other!.object.koid,
      one!.object.koid,
    ]);
    assertEquals([one!.rights, other!.rights], Array(2).fill(DEFAULT_RIGHTS.eventPair));
    assertEquals([one!.object.type, one!.object.koid === other!.object.koid], [16, false]);
  });
});

Deno.test("zx_eventpair_create knows no options: NOT_SUPPORTED; zx_event_create: INVALID_ARGS", () => {
  new ScriptKernel().run1(function* () {
    assertEquals(yield* zx.eventpairCreate({ options: 1 }), Status.NOT_SUPPORTED);
    assertEquals(yield* zx.eventCreate({ options: 1 }), Status.INVALID_ARGS);
  });
});

Deno.test("signals of an event pair are set and cleared at the end that is named", () => {
  new ScriptKernel().run1(function* () {
    const [handle, other] = yield* pair();
    yield* zx.objectSignal({ handle, set: SIGNALED | USER_0 });
    assertEquals([yield* signals(handle), yield* signals(other)], [SIGNALED | USER_0, 0]);
    yield* zx.objectSignal({ handle, clear: SIGNALED, set: USER_1 });
    assertEquals(yield* signals(handle), USER_0 | USER_1);
    assertEquals(yield* zx.objectSignal({ handle, set: READABLE }), Status.INVALID_ARGS);
  });
});

Deno.test("zx_object_signal_peer raises the other end, whose signals outlive the one that did it", () => {
  new ScriptKernel().run1(function* () {
    const [handle, other] = yield* pair();
    assertEquals(yield* zx.objectSignalPeer({ handle, set: SIGNALED | USER_0 }), Status.OK);
    assertEquals([yield* signals(handle), yield* signals(other)], [0, SIGNALED | USER_0]);
    yield* zx.handleClose({ handle });
    assertEquals(yield* signals(other), SIGNALED | USER_0 | PEER_CLOSED);
    const late = { handle: other, set: USER_0 };
    assertEquals(yield* zx.objectSignalPeer(late), Status.PEER_CLOSED);
    assertEquals(yield* zx.objectSignal({ handle: other, clear: USER_0 }), Status.OK);
  });
});
