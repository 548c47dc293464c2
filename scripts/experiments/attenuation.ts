/**
 * Attenuation. A handle goes down a chain of programs; each asks for every combination of rights on
 * what it gets, and passes on what is granted. Asked: does anybody come to hold a right that the
 * sender does not have?
 *
 * Expected: no, whatever is asked for: a duplicate has at most its original's rights. In the twin an
 * archive answers the last link in the chain's place: what holds of one way says nothing of others.
 * Try: let the sender keep WRITE on the letter, and see who holds it in the end.
 *
 * @module
 */
import { failed, type Program, receive, Right, type Scenario } from "@zandbox/zandbox";
import { scenario, zx } from "@zandbox/zandbox";

const { READ, WRITE, DUPLICATE, TRANSFER } = Right;
const CHAIN = ["first", "last"];

/** Asks for every combination on the handle in a message, and passes on all that is granted. */
function* link(above: number, below: number): Program {
  const message = yield* receive(above);
  if (failed(message)) return;
  const granted: number[] = [];
  for (const wanted of [WRITE, READ | WRITE, READ]) {
    const rights = wanted | DUPLICATE | TRANSFER;
    const copy = yield* zx.handleDuplicate({ handle: message.handles[0]!, rights });
    if (!failed(copy)) granted.push(copy.out);
  }
  yield* zx.channelWrite({ handle: below, handles: granted });
}

function attenuation(hasArchive: boolean): Scenario {
  return scenario(`attenuation${hasArchive ? " beside an archive" : ""}`, (world) => {
    const letter = world.vmo("letter", "Dear Ada");
    const [toFirst, first] = world.channel("to first");
    const [toLast, last] = world.channel("to last");
    const [desk, answers] = world.channel("archive");
    const lesser = letter.only("READ", "DUPLICATE", "TRANSFER");
    const send = function* (below: number, letter: number): Program {
      yield* zx.channelWrite({ handle: below, handles: [letter] });
    };
    world.program("sender", [toFirst, lesser], send);
    world.program("first", [first, toLast], link);
    world.program("last", [hasArchive ? answers : last, world.channel("end")[0]], link);
    if (hasArchive) world.program("archive", [desk, letter], send);
    world.never("anybody gets the right to write, which the sender has not", (view) => {
      return CHAIN.some((name) => view.holds(name, letter, "WRITE"));
    });
    world.sometimes(
      "the last gets the right to read",
      (view) => view.holds("last", letter, "READ"),
    );
  });
}

/** The chain alone: holds. */
export default attenuation(false);
/** The chain, and a way around it: violated. */
export const twin: Scenario = attenuation(true);
