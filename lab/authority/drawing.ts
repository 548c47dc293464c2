/**
 * The authority graph as a drawing: programs, objects, and who holds which with what rights.
 *
 * What a thing is says the shape of its node, and which way bytes can go the heads of an arrow, so
 * that nothing is lost without colours. The two ends of a channel are one node, and a handle to a
 * process leads to the program in it.
 *
 * @module
 */
import { rightsOn } from "../telling/story.ts";
import { type AuthorityGraph, type GraphProgram, type Holding, nameIn } from "./authority_graph.ts";
import { lineLook, type Look, lookOf, nodeText, PROGRAM_LOOK, quoted } from "./drawing_look.ts";
import { type Used, withKey } from "./drawing_key.ts";
import { lettersOf } from "./rights_letters.ts";

/** Beyond so many nodes, programs are drawn as one for each job. */
const NODES_MAX = 150;
const NAMES_MAX = 3;
const FONT = 'fontname="Helvetica,Arial,sans-serif"';
const HEAD = [
  "digraph authority {",
  `  graph [rankdir=LR bgcolor=white ${FONT} fontsize=10 fontcolor="#333333"`,
  "    nodesep=0.3 ranksep=0.9 pad=0.2];",
  `  node [${FONT} fontsize=12 style=filled color="#333333" margin="0.16,0.08"];`,
  `  edge [${FONT} fontsize=10 color="#444444" fontcolor="#111111" arrowsize=0.8];`,
];

/** What is drawn as one node: a program, or all programs of a job. */
interface Group {
  readonly label: string;
  readonly programs: readonly GraphProgram[];
}

/** What the programs of a group may do with an object. */
interface Grip {
  readonly group: string;
  readonly koid: number;
  rights: number;
}

/** The groups that hold each node. */
type Holders = ReadonlyMap<string, ReadonlySet<string>>;

/** The graph in the language of Graphviz; a large one has a node for each job and not each program. */
export function dotOf(graph: AuthorityGraph): string {
  return new DotText(graph).lines.join("\n");
}

/** A drawing that shows itself in a notebook. */
export class Drawing {
  /** It as SVG. */
  readonly svg: string;

  /** Of this SVG. */
  constructor(svg: string) {
    this.svg = svg;
  }

  /** How Deno's notebooks show it. */
  [Symbol.for("Jupyter.display")](): Readonly<Record<string, string>> {
    return { "image/svg+xml": this.svg };
  }
}

/** The graph as SVG. */
export async function svgOf(graph: AuthorityGraph): Promise<string> {
  const { Graphviz } = await import("@hpcc-js/wasm-graphviz");
  const graphviz = await Graphviz.load();
  const text = new DotText(graph);
  return withKey(graphviz.dot(text.lines.join("\n")), text.used);
}

/** Writes a graph down. */
class DotText {
  readonly #graph: AuthorityGraph;
  readonly #groups: readonly Group[];
  readonly #isLarge: boolean;
  /** The nodes of processes, to which handles to them lead. */
  readonly #processes = new Map<number, string>();
  readonly #grips: readonly Grip[];
  readonly #looks = new Set<Look>([PROGRAM_LOOK]);
  #rights = 0;
  #hasAll = false;
  #hasWaiting = false;

