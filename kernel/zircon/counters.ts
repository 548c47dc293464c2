/**
 * `zx_counter_*`: numbers that several programs count with.
 *
 * @module
 */
import { DEFAULT_RIGHTS, Right, Status } from "../abi.ts";
import { Counter } from "../ipc/counter.ts";
import { outHandle } from "../syscall/buffer.ts";
import { handle, i64Exact, options } from "../syscall/kind.ts";
import { outExact } from "../syscall/record.ts";
import { syscall } from "../syscall/row.ts";

const counterCreate = syscall({
  name: "zx_counter_create",
  about: "Make a counter at zero.",
  args: { options: options(0), out: outHandle },
  errors: [],
  run({ out }, call) {
    return out.give(new Counter(call.realm), DEFAULT_RIGHTS.counter);
  },
});

const counterAdd = syscall({
  name: "zx_counter_add",
  about: "Add to a counter, unless the sum does not fit into 64 bits.",
  args: { handle: handle(Counter, Right.READ | Right.WRITE), value: i64Exact },
  errors: ["OUT_OF_RANGE"],
  run({ handle: counter, value }) {
    return counter.add(value);
  },
});

const counterRead = syscall({
  name: "zx_counter_read",
  about: "What a counter stands at.",
  args: { handle: handle(Counter, Right.READ), value: outExact },
  errors: [],
  run({ handle: counter, value }) {
    return value.set(counter.value);
  },
});

const counterWrite = syscall({
  name: "zx_counter_write",
  about: "Set a counter.",
  args: { handle: handle(Counter, Right.WRITE), value: i64Exact },
  errors: [],
  run({ handle: counter, value }) {
    counter.value = value;
    return Status.OK;
  },
});

/** The calls of this file. */
export const COUNTER_ROWS = { counterCreate, counterAdd, counterRead, counterWrite };
