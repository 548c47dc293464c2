/**
 * Errors that calls declare and that no other test has a reason to provoke, one by one.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import {
  failed,
  InterruptOption,
  ObjectType,
  Property,
  Right,
  Status,
  type StatusName,
  statusName,
  VmOption,
} from "../../kernel/abi.ts";
import { invariant } from "../../kernel/invariant.ts";
import { Channel } from "../../kernel/ipc/channel.ts";
import { Message } from "../../kernel/ipc/message.ts";
import { Handle } from "../../kernel/object/handle.ts";
import type { Exception } from "../../kernel/task/exception.ts";
import { Process } from "../../kernel/task/process.ts";
import { Vmo } from "../../kernel/vm/vmo.ts";
import { makeObject } from "../support/every_object.ts";
import { NOWHERE, Registers } from "../support/registers.ts";

const ALL_RIGHTS = 0x1ffffff;
const NOTHING = 3;

type Attempt = (program: Registers) => number | string;

function object(program: Registers, type: string): number {
  return program.give(makeObject(type, program), ALL_RIGHTS);
}

/** From now on the machine gives out no more handles. */
function noMoreHandles({ realm }: Registers): void {
  Object.assign(realm, { handlesMax: realm.handles - 1 });
}

/** The end of a channel in which a message with a handle waits. */
function loaded(program: Registers): number {
  const { realm } = program;
  const [one, other] = Channel.create(realm);
  program.give(one, ALL_RIGHTS);
  const message = Message.create(realm, new Uint8Array(4), [new Handle(other, 0)]);
  invariant(!failed(message), "there is room for a message");
  const handle = program.give(other, ALL_RIGHTS);
  one.write(message);
  return handle;
}

function readLoaded(program: Registers, call: string): number | string {
  const handle = loaded(program);
  noMoreHandles(program);
  return program.call(call, handle, 0, program.place(8), program.place(64), 8, 4, 0, 0);
}

function deadProcess(program: Registers): Process {
  const process = makeObject("Process", program) as Process;
  program.give(process, 0);
  process.kill();
  return process;
}

/** A process that has mapped memory which has become smaller since. */
function shrunk(program: Registers) {
  const process = makeObject("Process", program) as Process;
  const vmo = Vmo.create(program.realm, 4096, { resizable: true });
  invariant(!failed(vmo), "there is memory");
  const { PERM_READ, ALLOW_FAULTS } = VmOption;
  const options = PERM_READ | ALLOW_FAULTS;
  const request = { options, vmo, vmoOffset: 0, length: 4096, accessMax: 1 };
  const mapping = process.space.root.map(request);
  invariant(typeof mapping !== "number", "there is room");
  vmo.resize(0);
  return { process: program.give(process, ALL_RIGHTS), address: mapping.base };
}

function property(type: string, name: keyof typeof Property, size: number): Attempt {
  return (program) => {
    const { number } = Property[name];
    const at = program.place(64);
    return program.call("zx_object_get_property", object(program, type), number, at, size);
  };
}

function setting(type: string, number: number, words: readonly number[]): Attempt {
  return (program) => {
    const at = program.words(...words);
    const size = words.length * 4;
    return program.call("zx_object_set_property", object(program, type), number, at, size);
  };
}

/** Requeue from a word to another with these changes. */
function requeue(
  single: boolean,
  change: { value?: number; owner?: string; odd?: boolean },
): Attempt {
  return (program) => {
    const at = program.place(16) + (change.odd ? 1 : 0);
    const owner = change.owner === undefined
      ? 0
      : change.owner === ""
      ? NOTHING
      : object(program, change.owner);
    const value = change.value ?? 0;
    return single
      ? program.call("zx_futex_requeue_single_owner", at, value, at + 8, 1, owner)
      : program.call("zx_futex_requeue", at, 1, value, at + 8, 1, owner);
  };
}

