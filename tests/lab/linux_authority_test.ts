/**
 * R8 of the closure: what Linux processes reach by who they are, by fork and by exec.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { Right, type RightName } from "../../kernel/abi.ts";
import type {
  AuthorityGraph,
  GraphObject,
  GraphProgram,
  Holding,
} from "../../lab/authority/authority_graph.ts";
import { Closure, LINUX_SOCKET, RULES } from "../../lab/authority/closure.ts";
import type { LinuxStanding } from "../../lab/authority/linux_standing.ts";
import { SeededRandom } from "../support/seeded_random.ts";

const { READ, WRITE, TRANSFER } = Right;
const NAMES = ["READ", "WRITE", "EXECUTE", "TRANSFER"] as const;
const FILE = 100;
const TOOL = 101;
const PIPE = 102;
const ENDS = [200, 201] as const;

interface Plan {
  readonly programs:
    readonly (Partial<LinuxStanding> & { readonly handles?: readonly Holding[] })[];
  readonly file?: readonly [owner: number, group: number, mode: number];
  readonly tool?: readonly [owner: number, group: number, mode: number];
}

/** Linux processes a, b, c… with identities 1, 2, 3…, a file, a tool, a pipe and a pair of sockets. */
function graph({ programs, file = [0, 0, 0o600], tool = [0, 0, 0o755] }: Plan): AuthorityGraph {
  const plain = { name: "", type: "file", peer: 0, waiting: [], children: [] };
  const standing = ([owner, group, mode]: readonly [number, number, number]) => ({
    file: { owner, group, mode },
  });
  const objects = new Map<number, GraphObject>([
    [FILE, { ...plain, name: "/file", ...standing(file) }],
    [TOOL, { ...plain, name: "/tool", ...standing(tool) }],
    [PIPE, { ...plain, name: "pipe", type: "pipe" }],
    [ENDS[0], { ...plain, name: "end/0", type: LINUX_SOCKET, peer: ENDS[1] }],
    [ENDS[1], { ...plain, name: "end/1", type: LINUX_SOCKET, peer: ENDS[0] }],
  ]);
  return {
    objects,
    programs: programs.map(({ handles = [], ...linux }, at): GraphProgram => ({
      name: "abcdef"[at]!,
      koid: at + 1,
      job: "root",
      makesChannels: true,
      handles,
      linux: { users: [1000 + at], groups: [1000 + at], privileged: false, ...linux },
    })),
  };
}

const PIPE_END = { koid: PIPE, rights: READ | TRANSFER };
const MARKED = { ...PIPE_END, closesOnExec: true };
const BY_EXEC = { by: "exec", from: 1 } as const;

interface Case {
  readonly plan: Plan;
  /** What b could come to use, and what with other circumstances it could not. */
  readonly wanted: readonly [koid: number, right: RightName];
  readonly path: RegExp;
  readonly without: Plan;
}

