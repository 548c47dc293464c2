/**
 * Sealed boxes. A mint seals a letter for Bob; Mallory carries the box, and has an unsealer, too, but
 * of another brand. Asked: does Mallory ever hold the letter?
 *
 * Expected: no: a box is a handle that says nothing, and the mint opens it over Bob's unsealer only.
 * In the twin the mint forgets to compare the brands. Try: have Mallory keep the box; then Bob never
 * gets the letter, and `sometimes` says so.
 *
 * @module
 */
import { failed, type Program, receive, type Scenario, scenario, zx } from "@zandbox/zandbox";

/** Seals a letter in a box, gives the box to a carrier, and opens it for whoever asks rightly. */
function mint(compares: boolean) {
  return function* (letter: number, carrier: number, mallorys: number, bobs: number): Program {
    const box = yield* zx.eventCreate();
    if (failed(box)) return;
    yield* zx.channelWrite({ handle: carrier, handles: [box.out] });
    for (const unsealer of [mallorys, bobs]) {
      const asked = yield* receive(unsealer);
      if (failed(asked)) return;
      const opens = unsealer === bobs || !compares;
      yield* zx.channelWrite({ handle: unsealer, handles: opens ? [letter] : asked.handles });
    }
  };
}

/** Asks the mint to open what comes, and hands on what comes back. */
function* opener(from: number, unsealer: number, to: number): Program {
  const mail = yield* receive(from);
  if (failed(mail)) return;
  yield* zx.channelWrite({ handle: unsealer, handles: mail.handles });
  const opened = yield* receive(unsealer);
  if (!failed(opened)) yield* zx.channelWrite({ handle: to, handles: opened.handles });
}

function sealedBox(compares: boolean): Scenario {
  return scenario(`a mint that ${compares ? "compares" : "forgets to compare"} brands`, (world) => {
    const letter = world.vmo("letter", "Dear Bob");
    const [carrier, mallorysMail] = world.channel("to mallory");
    const [forward, bobsMail] = world.channel("to bob");
    const [[mallorys, hers], [bobs, his]] = [world.channel("hers"), world.channel("his")];
    world.program("mint", [letter, carrier, hers, his], mint(compares));
    world.program("mallory", [mallorysMail, mallorys, forward], opener);
    const [shelf, wall] = world.channel("shelf");
    wall[Symbol.dispose]();
    world.program("bob", [bobsMail, bobs, shelf], opener);
    world.never("mallory holds the letter", (view) => view.holds("mallory", letter));
    world.sometimes("bob holds the letter", (view) => view.holds("bob", letter));
  });
}

/** Compares brands: holds. */
export default sealedBox(true);
/** Forgets to: violated. */
export const twin: Scenario = sealedBox(false);
