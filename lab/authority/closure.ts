/**
 * What programs could come to hold, whatever they do: an upper bound, with the rules that lead there.
 *
 * Rules: R1, who can write to a channel hands what it may transfer to who can read at the other end,
 * and what waits in a channel is its reader's. R2, fewer rights are always possible. R3, who can
 * write to a process or thread acts as its program. R4, a task that may be enumerated gives its
 * children, with no more rights. R5, a task whose exceptions may be taken gives its threads and
 * processes, with the same rights. R6, who can send anything and may make channels can send one end
 * of a new one, so that authority flows back. R7, who can write what another can execute acts as it.
 * R8, of Linux: who may trace another acts as it; a path leads to what the file's permissions allow
 * this user and those that files with a set-user-ID bit lend; fork copies descriptors, and exec those
 * that are not marked to be closed. Users, permissions and marks are taken as they stand; of sockets
 * by whose names processes may meet, those are known that are there.
 * Which timing, which contents and which promises programs keep is not looked at: this is a bound.
 *
 * @module
 */
import { Right, type RightName } from "../../kernel/abi.ts";
import { type AuthorityGraph, nameIn } from "./authority_graph.ts";
import { AuthoritySet } from "./authority_set.ts";
import { couldBecome, mayTrace, rightsByPath } from "./linux_standing.ts";
import { type Possession, Possessions } from "./possessions.ts";

/** The rules by which authority spreads, beside R2, which is in the sets themselves. */
export type Rule = "R1" | "R3" | "R4" | "R5" | "R6" | "R7" | "R8";

/** What flows: what `from` may transfer, all it may do, or what `execve` leaves of that. */
type Share = "moves" | "may" | "keeps";

/** One way that authority flows: what `from` has of it, `to` may have. */
interface Flow {
  readonly from: number;
  readonly to: number;
  readonly rule: Rule;
  /** The object that it goes by; 0 where there is none. */
  readonly by: number;
  /** What flows. */
  readonly share: Share;
}

/** A handle that a rule gives to a program without a sender. */
interface Derived {
  readonly program: number;
  readonly koid: number;
  readonly rights: number;
  readonly rule: Rule;
  readonly why: string;
}

/** An end of a pair that handles go through, in Linux: what descriptors of sockets refer to. */
export const LINUX_SOCKET = "unix socket";

const EXCEPTION_RIGHTS = Right.INSPECT | Right.DUPLICATE | Right.TRANSFER | Right.MANAGE_THREAD;
/** All of them. */
export const RULES: readonly Rule[] = ["R1", "R3", "R4", "R5", "R6", "R7", "R8"];

/** The closure of a graph. */
export class Closure {
  readonly #graph: AuthorityGraph;
  readonly #rules: ReadonlySet<Rule>;
  readonly #has: Possessions;
  readonly #flows: Flow[] = [];
  readonly #flowsFrom: Flow[][];
  readonly #known = new Set<number>();
  readonly #derived: Derived[] = [];
  /** For each channel's end and each memory object: the programs that could hold it. */
  readonly #holders = new Map<number, number[]>();
  readonly #byKoid: ReadonlyMap<number, number>;
  #owners: ReadonlyMap<number, number> | null = null;

