/**
 * Authority: sets, the closure by its rules, and what is observed against it.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { Right } from "../../kernel/abi.ts";
import type { AuthorityGraph, GraphObject, Holding } from "../../lab/authority/authority_graph.ts";
import { AuthoritySet } from "../../lab/authority/authority_set.ts";
import { Closure, type Rule, RULES } from "../../lab/authority/closure.ts";
import { dotOf, Drawing, svgOf } from "../../lab/authority/drawing.ts";
import { zx } from "../../lab/calls.ts";
import { receive } from "../../lab/receive.ts";
import { scenario } from "../../lab/scenario.ts";
import { SeededRandom } from "../support/seeded_random.ts";

const { READ, WRITE, TRANSFER, ENUMERATE, EXECUTE, INSPECT, DUPLICATE, MANAGE_THREAD } = Right;
const SECRET = 100;
const ENDS = [200, 201] as const;
const JOB = 300;

interface Plan {
  readonly programs: Readonly<Record<string, readonly (readonly [koid: number, rights: number])[]>>;
  readonly objects?: Readonly<Record<number, Partial<GraphObject>>>;
  readonly silent?: readonly string[];
  readonly jobs?: Readonly<Record<string, string>>;
}

/** A graph with a secret, a channel, and whatever a plan adds; processes are 1, 2, 3… */
function graph({ programs, objects = {}, silent = [], jobs = {} }: Plan): AuthorityGraph {
  const plain = { name: "", type: "vmo", peer: 0, waiting: [], children: [] };
  const all: Record<number, Partial<GraphObject>> = {
    [SECRET]: { name: "secret" },
    400: { name: "code" },
    [ENDS[0]]: { name: "end/0", type: "channel", peer: ENDS[1] },
    [ENDS[1]]: { name: "end/1", type: "channel", peer: ENDS[0] },
    ...objects,
  };
  return {
    programs: Object.entries(programs).map(([name, held], at) => ({
      name,
      koid: at + 1,
      job: jobs[name] ?? "root",
      makesChannels: !silent.includes(name),
      handles: held.map(([koid, rights]) => ({ koid, rights })),
    })),
    objects: new Map(
      Object.entries(all).map(([koid, object]) => [Number(koid), { ...plain, ...object }]),
    ),
  };
}

const PLANS: Readonly<Record<string, Plan>> = {
  R1: {
    programs: { a: [[SECRET, READ | TRANSFER], [ENDS[0], WRITE]], b: [[ENDS[1], READ]] },
  },
  R3: { programs: { a: [[SECRET, READ]], b: [[1, WRITE]] }, objects: { 1: { type: "process" } } },
  R4: {
    programs: { a: [], b: [[300, READ | ENUMERATE]] },
    objects: { 300: { type: "job", children: [SECRET] } },
  },
  R5: {
    programs: { a: [], b: [[300, READ | INSPECT | DUPLICATE | TRANSFER | MANAGE_THREAD]] },
    objects: { 300: { type: "process", children: [SECRET] } },
  },
  R6: {
    programs: {
      b: [[ENDS[0], WRITE], [400, READ]],
      a: [[ENDS[1], READ], [SECRET, READ | TRANSFER]],
    },
  },
  R7: { programs: { a: [[SECRET, READ], [400, EXECUTE]], b: [[400, WRITE]] } },
};

for (const [rule, plan] of Object.entries(PLANS)) {
  Deno.test(`the closure reaches the secret by ${rule}, and by no other rule`, () => {
    const with_ = new Closure(graph(plan));
    assert(with_.may("b", SECRET, "READ"));
    assertMatch(with_.path("b", SECRET, "READ").join("\n"), new RegExp(rule));
    const others = RULES.filter((one) => one !== rule);
    assert(!new Closure(graph(plan), others).may("b", SECRET, "READ"));
  });
}

