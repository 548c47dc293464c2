/**
 * Malicious files. Programs that are wrong in exactly one place are started one after another, and a
 * good one behind each. Asked: who pays for reading a file that nobody can trust?
 *
 * Expected: a launcher, which holds nothing but handles; kernel and caller go on, and the good one
 * runs. The twin's kernel reads files itself, as zCore's does, and several of them end it.
 * `--export=linux` reads them in the kernel, too, with more care: it holds, and trust is the price.
 * Try: a malformation of your own in guests/malformed.ts.
 *
 * @module
 */
import { type Trials, trials } from "@zandbox/zandbox";
import { guestUrl } from "../../guests/built.ts";
import { MALFORMATIONS } from "../../guests/malformed.ts";
import { judgeFor } from "../../lab/load/arena.ts";

const NO_LIBRARIES = { zircon: {}, linux: {}, rtsmart: {}, loader: new Uint8Array(0) };

function maliciousElf(model: string): Trials {
  const guest = guestUrl(model === "zircon" ? "hello" : "hello_linux");
  return trials(`malicious files before ${model}`, (trial) => {
    const good = Deno.readFileSync(guest);
    const { name, spoil } = trial.pick("the file", MALFORMATIONS);
    const judge = judgeFor(model, { ...NO_LIBRARIES, watch: (machine) => trial.watch(machine) });
    trial.tell("somebody", `starts a program with ${name}`);
    const bad = judge(spoil(good));
    trial.tell(model, `${bad.outcome}, ${bad.text}; the ${bad.paid} pays`);
    trial.always("the kernel goes on", bad.outcome !== "panics");
    const after = bad.outcome === "panics" ? bad : judge(good);
    trial.always("a good program runs behind it", after.outcome === "runs");
    trial.sometimes("a file is refused", bad.outcome === "refused");
  });
}

/** Read by a launcher: holds. */
export default maliciousElf("zircon");
/** Read by a kernel that trusts them, as zCore's does: violated. */
export const twin: Trials = maliciousElf("zcore");
/** Read by a kernel that does not: holds. */
export const linux: Trials = maliciousElf("linux");
