/**
 * A confused deputy. It writes what clients ask it to write, and keeps a bill on which only it may
 * write. Asked: can a client have it write on the bill?
 *
 * Expected: no, where the client hands over what is to be written to: then it can lend nothing that
 * it has not. In the twin the client names the target, and the deputy lends its own authority. Try:
 * give the client the bill with READ alone, and let it hand that over.
 *
 * @module
 */
import { failed, type Program, receive, type Scenario, scenario, zx } from "@zandbox/zandbox";

const REQUEST = new TextEncoder().encode("pwned");

/** Whether the deputy goes by what it is told or by what it is given. */
function deputy(byName: boolean) {
  return function* (requests: number, billing: number): Program {
    const request = yield* receive(requests);
    if (failed(request)) return;
    const target = byName ? billing : request.handles[0];
    if (target !== undefined) {
      yield* zx.vmoWrite({ handle: target, offset: 0, buffer: request.bytes });
    }
    yield* zx.vmoWrite({ handle: billing, offset: 64, buffer: Uint8Array.of(1) });
  };
}

/** The deputy in one of its two ways. */
function confusedDeputy(byName: boolean): Scenario {
  return scenario(`confused deputy, by ${byName ? "name" : "handle"}`, (world) => {
    const billing = world.vmo("billing", "0".repeat(128));
    const out = world.vmo("out");
    const [client, server] = world.channel("requests");
    world.program("deputy", [server, billing.only("WRITE")], deputy(byName));
    world.program("client", [client, out], function* (requests, out) {
      yield* zx.channelWrite({ handle: requests, bytes: REQUEST, handles: [out] });
    });
    world.always("what a client asks for lands in what it handed over", (view) => {
      const write = view.did("deputy", "vmoWrite");
      const given = view.message("deputy")?.read.got ?? [];
      const target = write?.objects.handle?.koid;
      return write?.args.offset !== 0 || given.some(({ koid }) => koid === target);
    });
    world.sometimes("the deputy bills a call", (view) => view.text(billing)[64] === "\x01");
  });
}

/** The deputy that goes by handles: holds. */
export default confusedDeputy(false);
/** The deputy that goes by names: violated. */
export const twin: Scenario = confusedDeputy(true);
