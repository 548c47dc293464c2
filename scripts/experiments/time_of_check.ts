/**
 * Time of check, time of use. A launcher checks a program and then loads it, while somebody who may
 * write the file rewrites it. Asked: is what is loaded always what was checked?
 *
 * Expected: yes, if it takes a snapshot first and works on that. The twin checks and loads the
 * memory object that it was given: a handle says which object is meant, not that it stays as it is.
 * Try: give the stranger READ alone, or see `execve_race.ts` for the same with a path.
 *
 * @module
 */
import { failed, type Scenario, scenario, VmoChild, zx } from "@zandbox/zandbox";

const PAGE = 4096;
const LENGTH = 4;

function timeOfCheck(snapshot: boolean): Scenario {
  return scenario(`a launcher that checks ${snapshot ? "a snapshot" : "the original"}`, (world) => {
    const tool = world.vmo("tool", "good");
    const mine = tool.only("READ", "DUPLICATE");
    world.program("launcher", [mine], function* (tool) {
      let file: number = tool;
      if (snapshot) {
        const options = VmoChild.SNAPSHOT;
        const child = yield* zx.vmoCreateChild({ handle: tool, options, offset: 0, size: PAGE });
        if (failed(child)) return;
        file = child.out;
      }
      const checked = yield* zx.vmoRead({ handle: file, offset: 0, bufferSize: LENGTH });
      if (failed(checked) || new TextDecoder().decode(checked.buffer) !== "good") return;
      yield* zx.vmoRead({ handle: file, offset: 0, bufferSize: LENGTH });
      yield* zx.processExit({ code: 1 });
    });
    world.program("stranger", [tool.only("WRITE")], function* (tool) {
      yield* zx.vmoWrite({ handle: tool, offset: 0, buffer: new TextEncoder().encode("evil") });
    });
    let checked = "";
    world.always("what is loaded is what was checked", (view) => {
      const read = view.did("launcher", "vmoRead")?.result;
      if (typeof read !== "object" || read === null) return true;
      const text = new TextDecoder().decode((read as { buffer: Uint8Array }).buffer);
      checked ||= text;
      return text === checked;
    });
    world.sometimes("it is loaded", (view) => view.exitCode("launcher") === 1);
  });
}

/** Checks and loads a snapshot: holds. */
export default timeOfCheck(true);
/** Checks and loads what it was given: violated. */
export const twin: Scenario = timeOfCheck(false);
