/**
 * Random calls with random registers on memory objects, regions, pagers and streams.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { DEFAULT_RIGHTS, VmoOption } from "../../kernel/abi.ts";
import { type Operation, raw, type Request, zx } from "../../kernel/client.ts";
import type { Process } from "../../kernel/task/process.ts";
import { IOB_ROWS } from "../../kernel/zircon/iobs.ts";
import { MAPPED_CLOCK_ROWS } from "../../kernel/zircon/mapped_clocks.ts";
import { MEMORY_ROWS } from "../../kernel/zircon/memory.ts";
import { MEMORY_RANGE_ROWS } from "../../kernel/zircon/memory_ranges.ts";
import { PAGER_ROWS } from "../../kernel/zircon/pagers.ts";
import { REGION_ROWS } from "../../kernel/zircon/regions.ts";
import { STREAM_ROWS } from "../../kernel/zircon/streams.ts";
import { Audit } from "../support/audit.ts";
import { made, mapAll, newVmo, PAGE } from "../support/memory.ts";
import { SeededEntropy } from "../../lab/machine/seeded_entropy.ts";
import { ScriptKernel } from "../support/scripts.ts";

const ROWS = {
  ...IOB_ROWS,
  ...MAPPED_CLOCK_ROWS,
  ...MEMORY_ROWS,
  ...MEMORY_RANGE_ROWS,
  ...PAGER_ROWS,
  ...REGION_ROWS,
  ...STREAM_ROWS,
};
const LEAVING = new Set(["vmarUnmapHandleCloseThreadExit"]);
const CALLS = Object.entries(ROWS).filter(([name]) => !LEAVING.has(name));

const NUMBERS = [
  0,
  1,
  2,
  3,
  8,
  16,
  64,
  PAGE - 1,
  PAGE,
  PAGE + 1,
  2 * PAGE,
  8 * PAGE,
  100 * PAGE,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 38,
  2 ** 40 + PAGE,
  2 ** 52,
  2 ** 53,
  2 ** 63,
  2 ** 64 - PAGE,
  2 ** 64 - 1,
];

interface ArgumentKind {
  readonly demands?: { readonly type: string };
  readonly role: string;
}

type RawCall = (...registers: number[]) => Operation<number>;

/** Make random calls with whatever handles there are by then. */
function* storm(
  process: Process,
  chance: SeededEntropy,
  { base, calls }: { base: number; calls: number },
): Generator<Request, void, unknown> {
  const pick = <T>(from: readonly T[]): T => from[chance.next() % from.length]!;
  const open = () => [...process.handleTable.entries()];
  const number = () => {
    const kind = chance.next() % 8;
    if (kind < 2) return base + pick(NUMBERS.slice(0, 12));
    return kind < 6 ? pick(NUMBERS) : chance.next() % (1 << (chance.next() % 31));
  };
  let handles = open();
  const register = ({ demands, role }: ArgumentKind) => {
    const fitting = handles.filter(([, { object }]) => object.constructor.name === demands?.type);
    if (demands && fitting.length > 0 && chance.next() % 8 !== 0) return pick(fitting)[0];
    if (role === "optional" && chance.next() % 2 === 0) {
      return chance.next() & chance.next() & 0xfff;
    }
    return chance.next() % 16 === 0 ? pick(handles)?.[0] ?? 0 : number();
  };
  for (let n = 0; n < calls; n++) {
    if (n % 8 === 0) handles = open();
    const [name, row] = pick(CALLS);
    const kinds = row.kinds.filter((_, at) => row.registers[at]! >= 0);
    yield* (raw as unknown as Record<string, RawCall>)[name]!(...kinds.map(register));
    if (handles.length < 60) continue;
    yield* zx.handleCloseMany({ handles: handles.splice(10, 40).map(([value]) => value) });
    handles = open();
  }
}

Deno.test("whatever is called on memory with whatever registers, the kernel answers and goes on", () => {
  const storms = Deno.args.includes("--long") ? 2000 : 30;
  const seen = new Set<number>();
  for (let seed = 1; seed <= storms; seed++) {
    const machine = new ScriptKernel({ frames: 256, seed });
    const { realm } = machine.kernel;
    const free = realm.memory.freeFrames;
    const census = realm.census();
    const audit = new Audit(machine.kernel, { sweepEvery: 200 });
    realm.log.listen((event) => {
      if (event.kind === "syscall-done") seen.add(event.status);
    });
    const victims = [1, 2, 3].map((which) =>
      machine.spawn("storm", function* (process) {
        const root = machine.give(process, process.space.root, DEFAULT_RIGHTS.rootVmar);
        const base = yield* mapAll(root, yield* newVmo(8 * PAGE));
        yield* newVmo(8 * PAGE, VmoOption.RESIZABLE);
        yield* newVmo(PAGE, VmoOption.DISCARDABLE);
        const { out: pager } = made(yield* zx.pagerCreate({}));
        const { out: port } = made(yield* zx.portCreate({}));
        yield* zx.pagerCreateVmo({ pager, options: 2, port, key: 1n, size: 8 * PAGE });
        const chance = new SeededEntropy(seed * 3 + which);
        yield* storm(process, chance, { base, calls: 800 });
      })
    );
    machine.run();
    // Who waits for a pager that never answers waits still.
    for (const victim of victims) victim.kill();
    audit.end();
    assertEquals(realm.memory.freeFrames, free, `frames after seed ${seed}`);
    assertEquals(realm.census(), census, `objects after seed ${seed}`);
    assertEquals(realm.kept, 0, `what is kept after seed ${seed}`);
  }
  assert(seen.size > 9, `so many statuses were seen: ${seen.size}`);
});