const CASES: Readonly<Record<string, Case>> = {
  "a path leads to what the permissions of others allow": {
    plan: { programs: [{}, {}], file: [0, 0, 0o644] },
    wanted: [FILE, "READ"],
    path: /b gets, by R8 \(it has a path\), \/file/,
    without: { programs: [{}, {}], file: [0, 0, 0o640] },
  },
  "a path leads to what the permissions of a group allow": {
    plan: { programs: [{}, { groups: [7] }], file: [0, 7, 0o660] },
    wanted: [FILE, "WRITE"],
    path: /R8/,
    without: { programs: [{}, { groups: [8] }], file: [0, 7, 0o660] },
  },
  "an owner can change what the permissions allow": {
    plan: { programs: [{}, {}], file: [1001, 0, 0] },
    wanted: [FILE, "WRITE"],
    path: /R8/,
    without: { programs: [{}, {}], file: [1002, 0, 0] },
  },
  "whoever is of the same user traces": {
    plan: { programs: [{ handles: [PIPE_END] }, { users: [1000] }] },
    wanted: [PIPE, "READ"],
    path: /a holds pipe\nR8: b traces a/,
    without: { programs: [{ users: [1000, 5], handles: [PIPE_END] }, { users: [1000] }] },
  },
  "whoever is privileged traces everybody": {
    plan: { programs: [{ handles: [PIPE_END] }, { privileged: true }] },
    wanted: [PIPE, "READ"],
    path: /R8: b traces a/,
    without: {
      programs: [{ users: [1001], privileged: true, handles: [PIPE_END] }, { users: [1001] }],
    },
  },
  "a file with the set-user-ID bit lends its owner to who may execute it": {
    plan: { programs: [{}, {}], tool: [0, 0, 0o4711] },
    wanted: [FILE, "WRITE"],
    path: /R8/,
    without: { programs: [{}, {}], tool: [0, 0, 0o4700] },
  },
  "a file with the set-group-ID bit lends its group": {
    plan: { programs: [{}, {}], tool: [0, 7, 0o2755], file: [0, 7, 0o640] },
    wanted: [FILE, "READ"],
    path: /R8/,
    without: { programs: [{}, {}], tool: [0, 8, 0o2755], file: [0, 7, 0o640] },
  },
  "whoever is in a group only now and then is at times one of the others": {
    plan: { programs: [{}, { groups: [7] }], file: [0, 7, 0o604] },
    wanted: [FILE, "READ"],
    path: /R8/,
    without: { programs: [{}, { groups: [7], always: [7] }], file: [0, 7, 0o604] },
  },
  "a capability to read every file leads to every file": {
    plan: { programs: [{}, { readsAll: true }] },
    wanted: [FILE, "READ"],
    path: /R8/,
    without: { programs: [{}, { readsAll: false }] },
  },
  "whoever is of the same groups too traces": {
    plan: { programs: [{ own: [5], handles: [PIPE_END] }, { users: [1000], groups: [5] }] },
    wanted: [PIPE, "READ"],
    path: /R8: b traces a/,
    without: { programs: [{ own: [5, 6], handles: [PIPE_END] }, { users: [1000], groups: [5] }] },
  },
  "fork copies every descriptor": {
    plan: { programs: [{ handles: [MARKED] }, { begins: { by: "fork", from: 1 } }] },
    wanted: [PIPE, "READ"],
    path: /R8: b begins by fork of a/,
    without: { programs: [{ handles: [MARKED] }, { begins: { by: "fork", from: 3 } }] },
  },
  "exec leaves what is not marked": {
    plan: { programs: [{ handles: [PIPE_END] }, { begins: BY_EXEC }] },
    wanted: [PIPE, "READ"],
    path: /R8: b begins by exec of a/,
    without: { programs: [{ handles: [MARKED] }, { begins: BY_EXEC }] },
  },
};

for (const [sentence, { plan, wanted: [koid, right], path, without }] of Object.entries(CASES)) {
  Deno.test(`R8: ${sentence}`, () => {
    const closure = new Closure(graph(plan));
    assert(closure.may("b", koid, right));
    assertMatch(closure.path("b", koid, right).join("\n"), path);
    assert(!new Closure(graph(without)).may("b", koid, right), "with other circumstances");
    const others = RULES.filter((rule) => rule !== "R8");
    assert(!new Closure(graph(plan), others).may("b", koid, right), "without the rule");
  });
}

Deno.test("R1: a descriptor goes through a socket, and is not marked any more where it arrives", () => {
  const one = graph({
    programs: [
      { handles: [MARKED, { koid: ENDS[0], rights: READ | WRITE }] },
      { handles: [{ koid: ENDS[1], rights: READ | WRITE, closesOnExec: true }] },
      { begins: { by: "exec", from: 2 } },
    ],
  });
  const closure = new Closure(one);
  assertEquals(closure.path("c", PIPE, "READ"), [
    "a holds pipe",
    "R1: a sends through end/0 to b",
    "R8: c begins by exec of b",
  ]);
  assert(!new Closure(one, RULES.filter((rule) => rule !== "R1")).may("b", PIPE, "READ"));
});

Deno.test("the closure of random Linux processes is what trying every rule over and over finds", () => {
  const random = new SeededRandom(8);
  let withoutRule = 0;
  for (let round = 0; round < 500; round++) {
    const one = randomGraph(random);
    const definition = new Definition(one);
    const wanted = textOf(one, (...fact) => definition.has(...fact));
    assertEquals(closed(one), wanted, `round ${round}`);
    if (closed(one, RULES.filter((rule) => rule !== "R8")) !== wanted) withoutRule++;
  }
  assert(withoutRule > 100, "and the rule matters in many of them");
});

