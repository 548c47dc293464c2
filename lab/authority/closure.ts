/**
 * What programs could come to hold, whatever they do: an upper bound, with the rules that lead there.
 *
 * Rules: R1, who can write to a channel hands what it may transfer to who can read at the other end,
 * and what waits in a channel is its reader's. R2, fewer rights are always possible. R3, who can
 * write to a process or thread acts as its program. R4, a task that may be enumerated gives its
 * children, with no more rights. R5, a task whose exceptions may be taken gives its threads and
 * processes, with the same rights. R6, who can send anything and may make channels can send one end
 * of a new one, so that authority flows back. R7, who can write what another can execute acts as it.
 * Which timing, which contents and which promises programs keep is not looked at: this is a bound.
 *
 * @module
 */
import { Right, type RightName } from "../../kernel/abi.ts";
import { type AuthorityGraph, nameIn } from "./authority_graph.ts";
import { AuthoritySet } from "./authority_set.ts";

/** The rules by which authority spreads, beside R2, which is in the sets themselves. */
export type Rule = "R1" | "R3" | "R4" | "R5" | "R6" | "R7";

/** One way that authority flows: what `from` may transfer, or all it may do, `to` may have. */
interface Flow {
  readonly from: number;
  readonly to: number;
  readonly rule: Rule;
  /** The object that it goes by. */
  readonly by: number;
  /** Whether `to` acts as `from`, and needs nothing transferred. */
  readonly acts: boolean;
}

/** A handle that a rule gives to a program without a sender. */
interface Derived {
  readonly program: number;
  readonly koid: number;
  readonly rights: number;
  readonly rule: Rule;
  readonly why: string;
}

const EXCEPTION_RIGHTS = Right.INSPECT | Right.DUPLICATE | Right.TRANSFER | Right.MANAGE_THREAD;
const RULES: readonly Rule[] = ["R1", "R3", "R4", "R5", "R6", "R7"];

/** The closure of a graph. */
export class Closure {
  readonly #graph: AuthorityGraph;
  readonly #rules: ReadonlySet<Rule>;
  /** For each program: the rights it could have on each object. */
  readonly #may: Map<number, number>[];
  /** The same, of those it could transfer on. */
  readonly #moves: Map<number, number>[];
  readonly #flows: Flow[] = [];
  readonly #flowsFrom: Flow[][];
  readonly #known = new Set<number>();
  readonly #derived: Derived[] = [];
  /** For each object: the programs that could hold it. */
  readonly #holders = new Map<number, Set<number>>();
  readonly #byKoid: ReadonlyMap<number, number>;
  readonly #queue: (readonly [program: number, koid: number])[] = [];

  /** Spread the authority in a graph, by all rules unless told. */
  constructor(graph: AuthorityGraph, rules: readonly Rule[] = RULES) {
    this.#graph = graph;
    this.#rules = new Set(rules);
    this.#may = graph.programs.map(() => new Map());
    this.#moves = graph.programs.map(() => new Map());
    this.#flowsFrom = graph.programs.map(() => []);
    this.#byKoid = new Map(graph.programs.map(({ koid }, at) => [koid, at]));
    graph.programs.forEach(({ handles }, at) => {
      for (const { koid, rights } of handles) this.#give(at, koid, rights, movable(rights));
    });
    for (let next = this.#queue.pop(); next; next = this.#queue.pop()) this.#spread(...next);
  }

  /** Everything that anybody could come to use. */
  get authority(): AuthoritySet {
    const { programs, objects } = this.#graph;
    return new AuthoritySet(
      this.#may.flatMap((rights, at) =>
        [...rights].flatMap(([koid, mask]) =>
          AuthoritySet.ofRights(programs[at]!.name, koid, nameIn(objects, koid), mask)
        )
      ),
    );
  }

  /** How many pairs of a program and an object there are. */
  get size(): number {
    return this.#may.reduce((sum, rights) => sum + rights.size, 0);
  }

