/**
 * Attenuation. A handle goes down a chain of programs. Each asks for every combination of rights on
 * what it gets, and passes on a copy with some. Asked: does anybody hold more than was sent to it?
 *
 * Expected: no, whatever is asked for: a duplicate has at most its original's rights. In the twin an
 * archive answers in the chain's place: one way says nothing of others. Try: `chain([Right.READ])`.
 *
 * @module
 */
import { failed, type Program, receive, Right, type Scenario } from "@zandbox/zandbox";
import { scenario, zx } from "@zandbox/zandbox";

const { READ, WRITE, MAP, DUPLICATE, TRANSFER } = Right;
const ASKED = [READ, WRITE, MAP, DUPLICATE, TRANSFER];
const FIRST = ["READ", "MAP", "DUPLICATE", "TRANSFER"] as const;

function* send(below: number, letter: number): Program {
  yield* zx.channelWrite({ handle: below, handles: [letter] });
}

/** Asks for every combination, and passes on a copy with these rights, or all if that is refused. */
function link(passedOn: number) {
  return function* (above: number, below: number): Program {
    const message = yield* receive(above);
    const handle = failed(message) ? 0 : message.handles[0]!;
    for (let choice = 0; choice < 1 << ASKED.length; choice++) {
      const rights = ASKED.reduce((all, right, at) => choice & 1 << at ? all | right : all, 0);
      yield* zx.handleDuplicate({ handle, rights });
    }
    const copy = yield* zx.handleDuplicate({ handle, rights: passedOn });
    yield* send(below, failed(copy) ? handle : copy.out);
  };
}

/** A chain whose links pass on these rights; its last may get the letter from an archive. */
export function chain(passedOn: readonly number[], hasArchive = false): Scenario {
  return scenario(`chain of ${passedOn.length}${hasArchive ? " and an archive" : ""}`, (world) => {
    const letter = world.vmo("letter", "Dear Ada");
    const ends = [...passedOn, 0, 0].map((_, at) => world.channel(`to p${at + 1}`));
    const below = ends.map(([end]) => end);
    const [way] = hasArchive ? below.splice(passedOn.length - 1, 1) : [];
    const sent: (readonly string[] | undefined)[] = [FIRST];
    world.program("p0", [below[0]!, letter.only(...FIRST)], send);
    if (way) world.program("archive", [way, letter], send);
    for (const [at, rights] of passedOn.entries()) {
      world.program(`p${at + 1}`, [ends[at]![1], below[at + 1]!], link(rights));
      world.always(`p${at + 1} is sent and holds at most what p${at} was sent`, (view) => {
        sent[at + 1] ??= view.did(`p${at + 1}`, "channelRead")?.got[0]?.rights;
        const most = sent[at + 1]?.filter((right) => sent[at]?.includes(right)) ?? [];
        const held = view.held(`p${at + 1}`).filter(({ koid }) => koid === letter.koid);
        return held.every(({ rights }) => rights.every((one) => most.includes(one)));
      });
    }
    for (const end of ends.flat()) end[Symbol.dispose](); // those that nobody has
  });
}
export default chain([READ | WRITE | DUPLICATE | TRANSFER, READ | DUPLICATE | TRANSFER, READ]);
/** Violated. */
export const twin: Scenario = chain([READ | DUPLICATE | TRANSFER, READ], true);