Deno.test("the closure follows directions, where a policy forbids new channels", () => {
  const plan: Plan = {
    programs: { a: [[ENDS[0], WRITE]], b: [[ENDS[1], READ], [SECRET, READ | TRANSFER]] },
  };
  assert(new Closure(graph(plan)).may("a", SECRET, "READ"));
  assert(!new Closure(graph({ ...plan, silent: ["a"] })).may("a", SECRET, "READ"));
});

Deno.test("a handle without TRANSFER stays, and what waits in a channel is its reader's", () => {
  const stays = graph({
    programs: { a: [[SECRET, READ], [ENDS[0], WRITE]], b: [[ENDS[1], READ]] },
  });
  assert(!new Closure(stays).may("b", SECRET, "READ"));
  const waiting = [{ koid: SECRET, rights: READ }];
  const waits = graph({
    programs: { b: [[ENDS[1], READ]] },
    objects: { [ENDS[1]]: { type: "channel", waiting } },
  });
  assert(new Closure(waits).may("b", SECRET, "READ"));
});

/** How often each rule mattered: leaving it out of the closure contradicts the brute force. */
Deno.test("the closure of random graphs is what trying every rule over and over finds, and each rule counts", () => {
  const random = new SeededRandom(11);
  const rules = RULES.filter((rule) => rule !== "R8");
  const caught = new Map<Rule, number>(rules.map((rule) => [rule, 0]));
  for (let round = 0; round < 400; round++) {
    const one = randomGraph(random);
    const expected = bruteForce(one).toString();
    assertEquals(new Closure(one).authority.toString(), expected, `round ${round}`);
    for (const rule of rules) {
      const others = RULES.filter((other) => other !== rule);
      if (new Closure(one, others).authority.toString() === expected) continue;
      caught.set(rule, caught.get(rule)! + 1);
    }
  }
  // Each rule, taken away, is missed in some graph.
  for (const [rule, times] of caught) assert(times > 0, `${rule} is never missed`);
});

/** Rights that let somebody take a task's exceptions. */
const EXCEPTIONS = INSPECT | DUPLICATE | TRANSFER | MANAGE_THREAD;

/**
 * Programs that hold a few of: a secret, code, two channels' ends, one with a message in it, each
 * other's processes and threads, and a job above two of them.
 */
function randomGraph(random: SeededRandom): AuthorityGraph {
  const names = ["a", "b", "c", "d"].slice(0, 2 + random.below(3));
  const koids = [...names.keys()].map((at) => at + 1);
  const threads = koids.map((koid) => koid + 10);
  const things = [SECRET, ...ENDS, 202, 203, 400, JOB, ...koids, ...threads];
  const masks = [
    ...[READ, WRITE, READ | TRANSFER, READ | WRITE, WRITE | TRANSFER, EXECUTE],
    ...[ENUMERATE, ENUMERATE | READ | WRITE, EXCEPTIONS, EXCEPTIONS | WRITE],
  ];
  const pick = <T>(list: readonly T[]): T => list[random.below(list.length)]!;
  const programs = Object.fromEntries(names.map((name) => {
    const held = Array.from(
      { length: 1 + random.below(4) },
      () => [pick(things), pick(masks)] as const,
    );
    return [name, held];
  }));
  const tasks = Object.fromEntries(koids.flatMap((koid, at) => [
    [koid, { type: "process", children: [threads[at]!] }],
    [threads[at]!, { type: "thread" }],
  ]));
  const more = { type: "channel", name: "more" };
  const waiting = random.below(2) === 0 ? [] : [{ koid: pick(things), rights: pick(masks) }];
  const objects = {
    ...tasks,
    [JOB]: { type: "job", children: koids.slice(0, 2) },
    202: { ...more, peer: 203, waiting },
    203: { ...more, peer: 202 },
  };
  return graph({ programs, objects, silent: names.filter(() => random.below(2) === 0) });
}

