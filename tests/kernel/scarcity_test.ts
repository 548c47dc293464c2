import { assertEquals } from "@std/assert";
import {
  failed,
  InterruptOption,
  JobPolicy,
  PolicyAction,
  PolicyCondition,
  type PolicyConditionName,
  Status,
} from "../../kernel/abi.ts";
import { invariant } from "../../kernel/invariant.ts";
import { KEPT_MAX } from "../../kernel/object/realm.ts";
import { NOWHERE, Registers } from "../support/registers.ts";
import { makeObject } from "../support/every_object.ts";

const OUT = -1;
const ALL_RIGHTS = 0x1ffffff;

/** Calls that make something: their registers, `OUT` where a handle goes, and what policy asks. */
const MAKERS: readonly (readonly [string, readonly number[], PolicyConditionName | null])[] = [
  ["zx_channel_create", [0, OUT, OUT], "NEW_CHANNEL"],
  ["zx_event_create", [0, OUT], "NEW_EVENT"],
  ["zx_eventpair_create", [0, OUT, OUT], "NEW_EVENTPAIR"],
  ["zx_socket_create", [0, OUT, OUT], "NEW_SOCKET"],
  ["zx_fifo_create", [4, 4, 0, OUT, OUT], "NEW_FIFO"],
  ["zx_port_create", [0, OUT], "NEW_PORT"],
  ["zx_timer_create", [0, 0, OUT], "NEW_TIMER"],
  ["zx_clock_create", [0, 0, OUT], null],
  ["zx_counter_create", [0, OUT], null],
  ["zx_interrupt_create", [0, 0, InterruptOption.VIRTUAL, OUT], null],
];

function attempt(program: Registers, name: string, registers: readonly number[], bad = -1) {
  const given = registers.map((value, at) => {
    if (value !== OUT) return value;
    return at === bad ? NOWHERE : program.place(4);
  });
  return program.call(name, ...given);
}

for (const [name, registers, condition] of MAKERS) {
  Deno.test(`${name} answers INVALID_ARGS where a handle has nowhere to go, and makes nothing`, () => {
    const program = new Registers();
    const before = [program.realm.census(), program.realm.handles, program.realm.kept];
    registers.forEach((value, at) => {
      if (value !== OUT) return;
      assertEquals(attempt(program, name, registers, at), Status.INVALID_ARGS);
    });
    assertEquals([program.realm.census(), program.realm.handles, program.realm.kept], before);
  });

  Deno.test(`${name} answers NO_MEMORY when the machine has no more handles, and makes nothing`, () => {
    const program = new Registers();
    const { realm } = program;
    const before = realm.census();
    // All but one of the handles are taken, so that of a pair the second is refused.
    const room = registers.filter((value) => value === OUT).length - 1;
    Object.assign(realm, { handlesMax: realm.handles + room });
    assertEquals(attempt(program, name, registers), Status.NO_MEMORY);
    assertEquals(realm.census(), before);
  });

  if (condition === null) continue;
  Deno.test(`${name} answers ACCESS_DENIED where a job's policy denies ${condition}`, () => {
    const program = new Registers();
    const { process } = program;
    const override = JobPolicy.OVERRIDE_DENY;
    const denied = { condition: PolicyCondition[condition], action: PolicyAction.DENY, override };
    const job = program.machine.kernel.rootJob.createJob();
    invariant(!failed(job), "the root job takes in jobs");
    assertEquals(job.setPolicy(JobPolicy.ABSOLUTE, [denied]), Status.OK);
    Object.assign(process, { policy: job.policy });
    assertEquals(attempt(program, name, registers), Status.ACCESS_DENIED);
  });
}

/** Calls that keep something for a program, with a place of memory in `registers`. */
const KEEPERS: readonly (readonly [string, string, (at: number) => readonly number[]])[] = [
  ["zx_channel_write", "Channel", (at) => [0, at, 4, 0, 0]],
  ["zx_channel_write_etc", "Channel", (at) => [0, at, 4, 0, 0]],
  ["zx_socket_write", "Socket", (at) => [0, at, 4, 0]],
  ["zx_port_queue", "Port", (at) => [at]],
];

for (const [name, type, registers] of KEEPERS) {
  Deno.test(`${name} answers NO_MEMORY when the kernel keeps as much as it may`, () => {
    const program = new Registers();
    const { realm } = program;
    const object = makeObject(type, program);
    const handle = program.give(object, ALL_RIGHTS);
    const peer = (object as unknown as { peer?: typeof object }).peer;
    if (peer) program.give(peer, ALL_RIGHTS);
    const at = program.place(64);
    realm.keep(KEPT_MAX - realm.kept);
    assertEquals(program.call(name, handle, ...registers(at)), Status.NO_MEMORY);
    realm.letGo(KEPT_MAX / 2);
    assertEquals(program.call(name, handle, ...registers(at)), Status.OK);
  });
}

Deno.test("zx_object_wait_async answers NO_MEMORY when the kernel keeps as much as it may", () => {
  const program = new Registers();
  const { realm } = program;
  const event = program.give(makeObject("Event", program), ALL_RIGHTS);
  const port = program.give(makeObject("Port", program), ALL_RIGHTS);
  realm.keep(KEPT_MAX - realm.kept);
  assertEquals(program.call("zx_object_wait_async", event, port, 1, 8, 0), Status.NO_MEMORY);
});

/** Calls that fill in a number or a structure, and the type of the object they ask. */
const TELLERS: readonly (readonly [string, string, readonly number[]])[] = [
  ["zx_clock_read", "Clock", [OUT]],
  ["zx_counter_read", "Counter", [OUT]],
  ["zx_system_get_features", "", [0, OUT]],
];

for (const [name, type, registers] of TELLERS) {
  Deno.test(`${name} answers INVALID_ARGS where its answer has nowhere to go`, () => {
    const program = new Registers();
    const handle = type ? [program.give(makeObject(type, program), ALL_RIGHTS)] : [];
    const bad = registers.map((value) => value === OUT ? NOWHERE : value);
    assertEquals(program.call(name, ...handle, ...bad), Status.INVALID_ARGS);
  });
}
