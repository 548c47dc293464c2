/**
 * Who holds what at one moment: the graph that authority spreads in.
 *
 * @module
 */
import { PolicyAction, PolicyCondition } from "../../kernel/abi.ts";
import { Channel } from "../../kernel/ipc/channel.ts";
import type { KernelObject } from "../../kernel/object/object.ts";
import { Job } from "../../kernel/task/job.ts";
import { Process } from "../../kernel/task/process.ts";
import { AuthoritySet } from "./authority_set.ts";
import type { FileStanding, LinuxStanding } from "./linux_standing.ts";

/** A handle: an object and rights. */
export interface Holding {
  /** The object's identity. */
  readonly koid: number;
  /** The rights, as a mask. */
  readonly rights: number;
  /** Whether it is a descriptor that `execve` closes. */
  readonly closesOnExec?: boolean;
}

/** A program in the graph. */
export interface GraphProgram {
  /** Its name. */
  readonly name: string;
  /** Its process's identity. */
  readonly koid: number;
  /** What people call its job. */
  readonly job: string;
  /** Whether its policy lets it make channels. */
  readonly makesChannels: boolean;
  /** What it holds. */
  readonly handles: readonly Holding[];
  /** Who it is, if it is a Linux process. */
  readonly linux?: LinuxStanding;
}

/** An object in the graph. */
export interface GraphObject {
  /** What people call it. */
  readonly name: string;
  /** Its type, such as `channel`. */
  readonly type: string;
  /** For a channel's end: the other one; 0 when it is gone. */
  readonly peer: number;
  /** For a channel's end: the handles in messages that wait in it. */
  readonly waiting: readonly Holding[];
  /** For a task: the tasks right below it. */
  readonly children: readonly number[];
  /** For a file that has a path: who may use it. */
  readonly file?: FileStanding;
}

/** Who holds what. */
export interface AuthorityGraph {
  /** The programs. */
  readonly programs: readonly GraphProgram[];
  /** The objects that anybody holds, or that lie below such, by identity. */
  readonly objects: ReadonlyMap<number, GraphObject>;
}

/** Take a picture of processes and all that can be reached from them. */
export function graphOf(programs: ReadonlyMap<string, Process>): AuthorityGraph {
  const objects = new Map<number, GraphObject>();
  const list = [...programs].map(([name, process]) => {
    const handles = [...process.handleTable.entries()].map(([, { object, rights }]) => {
      addObject(objects, object);
      return { koid: object.koid, rights };
    });
    const action = process.policy.action(PolicyCondition.NEW_CHANNEL);
    const makesChannels = action === PolicyAction.ALLOW ||
      action === PolicyAction.ALLOW_EXCEPTION;
    const job = process.job.name || "root";
    return { name, koid: process.koid, job, makesChannels, handles };
  });
  return { programs: list, objects };
}

/** What the programs of a graph hold. */
export function heldIn({ programs, objects }: AuthorityGraph): AuthoritySet {
  return new AuthoritySet(
    programs.flatMap(({ name, handles }) =>
      handles.flatMap(({ koid, rights }) =>
        AuthoritySet.ofRights(name, koid, nameIn(objects, koid), rights)
      )
    ),
  );
}

/** What people call an object of a graph. */
export function nameIn(objects: AuthorityGraph["objects"], koid: number): string {
  const object = objects.get(koid);
  return object ? object.name || object.type : "object";
}

function addObject(objects: Map<number, GraphObject>, object: KernelObject): void {
  if (objects.has(object.koid)) return;
  const isEnd = object instanceof Channel;
  const handles = isEnd ? [...object.messages].flatMap(({ handles }) => handles) : [];
  const children = childrenOf(object);
  objects.set(object.koid, {
    name: object.name,
    type: object.label,
    peer: isEnd ? object.relatedKoid : 0,
    waiting: handles.map(({ object, rights }) => ({ koid: object.koid, rights })),
    children: children.map(({ koid }) => koid),
  });
  for (const one of [...children, ...handles.map(({ object }) => object)]) addObject(objects, one);
}

function childrenOf(object: KernelObject): KernelObject[] {
  if (object instanceof Job) return [...object.jobs, ...object.processes];
  if (object instanceof Process) return [...object.threads];
  return [];
}
