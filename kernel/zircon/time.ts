/**
 * `zx_nanosleep` and the clocks' bare reading.
 *
 * @module
 */
import { Status, ThreadState } from "../abi.ts";
import { deadline } from "../syscall/kind.ts";
import { syscall } from "../syscall/row.ts";

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

/** The calls of this file. */
export const TIME_ROWS = { nanosleep };
