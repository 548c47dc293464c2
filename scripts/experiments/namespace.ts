/**
 * Namespaces. A component may open what lies below `/data`, and names it to a server: a file next
 * door, an absolute path, a link that somebody moves meanwhile. Asked: is anything else ever opened?
 *
 * Expected: no, if the server reads a link once, and lets no step of a path lead up. The twin reads
 * it again when it opens: one interruption between the two looks is enough. With `--export=tidy` the
 * server joins paths and tidies them up, as many do. Try: a name of your own.
 *
 * @module
 */
import { failed, type ObjectHandle, type Program, receive } from "@zandbox/zandbox";
import { type Scenario, scenario, type View, zx } from "@zandbox/zandbox";

const encode = (text: string) => new TextEncoder().encode(text);
/** What a name stands for: where the link points to now, or itself. */
function* follow(name: string, link: number) {
  if (name !== "link") return name;
  const read = yield* zx.vmoRead({ handle: link, offset: 0, bufferSize: 9 });
  return failed(read) ? "" : new TextDecoder().decode(read.buffer).trim();
}

function server(way: string) {
  return function* (names: number, link: number, notes: number, secret: number): Program {
    const files: Record<string, number> = { "/data/notes": notes, "/secret": secret };
    for (let request = yield* receive(names); !failed(request); request = yield* receive(names)) {
      const name = new TextDecoder().decode(request.bytes);
      let path = yield* follow(name, link);
      if (way !== "tidies up" && /^[/]|[.][.]/.test(path)) continue;
      if (way === "looks twice") path = yield* follow(name, link);
      const handle = files[new URL(path, "file:///data/").pathname];
      if (handle) yield* zx.vmoRead({ handle, offset: 0, bufferSize: 8 });
    }
  };
}

function namespace(way: string): Scenario {
  return scenario(`a server of names that ${way}`, (world) => {
    const [notes, secret] = [world.vmo("/data/notes", "buy milk"), world.vmo("/secret", "S3CRET")];
    const link = world.vmo("link", "notes    ");
    const [asking, serving] = world.channel("names");
    world.program("server", [serving, link.only("READ"), notes, secret], server(way));
    world.program("mover", [link.only("WRITE")], function* (link) {
      yield* zx.vmoWrite({ handle: link, offset: 0, buffer: encode("../secret") });
    });
    world.program("component", [asking], function* (names) {
      for (const name of ["../secret", "/secret", "link"]) {
        yield* zx.channelWrite({ handle: names, bytes: encode(name) });
      }
    });
    const opens = (file: ObjectHandle) => (view: View) =>
      view.did("server", "vmoRead")?.objects.handle?.koid === file.koid;
    world.never("what is not below /data is opened", opens(secret));
    world.sometimes("what is below is opened", opens(notes));
  });
}

export default namespace("looks once");
/** Violated: a link that moves between two looks, and a path that is joined and tidied up. */
export const [twin, tidy] = [namespace("looks twice"), namespace("tidies up")];
