/**
 * The rules of the house, as tests: which way imports point, which names stay out of which folders,
 * how long a file and a function may be, that exports are documented and that nothing is unreachable.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { walkSync } from "@std/fs";
import { dirname, fromFileUrl, join } from "@std/path";

const ROOT = fromFileUrl(new URL("..", import.meta.url)).replace(/\/$/, "");
const FOLDERS = ["kernel", "cpu", "loader", "lab", "scripts", "guests", "std", "tests"];
const FILE_LINES_MAX = 400;
const FUNCTION_LINES_MAX = 50;

/** Everything userspace may know of the kernel: its numbers, and its calls as a client sees them. */
const USERSPACE = ["kernel/abi", "kernel/client.ts"];
const KERNEL_FLOOR = [
  "kernel/abi",
  "kernel/invariant.ts",
  "kernel/ports.ts",
  "kernel/events.ts",
];

/** Who may import whom; the first prefix that fits decides. `*` means anything but tests. */
const MAY_IMPORT: readonly (readonly [prefix: string, targets: readonly string[]])[] = [
  ["cpu/", ["cpu/"]],
  ["loader/elf", ["loader/elf/"]],
  ["loader/mod.ts", ["loader/"]],
  ["loader/zircon/", ["loader/zircon/", "loader/elf.ts", "loader/report.ts", ...USERSPACE]],
  ["loader/userland_exec/", ["loader/userland_exec/", "loader/elf.ts", ...USERSPACE]],
  ["loader/", ["loader/", "kernel/"]],
  ["kernel/abi", ["kernel/abi"]],
  ["kernel/invariant.ts", []],
  ["kernel/ports.ts", ["kernel/abi"]],
  ["kernel/events.ts", ["kernel/abi"]],
  ["kernel/object/", ["kernel/object/", ...KERNEL_FLOOR]],
  ["kernel/ipc/", ["kernel/ipc/", "kernel/object/", ...KERNEL_FLOOR]],
  ["kernel/vm/", ["kernel/vm/", "kernel/object/", ...KERNEL_FLOOR]],
  ["kernel/task/", [
    "kernel/task/",
    "kernel/ipc/",
    "kernel/vm/",
    "kernel/object/",
    ...KERNEL_FLOOR,
  ]],
  ["kernel/syscall/", [
    "kernel/syscall/",
    "kernel/task/",
    "kernel/vm/",
    "kernel/object/",
    ...KERNEL_FLOOR,
  ]],
  ["kernel/zircon/", ["kernel/zircon/", ...kernelBelowPersonalities()]],
  ["kernel/linux/abi/", ["kernel/linux/abi/"]],
  ["kernel/linux/", ["kernel/linux/", ...kernelBelowPersonalities()]],
  ["kernel/rtsmart/", ["kernel/rtsmart/", ...kernelBelowPersonalities()]],
  ["kernel/client.ts", ["kernel/zircon/", ...kernelBelowPersonalities()]],
  ["kernel/", ["kernel/"]],
  ["guests/", ["guests/", "cpu/", "loader/elf.ts", ...USERSPACE]],
  ["std/", ["std/"]],
  ["lab/", ["lab/", "kernel/", "cpu/", "loader/", "guests/"]],
  ["mod.ts", ["lab/", "kernel/", "cpu/", "loader/", "guests/"]],
  ["scripts/", ["*"]],
  ["tests/", ["*", "tests/"]],
];

function kernelBelowPersonalities(): string[] {
  return [
    "kernel/syscall/",
    "kernel/task/",
    "kernel/ipc/",
    "kernel/vm/",
    "kernel/object/",
    "kernel/kernel.ts",
    ...KERNEL_FLOOR,
  ];
}

interface Ban {
  readonly pattern: RegExp;
  readonly use: string;
  readonly within: RegExp;
}

const PURE = /^(kernel|cpu|loader|lab)\//;
const MACHINE = /^(kernel|cpu)\//;

