/**
 * A leak. A worker writes to a log that a stranger reads, and by mistake sends one handle too many.
 * Asked: does the stranger ever hold the secret?
 *
 * Expected: no, if the worker's handle has no right TRANSFER: the kernel refuses the whole message,
 * and the mistake is harmless. In the twin it has the right, and the story names the message that
 * carried the secret over. Try: `--once --explain` tells why the message is refused.
 *
 * @module
 */
import { failed, receive, type Scenario, scenario, zx } from "@zandbox/zandbox";

function leak(mayTransfer: boolean): Scenario {
  return scenario(`a handle too many, ${mayTransfer ? "with" : "without"} TRANSFER`, (world) => {
    const secret = world.vmo("secret", "S3CRET");
    const report = world.vmo("report", "all is well");
    const [writing, reading] = world.channel("log");
    const key = mayTransfer ? secret.only("READ", "TRANSFER") : secret.only("READ");
    world.program("worker", [writing, report, key], function* (log, report, secret) {
      yield* zx.vmoRead({ handle: secret, offset: 0, bufferSize: 6 });
      yield* zx.channelWrite({ handle: log, handles: [report, secret] });
    });
    world.program("stranger", [reading], function* (log) {
      const entry = yield* receive(log);
      if (failed(entry)) return;
      for (const handle of entry.handles) {
        yield* zx.vmoRead({ handle, offset: 0, bufferSize: 11 });
      }
    });
    world.never("the stranger holds the secret", (view) => view.holds("stranger", secret));
    world.sometimes("the worker makes the mistake", (view) => {
      return view.did("worker", "channelWrite") !== undefined;
    });
  });
}

/** A worker that may not transfer the secret: holds. */
export default leak(false);
/** A worker that may: violated. */
export const twin: Scenario = leak(true);
