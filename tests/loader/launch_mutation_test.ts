/**
 * The launcher against damaged files: each ends in a launched program or a stated reason, the
 * launcher goes on, and nothing is left behind.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { zirconProgram } from "../../guests/zircon_program.ts";
import { failed, Pa, Right, Signal, Status } from "../../kernel/abi.ts";
import { type Operation, zx } from "../../kernel/client.ts";
import { SeededEntropy } from "../../lab/machine/seeded_entropy.ts";
import { zirconVdso } from "../../lab/machine/vdso.ts";
import { isRefusal } from "../../loader/zircon/refusal.ts";
import { type Boot, withLauncher } from "../support/launch.ts";

const LONG = Deno.args.includes("--long");
const FILES = LONG ? 10_000_000 : 200_000;
const BATCH = 1000;
/** How long a program that still runs may go on: 20 microseconds of the machine's time. */
const PATIENCE = 20_000;
/** Where damage matters: the headers, and a few bytes behind them. */
const DAMAGED_BYTES = 64 + 3 * 56;

const PROGRAM = zirconProgram(
  `_start: li a0, 7
           call zx_process_exit
           .data
   word:   .dword 1`,
  zirconVdso(),
  { interpreter: "none", symbols: false },
);
const STATIC = zirconProgram("_start: li a0, 7\n call zx_process_exit", zirconVdso(), {
  symbols: false,
});

/** Change a few bytes, to anything or to something that is often a border. */
function damage(file: Uint8Array, chance: SeededEntropy): void {
  const changes = 1 + chance.next() % 3;
  for (let n = 0; n < changes; n++) {
    const at = chance.next() % Math.min(DAMAGED_BYTES, file.length);
    const values = [0, 1, 0xff, 0x7f, 0x80, chance.next() & 0xff];
    file[at] = values[chance.next() % values.length]!;
  }
}

/** Launch what is in a memory object now, and see it end. */
function* launchOnce(boot: Boot, executable: number): Operation<"ran" | "refused"> {
  const copy = yield* zx.handleDuplicate({ handle: executable, rights: Right.SAME_RIGHTS });
  assert(!failed(copy));
  const process = yield* boot.launch({
    args: ["damaged"],
    handles: [{ info: Pa.VMO_EXECUTABLE, handle: copy.out }],
  });
  if (isRefusal(process)) {
    assert(process.reason.length > 0 && process.status < 0, "a refusal has a status and a reason");
    return "refused";
  }
  const deadline = (yield* zx.clockGetMonotonic({})) + PATIENCE;
  const signals = Signal.TASK_TERMINATED;
  const ended = yield* zx.objectWaitOne({ handle: process, signals, deadline });
  if (ended.status !== Status.OK) yield* zx.taskKill({ task: process });
  yield* zx.handleClose({ handle: process });
  return "ran";
}

for (const [what, original] of [["static", STATIC], ["dynamic", PROGRAM]] as const) {
  Deno.test(`${FILES / 2} damaged ${what} files each start a program or are refused`, () => {
    const counts = withLauncher(function* (boot, machine) {
      const { realm } = machine.kernel;
      const chance = new SeededEntropy(2026);
      const counts = { ran: 0, refused: 0 };
      const before = realm.census();
      const frames = realm.memory.freeFrames;
      for (let batch = 0; batch < FILES / 2 / BATCH; batch++) {
        const executable = yield* boot.executable(original);
        for (let n = 0; n < BATCH; n++) {
          const file = original.slice();
          damage(file, chance);
          yield* zx.vmoWrite({ handle: executable, buffer: file, offset: 0 });
          counts[yield* launchOnce(boot, executable)]++;
        }
        yield* zx.handleClose({ handle: executable });
        yield* zx.nanosleep({ deadline: (yield* zx.clockGetMonotonic({})) + PATIENCE });
        assertEquals(realm.census(), before);
        assertEquals(realm.memory.freeFrames, frames);
      }
      return counts;
    });
    assert(counts.ran > 0 || what === "dynamic", "some damage does no harm");
    assert(counts.refused > counts.ran / 10, "some damage does");
  });
}
