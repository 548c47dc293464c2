/**
 * Calls that give a handle: where it has nowhere to go, or the machine has no more of them.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import {
  ProfileFlag,
  ResourceKind,
  Right,
  Status,
  SystemEventKind,
  SystemResource,
} from "../../kernel/abi.ts";
import { Resource } from "../../kernel/ipc/resource.ts";
import type { KernelObject } from "../../kernel/object/object.ts";
import { Process } from "../../kernel/task/process.ts";
import { makeObject } from "../support/every_object.ts";
import { NOWHERE, Registers } from "../support/registers.ts";

const ALL_RIGHTS = 0x1ffffff;
/** Where a handle goes. */
const OUT = -1;

type Build = (program: Registers) => readonly number[];

function object(program: Registers, type: string): number {
  return program.give(makeObject(type, program), ALL_RIGHTS);
}

function system(program: Registers, base: number): number {
  const { realm, machine } = program;
  const { resources } = machine.kernel.system;
  const root = Resource.root(realm, resources, ResourceKind.SYSTEM, 16);
  const range = { kind: ResourceKind.SYSTEM, base, size: 1, exclusive: false };
  const part = root.slice(range) as unknown as KernelObject;
  return program.give(part, ALL_RIGHTS);
}

/** A process of its own that lives, and its koid. */
function living(program: Registers): Process {
  return makeObject("Process", program) as Process;
}

const GIVERS: Readonly<Record<string, Build>> = {
  zx_debuglog_create: (one) => [system(one, SystemResource.DEBUGLOG), 0, OUT],
  zx_exception_get_process: (one) => [object(one, "Exception"), OUT],
  zx_exception_get_thread: (one) => [object(one, "Exception"), OUT],
  zx_handle_duplicate: (one) => [object(one, "Event"), Right.SAME_RIGHTS, OUT],
  zx_handle_replace: (one) => [object(one, "Event"), Right.SAME_RIGHTS, OUT],
  zx_iob_create_shared_region: () => [0, 4096, OUT],
  zx_job_create: (one) => [object(one, "Job"), 0, OUT],
  zx_object_get_child: (one) => {
    const { rootJob } = one.machine.kernel;
    const { koid } = living(one);
    return [one.give(rootJob, ALL_RIGHTS), koid, 0, OUT];
  },
  zx_pager_create: () => [0, OUT],
  zx_pager_create_vmo: (one) => [object(one, "Pager"), 0, object(one, "Port"), 0, 4096, OUT],
  zx_process_create_shared: (one) => {
    const { rootJob } = one.machine.kernel;
    const shared = one.give(Process.create(rootJob, "", "with others") as Process, ALL_RIGHTS);
    return [shared, 0, one.place(8), 4, OUT, OUT];
  },
  zx_process_create: (one) => [object(one, "Job"), one.place(8), 4, 0, OUT, OUT],
  zx_profile_create: (one) => {
    const priority = new Uint8Array(96);
    priority[0] = ProfileFlag.PRIORITY;
    return [system(one, SystemResource.PROFILE), 0, one.place(priority), OUT];
  },
  zx_resource_create: (one) => {
    const { realm, machine } = one;
    const root = Resource.root(realm, machine.kernel.system.resources, ResourceKind.MMIO, 1 << 20);
    return [one.give(root, ALL_RIGHTS), ResourceKind.MMIO, 0, 4096, one.place(8), 4, OUT];
  },
  zx_stream_create: (one) => [1, object(one, "Vmo"), 0, OUT],
  zx_system_get_event: (one) => {
    const root = one.give(one.machine.kernel.rootJob, ALL_RIGHTS);
    return [root, SystemEventKind.MEMORY_PRESSURE_NORMAL, OUT];
  },
  zx_task_create_exception_channel: (one) => [object(one, "Process"), 0, OUT],
  zx_task_suspend: (one) => [one.give(living(one), ALL_RIGHTS), OUT],
  zx_task_suspend_token: (one) => [one.give(living(one), ALL_RIGHTS), OUT],
  zx_thread_create: (one) => [object(one, "Process"), one.place(8), 4, 0, OUT],
  zx_vmo_create: () => [4096, 0, OUT],
  zx_vmo_create_child: (one) => [object(one, "Vmo"), 1, 0, 4096, OUT],
  zx_vmo_replace_as_executable: (one) => [object(one, "Vmo"), 0, OUT],
};

for (const [name, build] of Object.entries(GIVERS)) {
  Deno.test(`${name} answers INVALID_ARGS where a handle has nowhere to go`, () => {
    const program = new Registers();
    const given = build(program).map((value) => value === OUT ? NOWHERE : value);
    assertEquals(program.call(name, ...given), Status.INVALID_ARGS);
  });

  Deno.test(`${name} answers NO_MEMORY when the machine has no more handles`, () => {
    const program = new Registers();
    const given = build(program).map((value) => value === OUT ? program.place(8) : value);
    // What it makes besides the handle it gives may take one too, and what it takes is there still.
    Object.assign(program.realm, { handlesMax: program.realm.handles - 1 });
    assertEquals(program.call(name, ...given), Status.NO_MEMORY);
  });
}
