/**
 * Programs and libraries spoilt at random, through the launcher and the dynamic linker: each ends in
 * a program that was started or in a reason, and nothing of it stays.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { guestUrl } from "../../guests/built.ts";
import { headersSize } from "../../guests/elf_writer.ts";
import { Pa, Signal } from "../../kernel/abi.ts";
import { type Operation, zx } from "../../kernel/client.ts";
import { FileType, Machine as ElfMachine, parseElf, refused } from "../../loader/elf.ts";
import { runGuest, runScene, type Scene } from "../support/guest_machine.ts";
import { Mutator } from "../support/mutation.ts";
import { good } from "../support/scripts.ts";

const LONG = Deno.args.includes("--long");
const PROGRAMS = LONG ? 200_000 : 1000;
const LIBRARIES = LONG ? 10_000 : 60;

/** A spoilt program may go on for ever; this is how long it is let, in nanoseconds of the machine. */
const PATIENCE = 100_000;

/** Spoils headers and tables; what spoilt code does is the processor's matter. */
function mutator(name: string, seed: number): Mutator {
  const file = Deno.readFileSync(guestUrl(name));
  const image = parseElf(file, { machine: ElfMachine.RISCV, types: [FileType.DYN] });
  if (refused(image)) throw new Error(image.text);
  const within = image.plan.pieces[0]!.segment.fileSize;
  return new Mutator(file, { headers: headersSize(image.segments.length), within, seed });
}

function* launchSpoilt(scene: Scene, file: Uint8Array): Operation<"started" | "refused"> {
  const { out } = good(yield* zx.vmoCreate({ size: file.length }));
  yield* zx.vmoWrite({ handle: out, buffer: file, offset: 0 });
  const vmex = yield* scene.vmex();
  const executable = good(yield* zx.vmoReplaceAsExecutable({ handle: out, vmex }));
  yield* zx.handleClose({ handle: vmex });
  const given = [{ info: Pa.VMO_EXECUTABLE, handle: executable.out }];
  const process = yield* scene.tryLaunch(["spoilt"], given);
  if (typeof process !== "number") {
    assert(process.reason.length > 10, process.reason);
    return "refused";
  }
  const deadline = (yield* zx.clockGetMonotonic({})) + PATIENCE;
  yield* zx.objectWaitOne({ handle: process, signals: Signal.TASK_TERMINATED, deadline });
  yield* zx.taskKill({ task: process });
  yield* zx.objectWaitOne({ handle: process, signals: Signal.TASK_TERMINATED });
  yield* zx.handleClose({ handle: process });
  return "started";
}

Deno.test(`${PROGRAMS} mutated programs each start or are refused, and nothing of them stays`, () => {
  const outcomes = { started: 0, refused: 0 };
  const spoilt = mutator("hello", 0x5eed);
  runScene(function* (scene) {
    const { realm } = scene.machine.kernel;
    yield* launchSpoilt(scene, new Uint8Array(0));
    const census = realm.census();
    const frames = realm.memory.freeFrames;
    for (let round = 0; round < PROGRAMS; round++) {
      outcomes[yield* launchSpoilt(scene, spoilt.next())]++;
    }
    assertEquals([realm.census(), realm.memory.freeFrames], [census, frames]);
  });
  assert(outcomes.started > PROGRAMS / 20, `${outcomes.started} started`);
  assert(outcomes.refused > PROGRAMS / 20, `${outcomes.refused} refused`);
});

Deno.test(`${LIBRARIES} mutated libraries each end their program, whatever the linker meets`, () => {
  const spoilt = mutator("libgreet.so", 0x11b);
  const endings = new Set<number>();
  for (let round = 0; round < LIBRARIES; round++) {
    const files = { "lib/libgreet.so": spoilt.next() };
    const { codes } = runGuest(["bin/hello_dynamic"], { files, until: 100_000_000 });
    endings.add(codes.get("hello_dynamic") ?? NaN);
  }
  assert(endings.has(41) && endings.size > 2, [...endings].join());
});
