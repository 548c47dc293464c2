/**
 * Write xor execute. A program in machine code tries seven ways to run bytes that it has written
 * itself, under a job's policy. Asked: is a page ever writable and executable at once?
 *
 * Expected: no, where the policy denies VMAR_WX, for new mappings and for old ones that are given
 * more; running what was written before still works, as in a compiler. In the twin the policy says
 * nothing, and the story shows the first such page. Try: deny AMBIENT_MARK_VMO_EXEC instead.
 *
 * @module
 */
import { type JobRules, type Scenario, scenario } from "@zandbox/zandbox";
import { guestUrl } from "../../guests/built.ts";

const PROBE = Deno.readFileSync(guestUrl("wx_probe"));
/** A bit for each way that worked: to mark memory that was written before, and then to run it. */
const MARKED = 1 << 3;
const READ_WRITE_EXECUTE = 7;

function writeXorExecute(name: string, rules: JobRules): Scenario {
  return scenario(`writable code, where the policy ${name}`, (world) => {
    world.elf("probe", PROBE, [], { job: world.job("sandbox", rules) });
    world.always("no page is writable and executable at once", (view) => {
      return view.mappings("probe").every(({ access }) => access !== "rwx");
    });
    world.always("nothing but what was marked before is run", (view) => {
      return view.alive("probe") || view.exitCode("probe") === MARKED;
    });
    world.sometimes("the probe asks for such a page", (view) => {
      return view.did("probe", "vmarMap")?.args.options === READ_WRITE_EXECUTE;
    });
  });
}

/** Writable code is denied: holds. */
export default writeXorExecute("denies it", { VMAR_WX: "DENY" });
/** Nothing is denied: violated. */
export const twin: Scenario = writeXorExecute("says nothing", {});
