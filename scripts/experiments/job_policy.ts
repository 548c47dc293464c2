/**
 * Job policy. A sandbox's policy kills whoever makes a process. A worker in it tries three ways: by
 * a launcher outside, by a sibling inside, and by itself. Asked: is a process ever born in the
 * sandbox, and does anybody but the offender die for it?
 *
 * Expected: no and no, while the launcher works in its own job. In the twin it has the sandbox's: a
 * policy speaks of who makes the call, and the launcher is not under it. Try: a sibling without it.
 *
 * @module
 */
import { failed, type Program, receive, type Scenario } from "@zandbox/zandbox";
import { scenario, TaskReturnCode, zx } from "@zandbox/zandbox";

/** Makes a process in its job for whoever asks. */
function* launcher(requests: number, job: number): Program {
  if (failed(yield* receive(requests))) return;
  yield* zx.processCreate({ job, name: "born" });
}

function jobPolicy(launcherHasSandbox: boolean): Scenario {
  const whose = launcherHasSandbox ? "the sandbox's" : "its own";
  return scenario(`no new process, and a launcher with ${whose} job`, (world) => {
    const sandbox = world.job("sandbox", { NEW_PROCESS: "KILL" });
    const inside = { job: sandbox };
    const [asking, serving] = world.channel("launcher");
    const [nudging, nudged] = world.channel("sibling");
    const lent = (launcherHasSandbox ? sandbox : world.job("outside")).only("MANAGE_PROCESS");
    world.program("launcher", [serving, lent], launcher);
    world.program("sibling", [nudged, sandbox.only("MANAGE_PROCESS")], launcher, inside);
    const job = sandbox.only("MANAGE_PROCESS");
    world.program("worker", [asking, nudging, job], function* (asking, nudging, job) {
      yield* zx.channelWrite({ handle: asking });
      yield* zx.channelWrite({ handle: nudging });
      yield* zx.processCreate({ job, name: "born" });
    }, inside);
    world.program("bystander", [], function* () {
      yield* zx.eventCreate();
    }, inside);
    world.never(
      "a process is born in the sandbox",
      (view) =>
        ["launcher", "sibling", "worker"].some((name) => {
          const made = view.did(name, "processCreate");
          return made?.status === 0 && made.objects.job?.koid === sandbox.koid;
        }),
    );
    world.always("nobody but who tried is killed", (view) => {
      return view.alive("bystander") || view.exitCode("bystander") === 0;
    });
    world.sometimes("the worker is killed for trying", (view) => {
      return view.exitCode("worker") === TaskReturnCode.POLICY_KILL;
    });
  });
}

/** A launcher that works in its own job: holds. */
export default jobPolicy(false);
/** A launcher that was handed the sandbox: violated. */
export const twin: Scenario = jobPolicy(true);
