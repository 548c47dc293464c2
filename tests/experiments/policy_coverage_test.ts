/**
 * Policy coverage: what the kernel enforces, cell by cell, as running each shows it.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { failed, scenario, TaskReturnCode, zx } from "@zandbox/zandbox";
import { measure, run } from "../../scripts/experiments/policy_coverage.ts";

Deno.test("every condition but that on wrong objects is enforced with every action", () => {
  const cells = measure();
  const missing = cells.filter(({ enforced }) => !enforced).map(({ condition }) => condition);
  assertEquals([cells.length, [...new Set(missing)]], [85, ["WRONG_OBJECT"]]);
  const told = /counts\s+(\d+)\s+cells/.exec(Deno.readTextFileSync("README.md"));
  assertEquals(Number(told?.[1]), cells.length - missing.length);
});

Deno.test("a deed that a policy denies with an exception raises one and is refused", () => {
  assertEquals(run("NEW_PORT", "DENY_EXCEPTION"), { exception: true, killed: false, status: -30 });
  assertEquals(run("NEW_PORT", "ALLOW_EXCEPTION"), { exception: true, killed: false, status: 0 });
  assertEquals(run("NEW_PORT", "KILL"), { exception: false, killed: true, status: null });
});

Deno.test("closing or replacing what is no handle is what the policy on bad handles is about", () => {
  const deeds = [
    () => zx.handleClose({ handle: 0x1233 }),
    () => zx.handleCloseMany({ handles: [0x1233] }),
    () => zx.handleReplace({ handle: 0x1233, rights: 0 }),
  ];
  for (const deed of deeds) {
    const report = scenario("a bad handle", (world) => {
      const job = world.job("strict", { BAD_HANDLE: "KILL" });
      world.program("clumsy", [], function* () {
        const answer: object | number = yield* deed();
        if (!failed(answer as object)) yield* zx.processExit({ code: 1 });
      }, { job });
      world.eventually("it is killed", (view) => {
        return view.exitCode("clumsy") === TaskReturnCode.POLICY_KILL;
      });
    }).run();
    assertEquals(report.facts.claims.map(({ state }) => state), ["holds"]);
  }
});

Deno.test("the invalid handle and a question about one are no offence", () => {
  const report = scenario("no offence", (world) => {
    const job = world.job("strict", { BAD_HANDLE: "KILL" });
    world.program("careful", [], function* () {
      yield* zx.handleClose({ handle: 0 });
      yield* zx.handleCheckValid({ handle: 0x1233 });
    }, { job });
    world.eventually("it ends by itself", (view) => view.exitCode("careful") === 0);
  }).run();
  assertEquals(report.facts.claims.map(({ state }) => state), ["holds"]);
});