  /** Spread the authority in a graph, by all rules unless told. */
  constructor(graph: AuthorityGraph, rules: readonly Rule[] = RULES) {
    this.#graph = graph;
    this.#rules = new Set(rules);
    this.#has = new Possessions(graph.programs.length);
    this.#flowsFrom = graph.programs.map(() => []);
    this.#byKoid = new Map(graph.programs.map(({ koid }, at) => [koid, at]));
    graph.programs.forEach(({ handles }, at) => {
      for (const { koid, rights, closesOnExec = false } of handles) {
        const keeps = closesOnExec ? 0 : rights;
        this.#give(at, koid, { may: rights, moves: movable(rights), keeps });
      }
    });
    if (this.#rules.has("R8")) this.#spreadLinux();
    const has = this.#has;
    for (let cell = has.take(); cell !== undefined; cell = has.take()) this.#spread(cell);
  }

  /** Everything that anybody could come to use. */
  get authority(): AuthoritySet {
    const { programs, objects } = this.#graph;
    return new AuthoritySet(
      programs.flatMap(({ name }, at) =>
        [...this.#has.of(at)].flatMap(([koid, cell]) =>
          AuthoritySet.ofRights(name, koid, nameIn(objects, koid), this.#has.may(cell))
        )
      ),
    );
  }

  /** How many pairs of a program and an object there are. */
  get size(): number {
    return this.#has.size;
  }

  /** Whether a program could come to use a right on an object. */
  may(program: string, koid: number, right: RightName): boolean {
    const at = this.#graph.programs.findIndex(({ name }) => name === program);
    return at >= 0 && (this.#has.rightsOn(at, koid) & Right[right]) !== 0;
  }

  /** The programs that could come to use a right on an object, each with the way there. */
  whoCanReach(koid: number, right: RightName): Map<string, readonly string[]> {
    const found = this.#graph.programs.filter(({ name }) => this.may(name, koid, right));
    return new Map(found.map(({ name }) => [name, this.path(name, koid, right)]));
  }

  /** The way on which a program could come to use a right on an object; empty if it could not. */
  path(program: string, koid: number, right: RightName): readonly string[] {
    const { programs, objects } = this.#graph;
    const start = programs.findIndex(({ name }) => name === program);
    if (start < 0 || !this.may(program, koid, right)) return [];
    const seen = new Set([start]);
    const queue: { at: number; lines: readonly string[] }[] = [{ at: start, lines: [] }];
    const flows = this.#flows.toSorted((a, b) => RULES.indexOf(a.rule) - RULES.indexOf(b.rule));
    for (const { at, lines } of queue) {
      const origin = this.#origin(at, koid, right);
      if (origin) return [`${programs[at]!.name} ${origin} ${nameIn(objects, koid)}`, ...lines];
      for (const flow of flows) {
        if (flow.to !== at || seen.has(flow.from)) continue;
        if ((this.#has.rightsOn(flow.from, koid) & Right[right]) === 0) continue;
        seen.add(flow.from);
        queue.push({ at: flow.from, lines: [`${flow.rule}: ${this.#why(flow)}`, ...lines] });
      }
    }
    return [];
  }

  /** How a program has a right by itself: it holds a handle, or a rule gives it one. */
  #origin(at: number, koid: number, right: RightName): string | undefined {
    const { handles } = this.#graph.programs[at]!;
    if (handles.some((one) => one.koid === koid && one.rights & Right[right])) return "holds";
    const derived = this.#derived.find((one) =>
      one.program === at && one.koid === koid && one.rights & Right[right]
    );
    return derived && `gets, by ${derived.rule} (${derived.why}),`;
  }

  /** A program could have rights on an object, some of them on a handle that it could transfer. */
  #give(at: number, koid: number, more: Possession): void {
    if (this.#has.add(at, koid, more) < 0) return;
    const type = this.#graph.objects.get(koid)?.type;
    if (type !== "channel" && type !== LINUX_SOCKET && type !== "vmo") return;
    const holders = this.#holders.get(koid);
    if (holders) holders.push(at);
    else this.#holders.set(koid, [at]);
  }

  /** A program could hold more than was known: along every flow others could, and there may be new flows. */
  #spread(cell: number): void {
    const at = this.#has.programOf(cell);
    const koid = this.#has.koidOf(cell);
    for (const flow of this.#flowsFrom[at]!) this.#carry(flow, cell);
    const object = this.#graph.objects.get(koid);
    if (!object) return;
    const rights = this.#has.may(cell);
    const isEnd = object.type === "channel" || object.type === LINUX_SOCKET;
    if (isEnd) this.#spreadEnd(at, koid, object.peer, rights);
    if (object.type === "vmo") this.#spreadCode(at, koid, rights);
    if (object.children.length > 0 || object.type === "process" || object.type === "thread") {
      this.#spreadTask(at, koid, rights);
    }
  }

  #spreadEnd(at: number, koid: number, peer: number, rights: number): void {
    const { objects } = this.#graph;
    if (!this.#rules.has("R1")) return;
    if (rights & Right.READ) {
      for (const waiting of objects.get(koid)!.waiting) {
        this.#derive(
          at,
          waiting.koid,
          waiting.rights,
          "R1",
          `it waits in ${nameIn(objects, koid)}`,
        );
      }
    }
    for (const other of this.#holders.get(peer) ?? []) {
      const theirs = this.#has.rightsOn(other, peer);
      if (rights & Right.WRITE && theirs & Right.READ) this.#meet(at, other, koid);
      if (rights & Right.READ && theirs & Right.WRITE) this.#meet(other, at, peer);
    }
  }

  #meet(from: number, to: number, end: number): void {
    this.#flow(from, to, "R1", end);
    if (this.#rules.has("R6") && this.#graph.programs[from]!.makesChannels) {
      this.#flow(to, from, "R6", end);
    }
  }

  #spreadCode(at: number, koid: number, rights: number): void {
    if (!this.#rules.has("R7") || (rights & (Right.WRITE | Right.EXECUTE)) === 0) return;
    for (const other of this.#holders.get(koid) ?? []) {
      const theirs = this.#has.rightsOn(other, koid);
      if (rights & Right.WRITE && theirs & Right.EXECUTE) this.#act(other, at, "R7", koid);
      if (rights & Right.EXECUTE && theirs & Right.WRITE) this.#act(at, other, "R7", koid);
    }
  }

  #spreadTask(at: number, koid: number, rights: number): void {
    const { objects } = this.#graph;
    const object = objects.get(koid)!;
    const name = nameIn(objects, koid);
    if (this.#rules.has("R3") && rights & Right.WRITE) {
      const owner = object.type === "thread" ? this.#ownerOf(koid) : this.#byKoid.get(koid);
      const isTask = object.type === "thread" || object.type === "process";
      if (isTask && owner !== undefined) {
        this.#act(owner, at, "R3", koid);
      }
    }
    const takes = (rights & EXCEPTION_RIGHTS) === EXCEPTION_RIGHTS;
    for (const child of object.children) {
      if (this.#rules.has("R4") && rights & Right.ENUMERATE) {
        this.#derive(at, child, rights, "R4", `${name} may be enumerated`);
      }
      if (this.#rules.has("R5") && takes) {
        this.#derive(at, child, rights, "R5", `exceptions of ${name} may be taken`);
      }
    }
  }

