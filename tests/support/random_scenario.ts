/**
 * Scenarios drawn by chance: a few programs of a few calls on objects that they share.
 *
 * @module
 */
import { type ObjectHandle, type Operation, type Setup, type World, zx } from "@zandbox/zandbox";
import type { SeededRandom } from "./seeded_random.ts";

const USER_0 = 1 << 24;

/** Programs of a few calls, drawn once, on objects that they share. */
export function randomSetup(random: SeededRandom): Setup {
  const plans = Array.from({ length: 2 + random.below(2) }, () => {
    return Array.from({ length: 1 + random.below(3) }, () => random.below(9));
  });
  return (world) => {
    const event = world.event("event");
    const memory = world.vmo("memory");
    const ends = world.channel("channel");
    plans.forEach((plan, at) => addProgram(world, { plan, at, event, memory, end: ends[at] }));
  };
}

function addProgram(world: World, { plan, at, event, memory, end }: {
  readonly plan: readonly number[];
  readonly at: number;
  readonly event: ReturnType<World["event"]>;
  readonly memory: ReturnType<World["vmo"]>;
  readonly end: ObjectHandle | undefined;
}): void {
  const own = end ?? world.event("spare");
  const handles = [event.only("SIGNAL", "WAIT"), memory.only("READ", "WRITE"), own] as const;
  world.program(`program ${at}`, handles, function* (event, memory, end) {
    let seen = at;
    for (const deed of plan) seen += yield* someCall(deed, { event, memory, end: end ?? 0 }, seen);
  });
}

/** One call; what it answers goes into what later calls write. */
function* someCall(
  deed: number,
  { event, memory, end }: { event: number; memory: number; end: number },
  seen: number,
): Operation<number> {
  const bytes = Uint8Array.of(seen & 0xff);
  if (deed === 0) return yield* zx.objectSignal({ handle: event, set: USER_0 });
  if (deed === 1) return yield* zx.objectSignal({ handle: event, clear: USER_0 });
  if (deed === 2) return yield* zx.vmoWrite({ handle: memory, offset: 0, buffer: bytes });
  if (deed === 3) return yield* zx.vmoWrite({ handle: memory, offset: 1, buffer: bytes });
  if (deed === 4) return yield* zx.channelWrite({ handle: end, bytes });
  if (deed === 5) return yield* zx.handleClose({ handle: end });
  if (deed === 6) {
    return (yield* zx.objectWaitOne({ handle: event, signals: USER_0, deadline: 0 })).status;
  }
  const read = deed === 7
    ? yield* zx.vmoRead({ handle: memory, offset: 0, bufferSize: 1 })
    : yield* zx.channelRead({ handle: end });
  if (typeof read === "number") return read;
  return "buffer" in read ? read.buffer[0]! : read.bytes[0]! + 1;
}
