/**
 * The self-check of the engine, for Linux: no process comes to hold, to execute or to be sent what the
 * closure of a moment before does not allow, and none but a file's owner says who may use it.
 *
 * What is not in the graph of that moment was not there, or is not known there, and is not judged.
 * Processes to which nothing is denied cost nothing.
 *
 * @module
 */
import { Right, rightNames } from "../../kernel/abi.ts";
import { KernelBug } from "../../kernel/invariant.ts";
import type { AuthorityWitness } from "../../kernel/linux/authority_witness.ts";
import type { Inode } from "../../kernel/linux/fs/inode.ts";
import type { OpenFile } from "../../kernel/linux/fs/open_file.ts";
import type { Socket } from "../../kernel/linux/fs/socket.ts";
import type { Group } from "../../kernel/linux/group.ts";
import type { Task } from "../../kernel/linux/task.ts";
import type { AuthorityGraph } from "./authority_graph.ts";
import { Closure, type Rule, RULES } from "./closure.ts";
import { type LinuxGraphs, rightsOf, standingOf, standingOfInode } from "./linux_graph.ts";
import { type LinuxStanding, rightsByPath } from "./linux_standing.ts";

/** A moment, and what could come of it. */
interface Moment {
  readonly graph: AuthorityGraph;
  readonly closure: Closure;
}

/** Checks one Linux for as long as it runs. */
export class LinuxCheck implements AuthorityWitness {
  readonly #graphs: LinuxGraphs;
  readonly #rules: readonly Rule[];
  #moment: Moment | null = null;

  /** A check against the closure by these rules. */
  constructor(graphs: LinuxGraphs, rules: readonly Rule[] = RULES) {
    this.#graphs = graphs;
    this.#rules = rules;
  }

  gains({ group }: Task, file: OpenFile): void {
    const rights = rightsOf(file);
    if (rights === 0 || isPrivileged(group)) return;
    if (file.place && this.#hasPath(group, file.inode, rights)) return;
    if (holds(group, file)) return;
    this.#check(group, this.#graphs.koidOf(file), rights);
  }

  executes(task: Task, inode: Inode): void {
    this.#uses(task, inode, Right.EXECUTE);
  }

  writes(task: Task, inode: Inode): void {
    this.#uses(task, inode, Right.WRITE);
  }

  /** Only an owner may: whoever has every right to a file that is another's does not give them away. */
  grants({ group }: Task, inode: Inode): void {
    const { users } = standingOfGroup(group);
    const isOwner = this.#rules.includes("R8") && users.includes(inode.uid);
    if (isOwner || isPrivileged(group)) return;
    const koid = this.#graphs.koidOfInode(inode);
    breach(this.#graphs.take(), group, koid, "changed who may use");
  }

  sends({ linux }: Task, to: Socket, files: readonly OpenFile[]): void {
    const end = this.#graphs.koidOf(to);
    for (const group of linux.groups.values()) {
      if (group.ended || isPrivileged(group) || !holds(group, to)) continue;
      for (const file of files) {
        const koid = this.#graphs.koidOf(file);
        if (koid !== end) this.#check(group, koid, rightsOf(file));
      }
    }
  }

  /** A file is used by its path alone. */
  #uses({ group }: Task, inode: Inode, right: number): void {
    if (isPrivileged(group) || this.#hasPath(group, inode, right)) return;
    this.#check(group, this.#graphs.koidOfInode(inode), right);
  }

  /** What R8 says of a path, without a graph: most of what is opened is allowed by that. */
  #hasPath(group: Group, inode: Inode, rights: number): boolean {
    const could = rightsByPath(standingOfGroup(group), standingOfInode(inode));
    return this.#rules.includes("R8") && (could & rights) === rights;
  }

  #check(group: Group, koid: number, rights: number): void {
    const { koid: process } = group.process;
    // What was allowed once is not asked again; only what was not is held against this very moment.
    if (this.#moment && missing(this.#moment, process, koid, rights) === 0) return;
    const graph = this.#graphs.take();
    this.#moment = { graph, closure: new Closure(graph, this.#rules) };
    const left = missing(this.#moment, process, koid, rights);
    if (left !== 0) breach(graph, group, koid, `used ${rightNames(left).join("|")} on`);
  }
}

/** Somebody did what no rule allows; of what is not in the graph nothing is said. */
function breach({ objects, programs }: AuthorityGraph, group: Group, koid: number, what: string) {
  const object = objects.get(koid);
  const program = programs.find((one) => one.koid === group.process.koid);
  if (!object || !program) return;
  throw new KernelBug(`${program.name} ${what} ${object.name}, which no rule allows`);
}

/** The rights that a process of a moment could not come to. */
function missing(
  { graph, closure }: Moment,
  process: number,
  koid: number,
  rights: number,
): number {
  const program = graph.programs.find((one) => one.koid === process);
  if (!program) return rights;
  return rightNames(rights).reduce(
    (left, right) => closure.may(program.name, koid, right) ? left : left | Right[right],
    0,
  );
}

function isPrivileged(group: Group): boolean {
  return standingOfGroup(group).privileged;
}

function standingOfGroup({ tasks }: Group): LinuxStanding {
  return standingOf([...tasks.values()].map(({ credentials }) => credentials));
}

function holds({ tasks }: Group, file: OpenFile): boolean {
  return [...tasks.values()].some(({ files }) =>
    [...files.descriptors()].some((one) => files.get(one) === file)
  );
}
