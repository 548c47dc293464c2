/**
 * `zx_nanosleep`, the clocks' bare reading, and `zx_timer_*`.
 *
 * One tick is one nanosecond, and the machine never sleeps: its two clocks show the same.
 *
 * @module
 */
import { ClockId, DEFAULT_RIGHTS, PolicyCondition, Right, Status, ThreadState } from "../abi.ts";
import { Timer } from "../ipc/timer.ts";
import { outHandle } from "../syscall/buffer.ts";
import type { Call } from "../syscall/call.ts";
import { allowedBy, deadline, handle, i64, u32Or } from "../syscall/kind.ts";
import { count, syscall } from "../syscall/row.ts";

/** How many ticks go by in a second. */
const TICKS_PER_SECOND = 1_000_000_000;
/** The largest time that a register holds and that is a number exactly; it stands for never. */
const TIME_MAX = 2 ** 63 - 1024;

const nanosleep = syscall({
  name: "zx_nanosleep",
  about: "Sleep until a time; a time that has passed only lets others run.",
  args: { deadline },
  errors: [],
  run({ deadline }, call) {
    return call.park({
      state: ThreadState.BLOCKED_SLEEPING,
      deadline: Math.max(deadline, call.realm.now),
      begin: () => () => {},
      timedOut: () => Status.OK,
    });
  },
});

const clockGetMonotonic = syscall({
  name: "zx_clock_get_monotonic",
  about: "The time since the machine began, in nanoseconds.",
  args: {},
  errors: [],
  run: now,
});

const clockGetBoot = syscall({
  name: "zx_clock_get_boot",
  about: "The time since the machine began, with the time it slept; it never sleeps.",
  args: {},
  errors: [],
  run: now,
});

const ticksGet = syscall({
  name: "zx_ticks_get",
  about: "The ticks since the machine began.",
  args: {},
  errors: [],
  run: now,
});

const ticksGetBoot = syscall({
  name: "zx_ticks_get_boot",
  about: "The ticks since the machine began, with those it slept; it never sleeps.",
  args: {},
  errors: [],
  run: now,
});

const ticksPerSecond = syscall({
  name: "zx_ticks_per_second",
  about: "How many ticks go by in a second.",
  args: {},
  errors: [],
  run: () => count(TICKS_PER_SECOND),
});

const deadlineAfter = syscall({
  name: "zx_deadline_after",
  about: "The time that is so many nanoseconds from now, or the last time there is.",
  args: { nanoseconds: i64 },
  errors: [],
  run({ nanoseconds }, call) {
    const time = Math.floor(call.realm.now) + nanoseconds;
    return count(Math.max(-(2 ** 63), Math.min(TIME_MAX, time)));
  },
});

const SLACK_MODES = 3;

const timerCreate = syscall({
  name: "zx_timer_create",
  about: "Make a timer that may be late, early, or either.",
  args: {
    options: u32Or(0),
    clock: u32Or(ClockId.MONOTONIC),
    out: outHandle,
    policy: allowedBy(PolicyCondition.NEW_TIMER),
  },
  errors: ["INVALID_ARGS"],
  checks: ["options", "clock"],
  run({ options, clock, out }, call) {
    if (options >= SLACK_MODES || clock > ClockId.BOOT) return Status.INVALID_ARGS;
    return out.give(new Timer(call.realm, options, clock), DEFAULT_RIGHTS.timer);
  },
});

const timerSet = syscall({
  name: "zx_timer_set",
  about: "Set a timer, in place of what was set before; a time that has passed fires it at once.",
  args: { handle: handle(Timer, Right.WRITE), deadline, slack: i64 },
  errors: ["OUT_OF_RANGE"],
  run({ handle: timer, deadline, slack }) {
    if (slack < 0) return Status.OUT_OF_RANGE;
    timer.set(deadline, slack);
    return Status.OK;
  },
});

const timerCancel = syscall({
  name: "zx_timer_cancel",
  about: "Take back what a timer was set to, and its signal.",
  args: { handle: handle(Timer, Right.WRITE) },
  errors: [],
  run({ handle: timer }) {
    timer.cancel();
    return Status.OK;
  },
});

/** The calls of this file. */
export const TIME_ROWS = {
  nanosleep,
  clockGetMonotonic,
  clockGetBoot,
  ticksGet,
  ticksGetBoot,
  ticksPerSecond,
  deadlineAfter,
  timerCreate,
  timerSet,
  timerCancel,
};

function now(_: object, call: Call) {
  return count(Math.floor(call.realm.now));
}