  constructor(graph: AuthorityGraph) {
    const { programs, objects } = graph;
    this.#graph = graph;
    this.#isLarge = programs.length + objects.size > NODES_MAX;
    this.#groups = this.#isLarge
      ? byJob(programs)
      : programs.map((one) => ({ label: labelOf(one), programs: [one] }));
    this.#groups.forEach(({ programs }, at) => {
      for (const { koid } of programs) this.#processes.set(koid, `g${at}`);
    });
    this.#grips = this.#groups.flatMap(({ programs }, at) => gripsOf(programs, `g${at}`));
  }

  get lines(): string[] {
    const holders = this.#holders();
    // What one job's programs alone hold says nothing about what flows between jobs.
    const shown = new Set(
      [...holders].filter(([, groups]) => !this.#isLarge || groups.size > 1).map(([node]) => node),
    );
    const waiting = [...shown].flatMap((node) => this.#waiting(node, shown));
    const nodes = [...shown].filter((node) => !node.startsWith("g"));
    const body = [
      ...this.#groups.map((group, at) => this.#groupLine(group, `g${at}`, holders)),
      ...nodes.map((node) => `  ${node} ${this.#nodeOf(Number(node.slice(1)))};`),
      ...this.#grips.filter(({ koid }) => shown.has(this.#node(koid))).map((one) =>
        this.#edge(one)
      ),
      ...waiting,
    ];
    this.#hasWaiting = waiting.length > 0;
    return [...HEAD, ...body, "}"];
  }

  /** What is to be explained, once it is written down. */
  get used(): Used {
    return {
      looks: this.#looks,
      rights: this.#rights,
      hasAll: this.#hasAll,
      hasWaiting: this.#hasWaiting,
    };
  }

  /** The node of an object: its program's, or that of both ends of a pair. */
  #node(koid: number): string {
    return this.#processes.get(koid) ?? `o${this.#first(koid)}`;
  }

  /** The end of a pair that stands for both, where both are known. */
  #first(koid: number): number {
    const peer = this.#graph.objects.get(koid)?.peer ?? 0;
    return this.#graph.objects.has(peer) ? Math.min(koid, peer) : koid;
  }

  /** The groups that hold each node. */
  #holders(): Holders {
    const holders = new Map<string, Set<string>>();
    for (const { group, koid } of this.#grips) {
      const node = this.#node(koid);
      holders.set(node, (holders.get(node) ?? new Set()).add(group));
    }
    return holders;
  }

  #groupLine({ label }: Group, node: string, holders: Holders): string {
    const alone =
      [...holders].filter(([held, groups]) =>
        groups.size === 1 && groups.has(node) && held !== node
      ).length;
    const text = this.#isLarge && alone > 0 ? `${label}\nand ${alone} objects of its own` : label;
    return `  ${node} ${nodeText(text, PROGRAM_LOOK)};`;
  }

  #nodeOf(koid: number): string {
    const { objects } = this.#graph;
    const { name, type } = objects.get(koid) ?? { name: "", type: "object" };
    const isPair = objects.has(objects.get(koid)?.peer ?? 0);
    const plain = isPair ? name.replace(/\/[01]$/, "") : name;
    const look = lookOf(type);
    this.#looks.add(look);
    if (plain === "") return nodeText(`${type} ${koid}`, look);
    // What says itself what it is, such as pipe:[3], needs no word before it.
    return nodeText(plain.startsWith(`${type}:`) ? plain : `${type}\n${plain}`, look);
  }

  #edge({ group, koid, rights }: Grip): string {
    const node = this.#node(koid);
    // From who holds the first end over the pair to who holds the other.
    const isBack = node === `o${this.#first(koid)}` && this.#first(koid) !== koid;
    const end = /\/[01]$/.exec(nameIn(this.#graph.objects, koid))?.[0] ?? "";
    const words = [...(end === "" ? [] : [end]), this.#word(koid, rights)].join(" ");
    const [from, to] = isBack ? [node, group] : [group, node];
    return `  ${from} -> ${to} [${lineLook(rights, isBack)} label=${quoted(words)}];`;
  }

  #word(koid: number, rights: number): string {
    if (rightsOn(this.#graph.objects.get(koid)?.type ?? "", rights) === "all") {
      this.#hasAll = true;
      return "all";
    }
    this.#rights |= rights;
    return lettersOf(rights);
  }

  /** What is on its way in a node's messages; what nobody holds is shown for it. */
  #waiting(node: string, shown: Set<string>): string[] {
    const koid = Number(node.slice(1));
    const { objects } = this.#graph;
    if (!node.startsWith("o") || this.#isLarge) return [];
    const ends = [koid, objects.get(koid)?.peer ?? 0].flatMap((one) =>
      objects.get(one)?.waiting ?? []
    );
    return ends.map(({ koid, rights }: Holding) => {
      shown.add(this.#node(koid));
      const word = quoted(this.#word(koid, rights));
      return `  ${node} -> ${this.#node(koid)} [style=dashed arrowhead=none label=${word}];`;
    });
  }
}

function labelOf({ name, linux }: GraphProgram): string {
  return linux ? `${name}\nuser ${linux.users.join(", ")}` : name;
}

function byJob(programs: readonly GraphProgram[]): Group[] {
  return [...Map.groupBy(programs, ({ job }) => job)].map(([job, programs]) => {
    const names = programs.length > NAMES_MAX
      ? `${programs.length} programs`
      : programs.map(({ name }) => name).join(", ");
    return { label: `job ${job}\n${names}`, programs };
  });
}

/** What programs hold, each object once. */
function gripsOf(programs: readonly GraphProgram[], group: string): Grip[] {
  const grips = new Map<number, Grip>();
  for (const { koid, rights } of programs.flatMap(({ handles }) => handles)) {
    const grip = grips.get(koid) ?? { group, koid, rights: 0 };
    grip.rights |= rights;
    grips.set(koid, grip);
  }
  return [...grips.values()];
}
