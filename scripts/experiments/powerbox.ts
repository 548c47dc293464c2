/**
 * A powerbox. An app has no authority over files; it asks a picker, the user chooses, and the app is
 * handed what was chosen. Asked: does the app ever hold anything else?
 *
 * Expected: no, if the picker fetches the file and hands over a handle that can only be read. The
 * twin saves itself the trouble and hands over the whole shelf: the app asks it for the diary. Try:
 * leave out `rights` in the shelf's answer, and the second claim is wrong.
 *
 * @module
 */
import { failed, type Program, receive, Right, type Scenario } from "@zandbox/zandbox";
import { scenario, zx } from "@zandbox/zandbox";

const encode = (text: string) => new TextEncoder().encode(text);

/** Answers each name with the file of that name, to be read. */
function* shelf(requests: number, letter: number, diary: number): Program {
  for (;;) {
    const request = yield* receive(requests);
    if (failed(request)) return;
    const handle = new TextDecoder().decode(request.bytes) === "diary" ? diary : letter;
    const file = yield* zx.handleDuplicate({ handle, rights: Right.READ | Right.TRANSFER });
    if (!failed(file)) yield* zx.channelWrite({ handle: requests, handles: [file.out] });
  }
}

function powerbox(handsOverShelf: boolean): Scenario {
  return scenario(`powerbox that hands over ${handsOverShelf ? "a shelf" : "a file"}`, (world) => {
    const [letter, diary] = [world.vmo("letter", "Dear Ada"), world.vmo("diary", "Dear me")];
    const [files, shelved] = world.channel("shelf");
    const [asking, picking] = world.channel("picker");
    world.program("shelf", [shelved, letter, diary], shelf);
    world.program("picker", [picking, files], function* (app, files) {
      if (handsOverShelf) return void (yield* zx.channelWrite({ handle: app, handles: [files] }));
      yield* zx.channelWrite({ handle: files, bytes: encode("letter") }); // so the user chose
      const file = yield* receive(files);
      if (!failed(file)) yield* zx.channelWrite({ handle: app, handles: file.handles });
    });
    world.program("app", [asking], function* (picker) {
      const given = yield* receive(picker);
      if (failed(given)) return;
      yield* zx.channelWrite({ handle: given.handles[0]!, bytes: encode("diary") });
      yield* receive(given.handles[0]!);
    });
    world.never("the app holds the diary", (view) => view.holds("app", diary));
    world.never("the app may write the letter", (view) => view.holds("app", letter, "WRITE"));
    world.sometimes("the app may read the letter", (view) => view.holds("app", letter, "READ"));
  });
}

/** A picker that hands over a file: holds. */
export default powerbox(false);
/** A picker that hands over the shelf: violated. */
export const twin: Scenario = powerbox(true);