  /** Whether a program could come to use a right on an object. */
  may(program: string, koid: number, right: RightName): boolean {
    const at = this.#graph.programs.findIndex(({ name }) => name === program);
    return at >= 0 && ((this.#may[at]!.get(koid) ?? 0) & Right[right]) !== 0;
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
        if (((this.#may[flow.from]!.get(koid) ?? 0) & Right[right]) === 0) continue;
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
  #give(at: number, koid: number, rights: number, moving: number): void {
    const may = this.#may[at]!;
    const before = may.get(koid) ?? 0;
    const moves = this.#moves[at]!;
    const movesBefore = moves.get(koid) ?? 0;
    const movesNow = movesBefore | moving;
    if ((before | rights) === before && movesNow === movesBefore) return;
    may.set(koid, before | rights);
    if (movesNow !== movesBefore) moves.set(koid, movesNow);
    let holders = this.#holders.get(koid);
    if (!holders) this.#holders.set(koid, holders = new Set());
    holders.add(at);
    this.#queue.push([at, koid]);
  }

  /** A program could hold more than was known: along every flow others could, and there may be new flows. */
  #spread(at: number, koid: number): void {
    for (const flow of this.#flowsFrom[at]!) this.#carry(flow, koid);
    const object = this.#graph.objects.get(koid);
    if (!object) return;
    const rights = this.#may[at]!.get(koid)!;
    if (object.type === "channel") this.#spreadEnd(at, koid, object.peer, rights);
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
      const theirs = this.#may[other]!.get(peer)!;
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
    if (!this.#rules.has("R7")) return;
    for (const other of this.#holders.get(koid) ?? []) {
      const theirs = this.#may[other]!.get(koid)!;
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

  #ownerOf(thread: number): number | undefined {
    for (const { koid } of this.#graph.programs) {
      if (this.#graph.objects.get(koid)?.children.includes(thread)) return this.#byKoid.get(koid);
    }
    return undefined;
  }

  #derive(program: number, koid: number, rights: number, rule: Rule, why: string): void {
    const before = this.#may[program]!.get(koid) ?? 0;
    if ((before | rights) === before) return;
    this.#derived.push({ program, koid, rights, rule, why });
    this.#give(program, koid, rights, movable(rights));
  }

  #flow(from: number, to: number, rule: Rule, by: number): void {
    this.#addFlow({ from, to, rule, by, acts: false });
  }

  /** `to` acts as `from`. */
  #act(from: number, to: number, rule: Rule, by: number): void {
    this.#addFlow({ from, to, rule, by, acts: true });
  }

  /** A flow in words. */
  #why({ from, to, rule, by }: Flow): string {
    const { programs, objects } = this.#graph;
    const [one, other] = [programs[from]!.name, programs[to]!.name];
    const name = nameIn(objects, by);
    if (rule === "R1") return `${one} sends through ${name} to ${other}`;
    if (rule === "R6") return `${other} sends ${one} an end of a new channel`;
    if (rule === "R7") return `${other} writes ${name}, ${one} executes it`;
    return `${other} writes to ${objects.get(by)!.type} ${name}`;
  }

  #addFlow(flow: Flow): void {
    const { from, to, acts, rule } = flow;
    if (from === to) return;
    const key = (from * this.#graph.programs.length + to) * RULES.length + RULES.indexOf(rule);
    if (this.#known.has(key)) return;
    this.#known.add(key);
    this.#flows.push(flow);
    this.#flowsFrom[from]!.push(flow);
    for (const koid of (acts ? this.#may : this.#moves)[from]!.keys()) this.#carry(flow, koid);
  }

  #carry({ from, to, acts }: Flow, koid: number): void {
    const moving = this.#moves[from]!.get(koid) ?? 0;
    const rights = acts ? this.#may[from]!.get(koid) ?? 0 : moving;
    if (rights !== 0) this.#give(to, koid, rights, moving);
  }
}

/** The rights of a handle if it can be transferred. */
function movable(rights: number): number {
  return rights & Right.TRANSFER ? rights : 0;
}
