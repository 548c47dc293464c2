/**
 * The functions that compiled code calls, in a module of their own: each is there once in a machine,
 * so that V8 has it at its best soon, and modules that call it are so much shorter.
 *
 * @module
 */
import { CALLEE, calleeBody } from "./callee.ts";
import { elsewhereBody, HOME, homeBody } from "./home.ts";
import { LINK, PROBE } from "./imports.ts";
import { RUN } from "../interpreter/stepping_aside.ts";
import { SEEK, seekBody } from "./seek.ts";
import { REGION, tableType } from "./table.ts";
import { moduleBytes, type Signature } from "../wasm.ts";

const TYPES: readonly Signature[] = [
  REGION,
  LINK,
  CALLEE,
  HOME,
  RUN,
  PROBE,
  SEEK,
];

const IMPORTS = [
  { name: "link", type: TYPES.indexOf(LINK) },
  { name: "interpret", type: TYPES.indexOf(RUN) },
  { name: "probe", type: TYPES.indexOf(PROBE) },
];

/** What compiled code imports of a machine. */
export type Imports = WebAssembly.ModuleImports;

/** Modules by pages of memory. */
const MODULES = new Map<number, WebAssembly.Module>();

/** All that compiled code of a machine imports, with these functions. */
export function withSupport(imports: Imports, memoryPages: number): Imports {
  let module = MODULES.get(memoryPages);
  if (module === undefined) {
    module = new WebAssembly.Module(supportBytes(memoryPages));
    MODULES.set(memoryPages, module);
  }
  return { ...imports, ...new WebAssembly.Instance(module, { e: imports }).exports };
}

/** The module, for memories of so many pages of 64 KiB. */
function supportBytes(memoryPages: number): Uint8Array<ArrayBuffer> {
  return moduleBytes({
    types: TYPES,
    imports: IMPORTS,
    // The first is the one in the table's place that nobody has.
    functions: [
      elsewhereBody(0),
      { ...calleeBody(TYPES.indexOf(CALLEE), 0), name: "callee" },
      { ...homeBody(TYPES.indexOf(HOME), 1), name: "home" },
      { ...seekBody(TYPES.indexOf(SEEK), 2), name: "seek" },
    ],
    slot: 0,
    memoryPages,
    table: tableType(TYPES),
  });
}
