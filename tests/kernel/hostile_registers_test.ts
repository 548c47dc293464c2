import { assertEquals } from "@std/assert";
import { Status } from "../../kernel/abi.ts";
import type { Row } from "../../kernel/syscall/row.ts";
import { ZIRCON_ROWS } from "../../kernel/zircon/rows.ts";
import type { Mapping } from "../../kernel/vm/mapping.ts";
import { Audit } from "../support/audit.ts";
import { makeObject, OBJECT_CLASSES } from "../support/every_object.ts";
import { SeededEntropy } from "../../lab/machine/seeded_entropy.ts";
import { Registers } from "../support/registers.ts";

const CALLS = Deno.args.includes("--long") ? 2_000_000 : 40_000;
const CALLS_EACH = 150;
const ALL_RIGHTS = 0x1ffffff;
const AREA = 16384;
const ODD = [
  0,
  1,
  2,
  3,
  8,
  64,
  4096,
  2 ** 31,
  2 ** 32 - 1,
  2 ** 40,
  2 ** 53,
  2 ** 63,
  2 ** 64 - 2048,
];

/** Answers that refuse nothing. */
const NEWS: ReadonlySet<number> = new Set([
  Status.SHOULD_WAIT,
  Status.TIMED_OUT,
  Status.CANCELED,
  Status.PEER_CLOSED,
]);

/** A program that has everything and knows no manners. */
class Hostile {
  readonly program = new Registers();
  readonly audit: Audit;
  readonly #random: SeededEntropy;
  readonly #handles = new Map<string, number>();
  readonly #area: number;

  constructor(random: SeededEntropy) {
    this.#random = random;
    const { process, machine } = this.program;
    const { vmo } = process.space.root.regions.all()[0] as Mapping;
    this.audit = new Audit(machine.kernel, { known: [vmo] });
    for (const name of OBJECT_CLASSES) {
      const object = makeObject(name, this.program);
      this.#handles.set(name, this.program.give(object, ALL_RIGHTS));
    }
    this.#area = this.program.place(AREA);
  }

  /** One call with registers and memory of any content; answers whether it can make another. */
  attempt(row: Row): boolean {
    const { program } = this;
    this.#scribble();
    const registers: number[] = [];
    row.registers.forEach((register, at) => {
      if (register >= 0) registers[register] = this.#register(row, at);
    });
    const answer = program.call(row.name, ...registers);
    this.audit.called(row.name);
    if (answer === "parked") program.abort();
    else if (answer < 0 && !NEWS.has(answer)) {
      const { denial } = program;
      assertEquals([denial?.syscall, denial?.status], [row.name, answer]);
    }
    return program.process.state !== "dead";
  }

  #register(row: Row, at: number): number {
    const kind = row.kinds[at]!;
    const fitting = kind.demands && this.#handles.get(kind.demands.type);
    if (fitting !== undefined && this.#below(8) > 0) return fitting;
    switch (this.#below(4)) {
      case 0:
        return ODD[this.#below(ODD.length)]!;
      case 1:
        return this.#anyHandle();
      default:
        return this.#area + this.#below(AREA / 4) * 4;
    }
  }

  #scribble(): void {
    const { memory } = this.program.process;
    for (let n = 0; n < 8; n++) {
      const value = this.#below(2) ? this.#anyHandle() : this.#area + this.#below(AREA);
      memory.writeU32(this.#area + this.#below(AREA / 4) * 4, this.#below(3) ? value : n);
    }
  }

  #anyHandle(): number {
    const handles = [...this.#handles.values()];
    return handles[this.#below(handles.length)]!;
  }

  #below(limit: number): number {
    return this.#random.next() % limit;
  }
}

Deno.test("no registers and no memory make the kernel fail, and it says why it refuses", () => {
  const random = new SeededEntropy(11);
  const rows = Object.values(ZIRCON_ROWS) as unknown as readonly Row[];
  let calls = 0;
  while (calls < CALLS) {
    const hostile = new Hostile(random);
    for (let n = 0; n < CALLS_EACH; n++) {
      calls++;
      if (!hostile.attempt(rows[random.next() % rows.length]!)) break;
    }
    const { process, realm } = hostile.program;
    process.kill();
    hostile.audit.end();
    assertEquals(process.handleTable.size, 0);
    // A channel may wait in itself for ever, as in Zircon; whatever else there was is gone.
    if (realm.census().channel === undefined) {
      assertEquals([realm.kept, realm.handles], [0, 0]);
    }
  }
});