function randomGraph(random: SeededRandom): AuthorityGraph {
  const one = <T>(list: readonly T[]): T => list[random.below(list.length)]!;
  const modes = [0o600, 0o644, 0o640, 0o666, 0o4755, 0o4710, 0o2755, 0o711];
  const mode = () => [one([0, 1, 2]), one([7, 8]), one(modes)] as const;
  const programs = Array.from({ length: 2 + random.below(3) }, () => ({
    users: one([[1], [2], [1, 2], [3]]),
    groups: one([[7], [8], [9]]),
    privileged: random.below(8) === 0,
    ...(random.below(3) === 0
      ? { begins: { by: one(["fork", "exec"] as const), from: 1 + random.below(4) } }
      : {}),
    handles: Array.from({ length: random.below(3) }, () => ({
      koid: one([PIPE, ...ENDS, FILE]),
      rights: one([READ | TRANSFER, WRITE | TRANSFER, READ | WRITE | TRANSFER]),
      closesOnExec: random.below(2) === 0,
    })),
  }));
  return graph({ programs, file: mode(), tool: mode() });
}

function textOf(
  { programs, objects }: AuthorityGraph,
  has: (at: number, koid: number, right: RightName) => boolean,
): string {
  return programs.flatMap(({ name }, at) =>
    [...objects.keys()].map((koid) =>
      `${name} ${koid}: ${NAMES.filter((right) => has(at, koid, right)).join("|")}`
    )
  ).join("\n");
}

function closed(graph: AuthorityGraph, rules = RULES): string {
  const closure = new Closure(graph, rules);
  return textOf(graph, (at, koid, right) => closure.may(graph.programs[at]!.name, koid, right));
}

/** By definition: facts `program object right marked`, to which the rules add until nothing is new. */
class Definition {
  readonly #graph: AuthorityGraph;
  readonly #facts = new Set<string>();
  readonly #users: readonly Set<number>[];
  readonly #groups: readonly Set<number>[];

  constructor(graph: AuthorityGraph) {
    this.#graph = graph;
    this.#users = graph.programs.map(({ linux }) => new Set(linux!.users));
    this.#groups = graph.programs.map(({ linux }) => new Set(linux!.groups));
    graph.programs.forEach(({ handles }, at) => {
      for (const { koid, rights, closesOnExec } of handles) {
        for (const right of NAMES) {
          if (rights & Right[right]) this.#facts.add(`${at} ${koid} ${right} ${closesOnExec}`);
        }
      }
    });
    for (let before = ""; before !== this.#state;) {
      before = this.#state;
      graph.programs.forEach((_, at) => this.#pass(at));
    }
  }

  has(at: number, koid: number, right: RightName): boolean {
    return [true, false].some((marked) => this.#facts.has(`${at} ${koid} ${right} ${marked}`));
  }

  get #state(): string {
    const sets = [...this.#users, ...this.#groups].map(({ size }) => size);
    return `${this.#facts.size} ${sets}`;
  }

  #pass(p: number): void {
    this.#byPath(p);
    const { begins } = this.#graph.programs[p]!.linux!;
    this.#graph.programs.forEach(({ linux: other }, q) => {
      if (p === q) return;
      const isSame = other!.users.every((user) => this.#users[p]!.has(user)) && !other!.privileged;
      if (this.#isRoot(p) || isSame) this.#copy(q, p, true);
      else if (begins?.from === q + 1) this.#copy(q, p, begins.by === "fork");
      for (const [end, peer] of [ENDS, [ENDS[1], ENDS[0]]] as const) {
        if (!this.has(p, end, "WRITE") || !this.has(q, peer, "READ")) continue;
        this.#copy(p, q, true);
        this.#copy(q, p, true);
      }
    });
  }

  #isRoot(at: number): boolean {
    return this.#graph.programs[at]!.linux!.privileged || this.#users[at]!.has(0);
  }

  #byPath(p: number): void {
    const [users, groups] = [this.#users[p]!, this.#groups[p]!];
    for (const [koid, { file }] of this.#graph.objects) {
      if (!file) continue;
      const own = this.#isRoot(p) || users.has(file.owner);
      const inGroup = groups.has(file.group) ? file.mode >> 3 : 0;
      const bits = own ? 7 : (inGroup | file.mode) & 7;
      if (bits & 1 && file.mode & 0o4000) users.add(file.owner);
      if (bits & 1 && file.mode & 0o2000) groups.add(file.group);
      const rights = NAMES.filter((_, at) => at < 3 && bits & (4 >> at));
      for (const right of bits ? [...rights, "TRANSFER"] : []) {
        this.#facts.add(`${p} ${koid} ${right} false`);
      }
    }
  }

  #copy(from: number, to: number, withMarked: boolean): void {
    for (const fact of [...this.#facts]) {
      const [at, koid, right, marked] = fact.split(" ");
      if (Number(at) !== from || (marked === "true" && !withMarked)) continue;
      this.#facts.add(`${to} ${koid} ${right} false`);
    }
  }
}
