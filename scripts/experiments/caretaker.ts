/**
 * Revocation. Alice lends Bob a secret through a caretaker, and takes it back by closing her end of
 * a channel. Asked: is anything that Bob requests after that served, in whichever order they run?
 *
 * Expected: no, if the caretaker looks for the revocation behind each request; the twin looks before
 * it waits for one, and serves a request that came after the revocation. Try: let Bob request twice,
 * or claim that nothing at all is served once Alice has closed her end, and read why that is wrong.
 *
 * @module
 */
import { failed, type Program, receive, type Scenario } from "@zandbox/zandbox";
import { scenario, Signal, Status, zx } from "@zandbox/zandbox";

/** Serves pages until revoked; whether it looks for that behind a request, or before it waits. */
function caretaker(looksBehind: boolean) {
  return function* (front: number, control: number, secret: number): Program {
    const revoked = { handle: control, signals: Signal.PEER_CLOSED, deadline: 0 };
    for (;;) {
      if (!looksBehind && (yield* zx.objectWaitOne(revoked)).status === Status.OK) return;
      const request = yield* receive(front);
      if (failed(request)) return;
      if (looksBehind && (yield* zx.objectWaitOne(revoked)).status === Status.OK) return;
      const page = yield* zx.vmoRead({ handle: secret, offset: 0, bufferSize: 6 });
      if (failed(page)) return;
      yield* zx.channelWrite({ handle: front, bytes: page.buffer });
    }
  };
}

function revocation(looksBehind: boolean): Scenario {
  return scenario(`caretaker that looks ${looksBehind ? "behind" : "before"}`, (world) => {
    const secret = world.vmo("secret", "S3CRET");
    const [bobs, front] = world.channel("requests");
    const [alices, control] = world.channel("control");
    world.program("caretaker", [front, control, secret.only("READ")], caretaker(looksBehind));
    world.program("bob", [bobs], function* (requests) {
      yield* zx.channelWrite({ handle: requests, bytes: new TextEncoder().encode("please") });
      yield* receive(requests);
    });
    world.program("alice", [alices], function* (control) {
      yield* zx.handleClose({ handle: control });
    });
    let [revoked, late] = [false, false];
    world.always("what bob requests after the revocation is not served", (view) => {
      if (view.did("alice", "handleClose")) revoked = true;
      if (view.did("bob", "channelWrite")) late = revoked;
      return !(late && view.did("caretaker", "vmoRead"));
    });
    world.never("bob holds the secret", (view) => view.holds("bob", secret));
    world.sometimes("bob is served", (view) => view.did("caretaker", "vmoRead") !== undefined);
  });
}

/** Looks behind each request: holds. */
export default revocation(true);
/** Looks before it waits for one: violated. */
export const twin: Scenario = revocation(false);