  /** What Linux processes reach by being who they are. */
  #spreadLinux(): void {
    const { programs, objects } = this.#graph;
    const files = [...objects].flatMap(([koid, { file }]) => file ? [{ koid, file }] : []);
    programs.forEach(({ linux }, at) => {
      if (!linux) return;
      const becomes = couldBecome(linux, files.map(({ file }) => file));
      for (const { koid, file } of files) {
        const rights = rightsByPath(becomes, file);
        // A file that was opened is a descriptor, and those may be sent.
        if (rights) this.#derive(at, koid, rights | Right.TRANSFER, "R8", "it has a path");
      }
      programs.forEach(({ koid, linux: other }, from) => {
        if (!other || from === at) return;
        if (mayTrace(becomes, other)) this.#act(from, at, "R8", 0);
        else if (linux.begins?.from === koid) {
          const share = linux.begins.by === "fork" ? "may" : "keeps";
          this.#addFlow({ from, to: at, rule: "R8", by: 0, share });
        }
      });
    });
  }

  /** The program that a thread belongs to. */
  #ownerOf(thread: number): number | undefined {
    const { programs, objects } = this.#graph;
    this.#owners ??= new Map(
      programs.flatMap(({ koid }, at) =>
        objects.get(koid)?.children.map((child) => [child, at] as const) ?? []
      ),
    );
    return this.#owners.get(thread);
  }

  #derive(program: number, koid: number, rights: number, rule: Rule, why: string): void {
    const before = this.#has.rightsOn(program, koid);
    if ((before | rights) === before) return;
    this.#derived.push({ program, koid, rights, rule, why });
    this.#give(program, koid, { may: rights, moves: movable(rights), keeps: rights });
  }

  #flow(from: number, to: number, rule: Rule, by: number): void {
    this.#addFlow({ from, to, rule, by, share: "moves" });
  }

  /** `to` acts as `from`. */
  #act(from: number, to: number, rule: Rule, by: number): void {
    this.#addFlow({ from, to, rule, by, share: "may" });
  }

  /** A flow in words. */
  #why({ from, to, rule, by }: Flow): string {
    const { programs, objects } = this.#graph;
    const [one, other] = [programs[from]!.name, programs[to]!.name];
    if (rule === "R8") {
      const { begins } = programs[to]!.linux!;
      const isBorn = begins?.from === programs[from]!.koid;
      return isBorn ? `${other} begins by ${begins!.by} of ${one}` : `${other} traces ${one}`;
    }
    const name = nameIn(objects, by);
    if (rule === "R1") return `${one} sends through ${name} to ${other}`;
    if (rule === "R6") return `${other} sends ${one} an end of a new channel`;
    if (rule === "R7") return `${other} writes ${name}, ${one} executes it`;
    return `${other} writes to ${objects.get(by)!.type} ${name}`;
  }

  #addFlow(flow: Flow): void {
    const { from, to, rule } = flow;
    if (from === to) return;
    const key = (from * this.#graph.programs.length + to) * RULES.length + RULES.indexOf(rule);
    if (this.#known.has(key)) return;
    this.#known.add(key);
    this.#flows.push(flow);
    this.#flowsFrom[from]!.push(flow);
    for (const cell of this.#has.of(from).values()) this.#carry(flow, cell);
  }

  #carry({ to, share }: Flow, cell: number): void {
    const may = this.#has[share](cell);
    if (may === 0) return;
    const moves = this.#has.moves(cell) & may;
    this.#give(to, this.#has.koidOf(cell), { may, moves, keeps: may });
  }
}

/** The rights of a handle if it can be transferred. */
function movable(rights: number): number {
  return rights & Right.TRANSFER ? rights : 0;
}