/** The same by definition: pass over all pairs until nothing is new. */
function bruteForce({ programs, objects }: AuthorityGraph): AuthoritySet {
  const held: Holding[][] = programs.map(({ handles }) => [...handles]);
  const links = new Set<string>();
  const rightsOn = (at: number, koid: number) =>
    held[at]!.filter((one) => one.koid === koid).reduce((sum, { rights }) => sum | rights, 0);
  const give = (to: number, handles: readonly Holding[]) => {
    const news = handles.filter(({ koid, rights }) =>
      !held[to]!.some((one) => one.koid === koid && one.rights === rights)
    );
    held[to]!.push(...news);
    return news.length > 0;
  };
  const own = (p: number): Holding[] =>
    [...objects].flatMap(([koid, { children, waiting }]) => {
      const rights = rightsOn(p, koid);
      const takes = rights & ENUMERATE || (rights & EXCEPTIONS) === EXCEPTIONS;
      const below = (takes ? children : []).map((child) => ({ koid: child, rights }));
      return rights & READ ? [...below, ...waiting] : below;
    });
  const actsAs = (p: number, q: number) => {
    const tasks = [programs[q]!.koid, ...objects.get(programs[q]!.koid)?.children ?? []];
    const writesCode = [...objects].some(([code, { type }]) =>
      type === "vmo" && rightsOn(p, code) & WRITE && rightsOn(q, code) & EXECUTE
    );
    return writesCode || tasks.some((task) => rightsOn(p, task) & WRITE);
  };
  const meet = (p: number, q: number) =>
    [...objects].some(([end, { peer }]) =>
      peer !== 0 && rightsOn(p, end) & WRITE && rightsOn(q, peer) & READ
    );
  let before = -1;
  for (let isNew = true; isNew || links.size > before;) {
    isNew = false;
    before = links.size;
    for (let p = 0; p < programs.length; p++) {
      isNew = give(p, own(p)) || isNew;
      for (let q = 0; q < programs.length; q++) {
        if (p === q) continue;
        if (meet(p, q)) {
          links.add(`${p}>${q}`);
          if (programs[p]!.makesChannels) links.add(`${q}>${p}`);
        }
        if (actsAs(p, q)) isNew = give(p, held[q]!) || isNew;
        if (!links.has(`${p}>${q}`)) continue;
        isNew = give(q, held[p]!.filter(({ rights }) => rights & TRANSFER)) || isNew;
      }
    }
  }
  return authorityOf(programs, held, objects);
}

function authorityOf(
  programs: AuthorityGraph["programs"],
  held: readonly (readonly Holding[])[],
  objects: AuthorityGraph["objects"],
): AuthoritySet {
  return new AuthoritySet(held.flatMap((list, at) =>
    list.flatMap(({ koid, rights }) => {
      const { name, type } = objects.get(koid)!;
      return AuthoritySet.ofRights(programs[at]!.name, koid, name || type, rights);
    })
  ));
}

const courier = scenario("courier", (world) => {
  const secret = world.vmo("secret", "s");
  const [front, back] = world.channel("post");
  world.program("owner", [front, secret.only("READ", "TRANSFER")], function* (front, secret) {
    yield* zx.channelWrite({ handle: front, handles: [secret] });
  });
  world.program("reader", [back], function* (back) {
    const message = yield* receive(back);
    if (typeof message === "number") return;
    yield* zx.vmoRead({ handle: message.handles[0]!, offset: 0, bufferSize: 1 });
  });
});

Deno.test("held, observed, closure and gap of a run, with the path and the first step", () => {
  const report = courier.authority();
  const koid = [...report.held].find(({ object }) => object === "secret")!.koid;
  assert(report.observed.has({ program: "reader", koid, right: "READ" }));
  assert(!report.held.has({ program: "reader", koid }));
  assert(report.observed.subsetOf(report.closure.union(report.observed)));
  assertEquals(report.breach.size, 0);
  assert(report.gap.has({ program: "owner", koid, right: "READ" }));
  assertEquals(report.whoCanReach("secret", "READ").get("reader"), {
    path: ["owner holds secret", "R1: owner sends through post/0 to reader"],
    since: 0,
    heldSince: 4,
  });
  assertEquals(report.firstHeld("reader", koid, "READ"), 4);
  assertEquals(report.held.minus(report.held).size, 0);
});

