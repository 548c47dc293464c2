import { assertEquals } from "@std/assert";
import { ClockOption, DEFAULT_RIGHTS, Right, Status, VmOption } from "../../kernel/abi.ts";
import { type Operation, zx } from "../../kernel/client.ts";
import { close, made, newVmo, PAGE, withRoot } from "../support/memory.ts";
import { ScriptKernel } from "../support/scripts.ts";

const { PERM_READ, PERM_WRITE } = VmOption;
const MAPPABLE = BigInt(ClockOption.MAPPABLE);

function* newClock(options = MAPPABLE): Operation<number> {
  return made(yield* zx.clockCreate({ options, args: { backstop: 100n } })).out;
}

function* mapClock(handle: number, clock: number): Operation<number> {
  const map = { handle, options: PERM_READ, clock, length: PAGE };
  return made(yield* zx.vmarMapClock(map)).mappedAddress;
}

Deno.test("a mapped clock shows what the clock shows, and follows its updates", () => {
  withRoot(function* (root, process, machine) {
    const handle = yield* newClock();
    const address = yield* mapClock(root, handle);
    const shown = function* () {
      return made(yield* zx.clockReadMapped({ address })).now;
    };
    assertEquals(yield* shown(), 100n);
    assertEquals(yield* zx.clockUpdate({ handle, args: { value: 5_000n } }), Status.OK);
    yield* zx.nanosleep({ deadline: machine.kernel.realm.now + 1_000_000 });
    const now = yield* shown();
    const { now: asked } = made(yield* zx.clockRead({ handle }));
    assertEquals([now > 1_000_000n, asked - now < 10_000n], [true, true]);
    const { details } = made(yield* zx.clockGetDetailsMapped({ address }));
    const { details: same } = made(yield* zx.clockGetDetails({ handle }));
    assertEquals({ ...details, queryTicks: 0n }, { ...same, queryTicks: 0n });
    assertEquals(process.memory.writeU32(address, 1), Status.ACCESS_DENIED);
    yield* close(handle);
    assertEquals((yield* shown()) > now, true);
  });
});

Deno.test("zx_vmar_map_clock wants a clock that was made for it, read-only, as a whole page", () => {
  withRoot(function* (root) {
    const clock = yield* newClock();
    const map = (more: object) =>
      zx.vmarMapClock({ handle: root, options: PERM_READ, clock, length: PAGE, ...more });
    assertEquals(yield* map({ options: PERM_READ | PERM_WRITE }), Status.INVALID_ARGS);
    assertEquals(yield* map({ options: 0 }), Status.INVALID_ARGS);
    assertEquals(yield* map({ length: 2 * PAGE }), Status.INVALID_ARGS);
    assertEquals(yield* map({ vmarOffset: PAGE }), Status.INVALID_ARGS);
    assertEquals(yield* map({ clock: yield* newVmo() }), Status.WRONG_TYPE);
    assertEquals(yield* map({ clock: yield* newClock(0n) }), Status.ACCESS_DENIED);
    const { out: blind } = made(
      yield* zx.handleDuplicate({ handle: root, rights: Right.WRITE }),
    );
    assertEquals(yield* map({ handle: blind }), Status.ACCESS_DENIED);
    const { out: deaf } = made(
      yield* zx.handleDuplicate({ handle: clock, rights: Right.READ }),
    );
    assertEquals(yield* map({ clock: deaf }), Status.ACCESS_DENIED);
  });
});

Deno.test("what is no clock cannot be read as one", () => {
  const machine = new ScriptKernel();
  const { realm } = machine.kernel;
  const [free, census] = [realm.memory.freeFrames, realm.census()];
  machine.run1(function* (process) {
    const root = machine.give(process, process.space.root, DEFAULT_RIGHTS.rootVmar);
    const address = yield* mapClock(root, yield* newClock());
    const vmo = yield* newVmo(PAGE);
    const map = { handle: root, options: PERM_READ, vmo, length: PAGE };
    const { mappedAddress: zeros } = made(yield* zx.vmarMap(map));
    for (const wrong of [0, zeros, zeros + PAGE, 2 ** 60]) {
      assertEquals(yield* zx.clockReadMapped({ address: wrong }), Status.INVALID_ARGS);
      assertEquals(yield* zx.clockGetDetailsMapped({ address: wrong }), Status.INVALID_ARGS);
    }
    const bad = { address, options: 0n };
    assertEquals(yield* zx.clockGetDetailsMapped(bad), Status.INVALID_ARGS);
  });
  assertEquals([realm.memory.freeFrames, realm.census()], [free, census]);
});