const ATTEMPTS: readonly (readonly [string, StatusName, Attempt])[] = [
  ["zx_channel_read", "NO_MEMORY", (one) => readLoaded(one, "zx_channel_read")],
  ["zx_channel_read_etc", "NO_MEMORY", (one) => readLoaded(one, "zx_channel_read_etc")],
  ["zx_channel_write_etc", "NOT_SUPPORTED", (one) => {
    const handle = object(one, "Channel");
    const itself = one.words(0, handle, ObjectType.NONE, Right.SAME_RIGHTS, 0);
    return one.call("zx_channel_write_etc", handle, 0, 0, 0, itself, 1);
  }],
  ["zx_debug_write", "INVALID_ARGS", (one) => one.call("zx_debug_write", NOWHERE, 4)],
  ["zx_debuglog_read", "INVALID_ARGS", (one) => {
    const log = object(one, "DebugLog");
    one.call("zx_debuglog_write", log, 0, one.place(4), 4);
    return one.call("zx_debuglog_read", log, 0, NOWHERE, 256);
  }],
  ["zx_exception_get_process", "BAD_STATE", (one) => {
    const exception = makeObject("Exception", one) as Exception;
    exception.settle();
    return one.call("zx_exception_get_process", one.give(exception, ALL_RIGHTS), one.place(4));
  }],
  ["zx_futex_requeue", "BAD_HANDLE", requeue(false, { owner: "" })],
  ["zx_futex_requeue", "WRONG_TYPE", requeue(false, { owner: "Event" })],
  ["zx_futex_requeue_single_owner", "BAD_HANDLE", requeue(true, { owner: "" })],
  ["zx_futex_requeue_single_owner", "WRONG_TYPE", requeue(true, { owner: "Event" })],
  ["zx_futex_requeue_single_owner", "BAD_STATE", requeue(true, { value: 9 })],
  ["zx_futex_requeue_single_owner", "INVALID_ARGS", requeue(true, { odd: true })],
  ["zx_futex_wake_single_owner", "INVALID_ARGS", (one) => {
    return one.call("zx_futex_wake_single_owner", 1);
  }],
  ["zx_handle_close_many", "INVALID_ARGS", (one) => one.call("zx_handle_close_many", NOWHERE, 4)],
  ["zx_handle_replace", "BAD_HANDLE", (one) => {
    return one.call("zx_handle_replace", NOTHING, 0, one.place(4));
  }],
  ["zx_interrupt_wait", "INVALID_ARGS", (one) => {
    const at = one.place(4);
    one.call("zx_interrupt_create", 0, 0, InterruptOption.VIRTUAL, at);
    const interrupt = one.word(at);
    one.call("zx_interrupt_trigger", interrupt, 0, 5);
    return one.call("zx_interrupt_wait", interrupt, NOWHERE);
  }],
  ["zx_object_get_child", "WRONG_TYPE", (one) => {
    return one.call("zx_object_get_child", object(one, "Event"), 1, 0, one.place(4));
  }],
  ["zx_object_get_property", "WRONG_TYPE", property("Event", "SOCKET_RX_THRESHOLD", 8)],
  ["zx_object_get_property", "BUFFER_TOO_SMALL", property("Event", "NAME", 31)],
  ["zx_object_get_property", "INVALID_ARGS", (one) => {
    return one.call("zx_object_get_property", object(one, "Event"), 3, NOWHERE, 32);
  }],
  ["zx_object_set_profile", "INVALID_ARGS", (one) => {
    return one.call("zx_object_set_profile", object(one, "Thread"), object(one, "Profile"), 1);
  }],
  ["zx_object_set_property", "WRONG_TYPE", setting("Event", 15, [1, 0])],
  ["zx_object_set_property", "BUFFER_TOO_SMALL", setting("Job", 15, [1])],
  ["zx_object_set_property", "NOT_SUPPORTED", setting("Event", 99, [1, 0])],
  ["zx_object_set_property", "BAD_STATE", setting("Exception", 18, [1])],
  ["zx_object_set_property", "OUT_OF_RANGE", setting("Vmo", 17, [0x7fffffff, 0])],
  ["zx_object_wait_one", "CANCELED", (one) => {
    const event = object(one, "Event");
    one.call("zx_object_wait_one", event, 8, 2 ** 60, one.place(4));
    one.call("zx_handle_close", event);
    return one.answered ?? "nothing";
  }],
  ["zx_port_wait", "INVALID_ARGS", (one) => {
    const port = object(one, "Port");
    one.call("zx_port_queue", port, one.place(48));
    return one.call("zx_port_wait", port, 0, NOWHERE);
  }],
  ["zx_process_create_shared", "INVALID_ARGS", (one) => {
    return one.call("zx_process_create_shared", object(one, "Process"), 1, 0, 0, 0, 0);
  }],
  ["zx_process_read_memory", "BAD_STATE", (one) => {
    const process = one.give(deadProcess(one), ALL_RIGHTS);
    return one.call("zx_process_read_memory", process, 4096, one.place(8), 8, one.place(8));
  }],
  ["zx_process_read_memory", "OUT_OF_RANGE", (one) => {
    const { process, address } = shrunk(one);
    return one.call("zx_process_read_memory", process, address, one.place(8), 8, one.place(8));
  }],
  ["zx_process_write_memory", "OUT_OF_RANGE", (one) => {
    const { process, address } = shrunk(one);
    return one.call("zx_process_write_memory", process, address, one.place(8), 8, one.place(8));
  }],
  ["zx_process_start", "NO_MEMORY", (one) => {
    const process = Process.create(one.machine.kernel.rootJob, "started");
    invariant(!failed(process), "the root job takes in processes");
    const at = one.place(4);
    const handle = one.give(process, ALL_RIGHTS);
    one.call("zx_thread_create", handle, one.place(4), 4, 0, at);
    const moved = object(one, "Event");
    const entry = one.machine.kernel.system.scripts.register(function* () {});
    noMoreHandles(one);
    return one.call("zx_process_start", handle, one.word(at), entry, 0, moved, 0);
  }],
  ["zx_process_write_memory", "INVALID_ARGS", (one) => {
    const at = one.place(8);
    return one.call("zx_process_write_memory", object(one, "Process"), 4096, at, 0, at);
  }],
  ["zx_task_suspend_token", "NOT_SUPPORTED", (one) => {
    return one.call("zx_task_suspend_token", one.give(one.process, ALL_RIGHTS), one.place(4));
  }],
  ["zx_thread_start_regs", "BAD_STATE", (one) => {
    return one.call("zx_thread_start_regs", object(one, "Thread"), 0, 0, 0, 0, 0, 0);
  }],
  ["zx_thread_write_state", "BAD_STATE", (one) => {
    return one.call("zx_thread_write_state", object(one, "Thread"), 0, one.place(256), 256);
  }],
];

for (const [name, error, attempt] of ATTEMPTS) {
  Deno.test(`${name} can answer ${error}`, () => {
    const found = attempt(new Registers());
    assertEquals(typeof found === "number" ? statusName(found) : found, error);
    assertEquals(found, Status[error]);
  });
}
