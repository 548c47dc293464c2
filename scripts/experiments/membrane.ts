/**
 * A membrane. Whatever an insider gets from outside comes over it, so that one revocation cuts off
 * everything. Asked: does anything that the insider sends after the revocation arrive outside?
 *
 * Expected: no, if the membrane wraps what the answers carry as well. The twin passes the door on as
 * the porter sent it, and the door goes on working behind the membrane's back. Try: a membrane that
 * looks for the revocation only when somebody has knocked.
 *
 * @module
 */
import { failed, type Program, receive, type Scenario } from "@zandbox/zandbox";
import { scenario, Signal, zx } from "@zandbox/zandbox";

const { PEER_CLOSED, READABLE } = Signal;
const KNOCK = new TextEncoder().encode("knock");

/** Lets what comes from outside in, and knocks on the door when told to, until it is revoked. */
function membrane(isDeep: boolean) {
  return function* (outside: number, inside: number, control: number): Program {
    const [answer, wrapper] = [yield* receive(outside), yield* zx.channelCreate()];
    if (failed(answer) || failed(wrapper)) return;
    const door = answer.handles[0]!;
    yield* zx.channelWrite({ handle: inside, handles: [isDeep ? wrapper.out1 : door] });
    const revoked = { handle: control, signals: PEER_CLOSED };
    const knocked = { handle: wrapper.out0, signals: READABLE };
    const { pending } = yield* zx.objectWaitMany({ items: [revoked, knocked] });
    if (pending[0]! & PEER_CLOSED) return;
    yield* zx.channelWrite({ handle: door, bytes: KNOCK });
  };
}

function revocation(isDeep: boolean): Scenario {
  return scenario(`a membrane that is ${isDeep ? "deep" : "shallow"}`, (world) => {
    const [porter, outside] = world.channel("outside");
    const [inside, insider] = world.channel("inside");
    const [handed, door] = world.channel("door");
    const [revoking, control] = world.channel("control");
    world.program("membrane", [outside, inside, control], membrane(isDeep));
    world.program("porter", [porter, handed, door], function* (porter, handed, door) {
      yield* zx.channelWrite({ handle: porter, handles: [handed] });
      yield* receive(door);
    });
    world.program("insider", [insider], function* (insider) {
      const given = yield* receive(insider);
      if (!failed(given)) yield* zx.channelWrite({ handle: given.handles[0]!, bytes: KNOCK });
    });
    world.anytime("the owner revokes", () => revoking[Symbol.dispose]());
    let late = false;
    world.never("a knock after the revocation arrives", (view) => {
      if (view.did("insider", "channelWrite")) late = (view.signals(control) & PEER_CLOSED) !== 0;
      return late && view.did("porter", "channelRead")?.status === 0;
    });
  });
}

/** Wraps what answers carry: holds. */
export default revocation(true);
/** Passes it on as it is: violated. */
export const twin: Scenario = revocation(false);