/** Names that stay out, and what to use instead. */
const BANNED: readonly Ban[] = [
  { within: MACHINE, pattern: /\basync\b|\bawait\b|\bPromise\b/, use: "park the thread" },
  { within: MACHINE, pattern: /\bDate\b|\bperformance\./, use: "the Clock port" },
  { within: MACHINE, pattern: /Math\.random|crypto\./, use: "the Entropy port" },
  { within: PURE, pattern: /\bDeno\./, use: "a port, or code in scripts/" },
  { within: PURE, pattern: /(?<!\.)\bconsole\./, use: "the Console port" },
  {
    within: /^(kernel|cpu|loader|lab|guests|mod\.ts)/,
    pattern: /@std\/assert/,
    use: "invariant()",
  },
  { within: /^scripts\//, pattern: /@std\/assert/, use: "CommandError, or invariant()" },
  { within: /^std\/(?!assert)/, pattern: /"node:/, use: "Deno, which is there without loading" },
  { within: /./, pattern: /\bFinalizationRegistry\b/, use: "explicit closing" },
  { within: /./, pattern: /:\s*any\b|<any\b|\bas any\b/, use: "unknown, or the type" },
  { within: /./, pattern: /\b(FIXME|TODO|XXX|HACK)\b/, use: "do it, or say it in the manual" },
  { within: /^kernel\//, pattern: /^let |^export let /m, use: "a field of Kernel" },
  { within: /^cpu\//, pattern: /^let |^export let /m, use: "a field of the processor" },
];

const sources = readSources();

Deno.test("every import points down the diagram of the layers", () => {
  const strays = [...sources].flatMap(([path, text]) =>
    importsOf(path, text).filter((target) => !mayImport(path, target)).map((target) =>
      `${path} -> ${target}`
    )
  );
  assertEquals(strays, []);
});

Deno.test("no source needs itself to be there first, by way of whatever it imports", () => {
  const needs = new Map(
    [...sources].map(([path, text]) => [path, importsOf(path, withoutTypes(text))] as const),
  );
  assertEquals([...sources.keys()].filter((path) => reaches(needs, path, path)), []);
});

Deno.test("the rule on rings sees one, and lets types go round", () => {
  const rings = (back: string) => {
    const needs = new Map([["a.ts", ["b.ts"]], ["b.ts", importsOf("b.ts", withoutTypes(back))]]);
    return reaches(needs, "a.ts", "a.ts");
  };
  assertEquals(rings('import { type A, a } from "./a.ts";'), true);
  assertEquals(rings('import { type A } from "./a.ts";'), true);
  assertEquals(rings('import type { A } from "./a.ts";'), false);
});

Deno.test("names that break determinism or the layers stay out of the folders they would harm", () => {
  const found: string[] = [];
  for (const [path, text] of sources) {
    if (path === "tests/house_test.ts") continue;
    const code = withoutComments(text);
    for (const ban of BANNED) {
      if (ban.within.test(path) && ban.pattern.test(code)) {
        found.push(`${path}: ${ban.pattern.source}: use ${ban.use}`);
      }
    }
  }
  assertEquals(found, []);
});

Deno.test("a trace of Linux's calls has the names of numbers, and the kernel the numbers", () => {
  const found = [...sources].filter(([path]) => path.startsWith("lab/strace/"))
    .flatMap(([path, text]) => numbersNamed(withoutComments(text)).map((one) => `${path}: ${one}`));
  assertEquals(found, []);
});

Deno.test("the rule on names of numbers sees a number beside its name", () => {
  const text = 'flagSet("F_", {\n  DUPFD: Fcntl.DUPFD,\n  GETFD: 0x1,\n  NONE: 0,\n});';
  assertEquals(numbersNamed(text), ["GETFD: 0x1"]);
});

Deno.test("no file is longer than 400 lines that a person wrote", () => {
  const long = [...sources].filter(([, text]) => !isGenerated(text)).map(([path, text]) => ({
    path,
    lines: text.split("\n").length - 1,
  }))
    .filter(({ lines }) => lines > FILE_LINES_MAX).map(({ path, lines }) => `${path}: ${lines}`);
  assertEquals(long, []);
});

Deno.test("no function is longer than 50 lines", () => {
  const long = [...sources].flatMap(([path, text]) =>
    Deno.lint.runPlugin(functionLength, path, text).map((found) => `${path}: ${found.message}`)
  );
  assertEquals(long, []);
});

Deno.test("the rule on function length sees a function that is too long", () => {
  const text = `export function f(): void {\n${"  g();\n".repeat(FUNCTION_LINES_MAX)}}\n`;
  const found = Deno.lint.runPlugin(functionLength, "a.ts", text);
  assertEquals(found.map((one) => one.message), ["a function of 52 lines"]);
});

Deno.test("every export says what it is in a comment", () => {
  const bare: string[] = [];
  for (const [path, text] of sources) {
    if (path.startsWith("tests/")) continue;
    const lines = text.split("\n");
    lines.forEach((line, at) => {
      if (!/^export (async )?(abstract )?(function|class|const|interface|type) [^*{]/.test(line)) {
        return;
      }
      if (!documented(lines, at)) bare.push(`${path}:${at + 1}`);
    });
  }
  assertEquals(bare, []);
});

Deno.test("every folder opens with a mod.ts whose comment is its first page", () => {
  const without = FOLDERS.filter((folder) => !sources.get(`${folder}/mod.ts`)?.startsWith("/**"));
  assertEquals(without, []);
});

Deno.test("nothing is unreachable: every source is imported from a mod.ts, a script or a test", () => {
  const roots = [...sources.keys()].filter((path) =>
    path.endsWith("mod.ts") || path.startsWith("scripts/") || /^tests\/.*_test\.ts$/.test(path)
  );
  const seen = new Set(roots);
  for (const path of seen) {
    for (const target of importsOf(path, sources.get(path) ?? "")) seen.add(target);
  }
  assertEquals([...sources.keys()].filter((path) => !seen.has(path)), []);
});

const functionLength: Deno.lint.Plugin = {
  name: "house",
  rules: {
    "function-length": {
      create(context) {
        const check = (node: Deno.lint.Node) => {
          const lines = context.sourceCode.getText(node).split("\n").length;
          if (lines > FUNCTION_LINES_MAX) {
            context.report({ node, message: `a function of ${lines} lines` });
          }
        };
        return {
          FunctionDeclaration: check,
          FunctionExpression: check,
          ArrowFunctionExpression: check,
        };
      },
    },
  },
};

function readSources(): Map<string, string> {
  const found = new Map<string, string>();
  for (const folder of FOLDERS) {
    if (!exists(`${ROOT}/${folder}`)) continue;
    for (const { path } of walkSync(`${ROOT}/${folder}`, { exts: [".ts"], includeDirs: false })) {
      found.set(path.slice(ROOT.length + 1), Deno.readTextFileSync(path));
    }
  }
  if (exists(`${ROOT}/mod.ts`)) found.set("mod.ts", Deno.readTextFileSync(`${ROOT}/mod.ts`));
  return found;
}

/** Whether the first line says which command wrote the file. */
function isGenerated(text: string): boolean {
  return text.startsWith("// Generated by `deno task ");
}

function exists(path: string): boolean {
  try {
    return Deno.statSync(path) !== undefined;
  } catch {
    return false;
  }
}

function importsOf(path: string, text: string): string[] {
  const code = withoutComments(text);
  const found = [...code.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"([.@][^"]+)"/g)];
  return found.map((match) => match[1]!.replace(/^@std\/(\w+)$/, `${up(path)}std/$1.ts`))
    .filter((specifier) => specifier.startsWith(".") && specifier.endsWith(".ts"))
    .map((specifier) => join(dirname(path), specifier));
}

/** A source without its imports of types: all others are still there when it runs, whatever they bring. */
function withoutTypes(text: string): string {
  return text.replace(/^(?:import|export) type [^;]*;/gm, "");
}

/** Whether one source leads to another by imports, in one step or more. */
function reaches(
  needs: ReadonlyMap<string, readonly string[]>,
  from: string,
  to: string,
): boolean {
  const seen = new Set(needs.get(from));
  for (const path of seen) for (const target of needs.get(path) ?? []) seen.add(target);
  return seen.has(to);
}

/** Where sets of names give a number of their own to one; 0 says that there is none of them. */
function numbersNamed(code: string): string[] {
  return [...code.matchAll(/flagSet\([^{}()]*\{[^}]*\}/g)]
    .flatMap(([set]) => set.match(/\b\w+: -?(?:0[xo][\da-f]*[1-9a-f]|[1-9])\w*/g) ?? []);
}

/** The way from a source back to the root, where the import map points from. */
function up(path: string): string {
  return `./${"../".repeat(path.split("/").length - 1)}`;
}

function mayImport(path: string, target: string): boolean {
  const rule = MAY_IMPORT.find(([prefix]) => path.startsWith(prefix));
  if (!rule) return false;
  if (target.startsWith("std/")) return /^(std|tests|scripts)\//.test(path);
  return rule[1].some((allowed) =>
    allowed === "*" ? !target.startsWith("tests/") : target.startsWith(allowed)
  );
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|\s)\/\/.*$/gm, "$1");
}

function documented(lines: readonly string[], at: number): boolean {
  let above = at - 1;
  while (above >= 0 && /^\/\/ deno-lint-ignore|^@/.test(lines[above]!)) above--;
  if (above >= 0 && lines[above]!.trimEnd().endsWith("*/")) return true;
  // The further signatures of an overloaded function share the first one's comment.
  return above >= 0 && /^export function/.test(lines[above]!) && lines[above]!.endsWith(";");
}
