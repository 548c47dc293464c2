/**
 * Sets of authority: which program may use which right on which object.
 *
 * @module
 */
import { type RightName, rightNames } from "../../kernel/abi.ts";

/** A program may use a right on an object. */
export interface Authority {
  /** The program. */
  readonly program: string;
  /** The object's identity. */
  readonly koid: number;
  /** What people call the object. */
  readonly object: string;
  /** The right. */
  readonly right: RightName;
}

/** Which authorities to look for; what is left out may be anything. */
export type AuthorityQuery = Partial<Omit<Authority, "object">>;

/** A set of authorities, in a fixed order. */
export class AuthoritySet {
  readonly #facts = new Map<string, Authority>();

  /** The set of these authorities. */
  constructor(facts: Iterable<Authority> = []) {
    const sorted = [...facts].map((fact) => [keyOf(fact), fact] as const);
    sorted.sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0);
    for (const [key, fact] of sorted) this.#facts.set(key, fact);
  }

  /** Every right of a mask on an object, as authorities of a program. */
  static ofRights(program: string, koid: number, object: string, rights: number): Authority[] {
    return rightNames(rights).map((right) => ({ program, koid, object, right }));
  }

  /** How many there are. */
  get size(): number {
    return this.#facts.size;
  }

  /** Whether there is one like this. */
  has(query: AuthorityQuery): boolean {
    return [...this].some((fact) => matches(fact, query));
  }

  /** Those that are like this. */
  where(query: AuthorityQuery): AuthoritySet {
    return new AuthoritySet([...this].filter((fact) => matches(fact, query)));
  }

  /** Those that are here or there. */
  union(other: AuthoritySet): AuthoritySet {
    return new AuthoritySet([...this, ...other]);
  }

  /** Those that are here and there. */
  intersection(other: AuthoritySet): AuthoritySet {
    return new AuthoritySet([...this].filter((fact) => other.#facts.has(keyOf(fact))));
  }

  /** Those that are here and not there. */
  minus(other: AuthoritySet): AuthoritySet {
    return new AuthoritySet([...this].filter((fact) => !other.#facts.has(keyOf(fact))));
  }

  /** Whether all that are here are there too. */
  subsetOf(other: AuthoritySet): boolean {
    return [...this.#facts.keys()].every((key) => other.#facts.has(key));
  }

  /** Each of them, in order. */
  [Symbol.iterator](): Iterator<Authority> {
    return this.#facts.values();
  }

  /** One line for each program and object, sorted: two sets differ where their texts do. */
  toString(): string {
    const lines = new Map<string, string[]>();
    for (const { program, koid, object, right } of this) {
      const line = `${program} ${object} (${koid})`;
      lines.set(line, [...lines.get(line) ?? [], right]);
    }
    return [...lines].map(([line, rights]) => `${line}: ${rights.join("|")}`).join("\n");
  }

  /** How Deno's notebooks show it: a table. */
  [Symbol.for("Jupyter.display")](): Readonly<Record<string, string>> {
    return { "text/plain": this.toString(), "text/html": tableOf(this) };
  }

  /** The authorities, for `JSON.stringify`. */
  toJSON(): readonly Authority[] {
    return [...this];
  }
}

function keyOf({ program, koid, right }: Authority): string {
  return `${program} ${String(koid).padStart(12, "0")} ${right}`;
}

function matches(fact: Authority, { program, koid, right }: AuthorityQuery): boolean {
  return (program === undefined || fact.program === program) &&
    (koid === undefined || fact.koid === koid) && (right === undefined || fact.right === right);
}

function tableOf(set: AuthoritySet): string {
  const rows = [...set].map((fact) =>
    `<tr><td>${escaped(fact.program)}</td><td>${
      escaped(fact.object)
    }</td><td>${fact.right}</td></tr>`
  );
  const head = "<tr><th>program</th><th>object</th><th>right</th></tr>";
  return `<table>${head}${rows.join("")}</table>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
