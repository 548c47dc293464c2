/**
 * From a region to a WebAssembly module.
 *
 * @module
 */
import type { Instruction } from "../instruction.ts";
import { Imported, IMPORTS, TYPES } from "./imports.ts";
import type { Isa } from "../isa.ts";
import type { Linkage } from "./linkage.ts";
import type { Region } from "./region.ts";
import { MISS, missBody } from "./miss.ts";
import { RegisterFlow } from "./register_flow.ts";
import { RegionWriter } from "./writer.ts";
import { type Routine, routineBody, SETTLE, WIDE_PAIR } from "../routines.ts";
import { type CodeData, factsOf, NoteTaker, repeat, type Shelf, shelfOf } from "./shelf.ts";
import { tableType } from "./table.ts";
import { type Traits, traitsOf } from "./traits.ts";
import { unroll } from "./unroll.ts";
import { type FunctionBody, moduleBytes } from "../wasm.ts";

const ROUTINE_TYPES = { widePair: TYPES.indexOf(WIDE_PAIR), settle: TYPES.indexOf(SETTLE) };

/** Every module has its own, so that V8 can put it where it is called. */
const MISS_BODY = missBody(TYPES.indexOf(MISS), Imported.seek);

/** Compiles regions of one instruction set. */
export class Compiler {
  readonly #isa: Isa;
  readonly #data: CodeData;
  readonly #memoryPages: number;
  readonly #shelf: Shelf;
  readonly #traits = new Map<string, Traits>();

  /** `memoryPages` is the size of the memory in pages of 64 KiB. */
  constructor(isa: Isa, data: CodeData, memoryPages: number) {
    this.#isa = isa;
    this.#memoryPages = memoryPages;
    this.#data = data;
    this.#shelf = shelfOf(isa);
  }

  /** What is known of an instruction. */
  readonly traitsOf = (instruction: Instruction): Traits => {
    let traits = this.#traits.get(instruction.name);
    if (traits === undefined) {
      traits = traitsOf(this.#isa.semantics[instruction.name]!);
      this.#traits.set(instruction.name, traits);
    }
    return traits;
  };

  /** A module whose function belongs at `slot` of the table; see `Analysed` for the last. */
  compile(region: Region, slot: number, narrow: ReadonlySet<number>): WebAssembly.Module {
    const narrowed = [...narrow].filter((address) => region.instructions.has(address)).sort();
    const own = [region.entry, slot, ...this.#data.next(), this.#memoryPages, narrowed.length];
    const facts = [...own, ...narrowed, ...factsOf(region)];
    const there = this.#shelf.find(facts);
    if (there !== null) {
      repeat(there.notes, this.#data);
      return there.module;
    }
    const data = new NoteTaker(this.#data);
    const bytes = this.#bytes(region, slot, narrow, data);
    const module = new WebAssembly.Module(bytes);
    this.#shelf.put(facts, { module, notes: data.notes, size: bytes.length });
    return module;
  }

  #bytes(
    region: Region,
    slot: number,
    narrow: ReadonlySet<number>,
    data: CodeData,
  ): Uint8Array<ArrayBuffer> {
    const routines: Routine[] = [];
    const self = IMPORTS.length;
    const link: Linkage = {
      syscall: Imported.trap,
      enter: Imported.link,
      miss: self + 1,
      callee: Imported.callee,
      float: Imported.float,
      limits: Imported.limits,
      time: Imported.time,
      home: Imported.home,
      self,
      regionType: 0,
      site: (address) => data.site(address),
      labels: (count) => data.labels(count),
      setLabel: (address, label) => data.setLabel(address, label),
      routine: (name) => {
        if (!routines.includes(name)) routines.push(name);
        return self + 2 + routines.indexOf(name);
      },
    };
    const body = this.#write(region, link, narrow);
    const functions = [
      body,
      MISS_BODY,
      ...routines.map((name) => routineBody(name, ROUTINE_TYPES)),
    ];
    return moduleBytes({
      types: TYPES,
      imports: IMPORTS,
      functions,
      memoryPages: this.#memoryPages,
      table: tableType(TYPES),
      slot,
    });
  }

  #write(plain: Region, link: Linkage, narrow: ReadonlySet<number>): FunctionBody {
    const graph = unroll(plain);
    const flow = new RegisterFlow(graph, this.traitsOf);
    const analysed = {
      region: graph.region,
      graph,
      flow,
      isa: this.#isa,
      traitsOf: this.traitsOf,
      narrow,
    };
    const writer = new RegionWriter(analysed, link);
    writer.write();
    return { type: 0, locals: writer.variables.declarations, code: writer.code };
  }
}