Deno.test("an authority set's text is sorted, one line for each program and object", () => {
  const facts = [...AuthoritySet.ofRights("b", 9, "x", READ | WRITE)];
  const set = new AuthoritySet([...facts.reverse(), ...AuthoritySet.ofRights("a", 10, "y", READ)]);
  assertEquals(set.toString(), "a y (10): READ\nb x (9): READ|WRITE");
});

Deno.test("the graph is drawn for Graphviz, and by it", async () => {
  const one = graph(PLANS.R1!);
  const dot = dotOf(one);
  assertMatch(dot, /o100 \[shape=cylinder .*label="vmo\\nsecret"\]/);
  assertMatch(dot, /g0 -> o100 \[dir=back .*label="rt"\]/);
  // Both ends are one node, between who writes and who reads.
  assertMatch(dot, /g0 -> o200 \[dir=forward .*label="\/0 w"\]/);
  assertMatch(dot, /o200 -> g1 \[dir=forward .*label="\/1 r"\]/);
  const svg = await svgOf(one);
  assertMatch(svg, /<svg[^]*secret[^]*<g id="key"[^]*>r READ<[^]*>w WRITE<[^]*>t TRANSFER</);
  assertEquals(await svgOf(one), svg);
});

Deno.test("a handle to a process leads to its program, and what is in a message hangs there dashed", () => {
  const dot = dotOf(graph({
    programs: { a: [[2, MANAGE_THREAD]], b: [[ENDS[1], READ]] },
    objects: {
      2: { type: "process", name: "b" },
      [ENDS[1]]: { type: "channel", name: "end/1", waiting: [{ koid: SECRET, rights: READ }] },
    },
  }));
  assertMatch(dot, /g0 -> g1 \[dir=forward arrowhead=odiamond label="T"\]/);
  assertMatch(dot, /o201 -> o100 \[style=dashed arrowhead=none label="r"\]/);
  assertEquals(/process/.test(dot), false);
  // What nobody holds and nothing brings is not drawn.
  assertEquals(/code/.test(dot), false);
});

/** Two hundred programs in four jobs, whose heads talk to each other in a ring. */
function large(): AuthorityGraph {
  const programs: Record<string, [number, number][]> = {};
  const jobs: Record<string, string> = {};
  const objects: Record<number, Partial<GraphObject>> = {};
  for (let at = 0; at < 200; at++) {
    const job = Math.floor(at / 50);
    jobs[`p${at}`] = ["front", "middle", "store", "log"][job]!;
    objects[1000 + at] = { name: `own ${at}` };
    programs[`p${at}`] = [[1000 + at, READ]];
    if (at % 50 > 0) continue;
    objects[2000 + 2 * job] = { type: "channel", name: `to ${job}`, peer: 2001 + 2 * job };
    objects[2001 + 2 * job] = { type: "channel", name: `of ${job}`, peer: 2000 + 2 * job };
    programs[`p${at}`]!.push([2001 + 2 * job, READ], [2000 + 2 * ((job + 1) % 4), WRITE]);
  }
  return graph({ programs, objects, jobs });
}

Deno.test("a graph of more than 150 nodes is drawn by jobs, with what flows between them", async () => {
  const dot = dotOf(large());
  assertMatch(
    dot,
    /g0 \[shape=box .*label="job front\\n50 programs\\nand 50 objects of its own"\]/,
  );
  assertEquals(dot.match(/^ {2}g\d \[/gm)?.length, 4);
  assertEquals(dot.match(/^ {2}o\d+ \[shape=box style="filled,rounded"/gm)?.length, 4);
  assertEquals(dot.match(/dir=forward/g)?.length, 8);
  const svg = await svgOf(large());
  assertMatch(svg, /job store/);
  const text = "Jupyter.display";
  const shown = new Drawing(svg) as unknown as Record<symbol, () => Record<string, string>>;
  assertEquals(shown[Symbol.for(text)]!()["image/svg+xml"], svg);
});
