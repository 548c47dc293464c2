/**
 * What a pager's calls demand of the handles to its memory objects, and of the policy.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import {
  DEFAULT_RIGHTS,
  JobPolicy,
  PagerOp,
  PolicyAction,
  PolicyCondition,
  Right,
  Status,
} from "../../kernel/abi.ts";
import { zx } from "../../kernel/client.ts";
import { made, newVmo, PAGE } from "../support/memory.ts";
import { withPager } from "../support/pager.ts";
import { ScriptKernel } from "../support/scripts.ts";

Deno.test("a pager's calls change memory by handles with WRITE, and look at it by handles with READ", () => {
  withPager(function* ({ pager, process, port }) {
    const { out: vmo } = made(
      yield* zx.pagerCreateVmo({ pager, options: 0, port, key: 1n, size: PAGE }),
    );
    const only = (handle: number, rights: number) => {
      const { object } = process.handleTable.get(handle)!;
      return process.giveHandle(object, rights, "test");
    };
    const [read, write] = [only(vmo, Right.READ), only(vmo, Right.WRITE)];
    const range = { pager, offset: 0, length: PAGE };
    const data = Status.IO;
    const calls = (vmo: number, auxiliary: number) => [
      zx.pagerSupplyPages({ ...range, vmo, auxiliary }),
      zx.pagerOpRange({ ...range, vmo, op: PagerOp.FAIL, data }),
      zx.pagerDetachVmo({ pager, vmo }),
    ];
    const auxiliary = yield* newVmo(PAGE);
    for (const call of calls(read, auxiliary)) assertEquals(yield* call, Status.ACCESS_DENIED);
    const manage = { pager: only(pager, Right.MANAGE_VMO), vmo };
    assertEquals(yield* zx.pagerDetachVmo(manage), Status.ACCESS_DENIED);
    assertEquals(yield* zx.pagerQueryDirtyRanges({ ...range, vmo: write }), Status.ACCESS_DENIED);
    assertEquals(yield* zx.pagerQueryVmoStats({ pager, vmo: write }), Status.ACCESS_DENIED);
    made(yield* zx.pagerQueryDirtyRanges({ ...range, vmo: read }));
    made(yield* zx.pagerQueryVmoStats({ pager, vmo: read }));
    for (const call of calls(write, auxiliary)) assertEquals(yield* call, Status.OK);
  });
});

Deno.test("who may make no memory objects may not have a pager make them either", () => {
  const machine = new ScriptKernel();
  const entry = { condition: PolicyCondition.NEW_VMO, action: PolicyAction.DENY, override: 1 };
  assertEquals(machine.kernel.rootJob.setPolicy(JobPolicy.ABSOLUTE, [entry]), Status.OK);
  machine.run1(function* () {
    const { out: pager } = made(yield* zx.pagerCreate({}));
    const { out: port } = made(yield* zx.portCreate({}));
    const make = { pager, port, key: 1n, size: PAGE };
    assertEquals(yield* zx.pagerCreateVmo({ ...make, options: 0 }), Status.ACCESS_DENIED);
    assertEquals(yield* zx.pagerCreateVmo({ ...make, options: 1 }), Status.INVALID_ARGS);
  });
  assertEquals(DEFAULT_RIGHTS.pager & Right.ATTACH_VMO, Right.ATTACH_VMO);
});
