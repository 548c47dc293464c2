/**
 * The stand-ins for packages do what Node's own modules do, which they once were made of, and what
 * the registry's packages do where those differ.
 *
 * @module
 */
import { existsSync as nodeExistsSync, readdirSync } from "node:fs";
import { delimiter, posix } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { parseArgs as nodeParseArgs } from "node:util";
import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { parseArgs, type ParseOptions } from "../std/cli.ts";
import { ensureDirSync, existsSync, walkSync } from "../std/fs.ts";
import {
  basename,
  DELIMITER,
  dirname,
  extname,
  fromFileUrl,
  join,
  relative,
  resolve,
  toFileUrl,
} from "../std/path.ts";

const often = { seed: 20_26, numRuns: Deno.args.includes("--long") ? 20_000 : 1500 };

const NAMES = [
  "",
  ".",
  "..",
  "...",
  "a",
  "b.c",
  "b.c.d",
  ".e",
  "..e",
  "f.",
  "g h",
  "ü",
  "%41",
  "\n",
];
const anyPath = fc.array(fc.constantFrom(...NAMES), { maxLength: 6 })
  .map((names) => names.join("/"));
const anySuffix = fc.constantFrom(".c", ".c.d", ".d", "c", "d", ".", "e", ".e", "");

Deno.test("a path has the last part, the extension and the folder that Node finds", () => {
  fc.assert(
    fc.property(anyPath, anySuffix, (path, suffix) => {
      assertEquals(extname(path), posix.extname(path));
      // Only here slashes at a folder's end are not part of it.
      assertEquals(dirname(path), posix.dirname(path).replace(/(?<=.)\/+$/s, ""));
      if (/^\/+$/.test(path)) return;
      assertEquals(basename(path), posix.basename(path));
      // Node takes a suffix off that is all there is, unless there is a folder before it.
      if (path !== suffix) assertEquals(basename(path, suffix), posix.basename(path, suffix));
    }),
    often,
  );
});

Deno.test("the root is the last part of itself, and no name is all suffix", () => {
  assertEquals(["/", "//", "///"].map((path) => basename(path)), ["/", "/", "/"]);
  assertEquals([basename(".ts", ".ts"), basename("a/.ts", ".ts")], [".ts", ".ts"]);
  assertEquals([basename("/a/b.test.ts/", ".ts"), basename("a/b/", "a/b")], ["b.test", "b"]);
  assertEquals(["//a", "/a//b", "a/b//", "a"].map(dirname), ["/", "/a", "a", "."]);
});

Deno.test("paths are put together, made absolute and held against each other as Node does it", () => {
  fc.assert(
    fc.property(fc.array(anyPath, { maxLength: 4 }), anyPath, anyPath, (parts, from, to) => {
      assertEquals(join(...parts), posix.join(...parts));
      assertEquals(resolve(...parts), posix.resolve(...parts));
      assertEquals(relative(from, to), posix.relative(from, to));
    }),
    often,
  );
  assertEquals(join("a", "../..", "b/"), "../b/");
  assertEquals(resolve("/a", "b", "../c/"), "/a/c");
  assertEquals(relative("/a/b/c", "/a/d"), "../../d");
  assertEquals(DELIMITER, delimiter);
});

const anyName = fc.string({ unit: "binary", maxLength: 12 })
  .filter((name) => !name.includes("/") && name !== "." && name !== ".." && name !== "");
const hardName = fc.string({ unit: fc.constantFrom(..."aC:|%25?#\\\n\t\r\v\f \0é€😀&+~[]^{}'\"") })
  .filter((name) => name !== "");

Deno.test("a path comes back from its URL, and Node reads and writes the same", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(anyName, hardName), { maxLength: 4 }), (names) => {
      const path = `/${names.join("/")}`;
      const url = toFileUrl(path);
      assertEquals(new URL(url.href).href, url.href);
      assertEquals([url.search, url.hash, url.host], ["", "", ""]);
      assertEquals([fromFileUrl(url), fromFileUrl(url.href)], [path, path]);
      assertEquals(fileURLToPath(url), path);
      assertEquals(fromFileUrl(pathToFileURL(path)), path);
    }),
    often,
  );
});

Deno.test("a URL of a file has no other scheme, and a path that is to be one is absolute", () => {
  assertEquals(toFileUrl("/a b/50%?#\n\\.ts").href, "file:///a%20b/50%25%3F%23%0A%5C.ts");
  assertEquals(toFileUrl("/a/./b/../ü@(1).ts").href, "file:///a/%C3%BC@(1).ts");
  assertEquals(fromFileUrl("file:///a%20b/%C3%BC%0A%3F"), "/a b/ü\n?");
  assertEquals(fromFileUrl("file:///50%/100%zz"), "/50%/100%zz");
  for (const url of ["http://a/b", "data:,a", new URL("npm:a"), "a", ""]) {
    assertThrows(() => fromFileUrl(url), TypeError);
  }
  for (const path of ["", "a", "./a", "file:///a"]) {
    assertThrows(() => toFileUrl(path), TypeError, "absolute");
  }
});

const PARSING: ParseOptions = {
  boolean: ["help", "json", "verbose"],
  string: ["seed", "name", "bind"],
  collect: ["bind", "verbose"],
  alias: { help: "h", verbose: "v", seed: "s", bind: "b" },
};

/** Without a dash among short flags, or a long one without a name: Node does odd things with these. */
const anyWord = fc.oneof(
  fc.constantFrom("--", "-", "", "plain", "a=b", "--=", "-=", "--no-json", "--toString", "-1"),
  fc.tuple(
    fc.constantFrom("--help", "--json", "--seed", "--name", "--bind", "--verbose", "--wrong"),
    fc.constantFrom("", "", "=", "=1", "=a=b", "=--"),
  ).map((parts) => parts.join("")),
  fc.string({ unit: fc.constantFrom(..."hvsbjx1=é "), minLength: 1, maxLength: 4 })
    .map((letters) => `-${letters}`),
);

Deno.test("a command line is read as Node reads it, flag by flag", () => {
  fc.assert(
    fc.property(fc.array(anyWord, { maxLength: 7 }), (words) => {
      const unknown: string[] = [];
      const given = [...words];
      const args = parseArgs(words, { ...PARSING, unknown: (flag) => unknown.push(flag) });
      assertEquals({ args, unknown }, asNode(words));
      assertEquals(words, given);
    }),
    often,
  );
});

/** What Node makes of words, in the shape that is ours. */
function asNode(words: readonly string[]) {
  const { boolean = [], string = [], collect, alias } = PARSING;
  const options = [...boolean, ...string].map((name) =>
    [name, {
      type: boolean.includes(name) ? "boolean" : "string",
      multiple: collect?.includes(name) ?? false,
      ...alias?.[name] === undefined ? {} : { short: alias[name] },
    }] as const
  );
  const { values, positionals, tokens } = nodeParseArgs({
    args: [...words],
    options: Object.fromEntries(options),
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  const unknown = tokens.flatMap((token) =>
    token.kind === "option" && !options.some(([name]) => name === token.name) ? [token.rawName] : []
  );
  return { args: { ...values, _: positionals }, unknown };
}

Deno.test("flags have values behind them or in them, stand in groups, and end before two dashes", () => {
  assertEquals(parseArgs(["--seed", "1", "a", "--json", "--name=b=c", "--", "--help"], PARSING), {
    seed: "1",
    json: true,
    name: "b=c",
    _: ["a", "--help"],
  });
  assertEquals(parseArgs(["-hs1", "-b", "x", "--bind=y", "-vv"], PARSING), {
    help: true,
    seed: "1",
    bind: ["x", "y"],
    verbose: [true, true] as unknown as string[],
    _: [],
  });
  assertEquals(parseArgs(["--name", "--json", "--seed"], PARSING), {
    name: "--json",
    seed: true,
    _: [],
  });
});

Deno.test("where flags end early, the first plain word and all behind it are left alone", () => {
  const early = (...words: string[]) => parseArgs(words, { ...PARSING, stopEarly: true });
  assertEquals(early("--seed", "1", "-h", "a", "--json"), {
    seed: "1",
    help: true,
    _: ["a", "--json"],
  });
  assertEquals(early("--json", "--", "--help", "--"), { json: true, _: ["--help", "--"] });
  assertEquals(early("-s", "1", "-", "a"), { seed: "1", _: ["-", "a"] });
});

const anyFile = fc.array(fc.constantFrom("a", "B", "c.ts", "d.js", "é", "z"), {
  minLength: 1,
  maxLength: 4,
});

Deno.test("a walk finds what Node does, in order, and only what is asked for", () => {
  fc.assert(
    fc.property(fc.array(anyFile, { maxLength: 12 }), fc.nat(3), (files, form) => {
      using place = new Folder();
      place.fill(files);
      const options = {
        ...form & 1 ? { exts: [".ts"] } : {},
        includeDirs: (form & 2) === 0,
        skip: [/\/B$/],
      };
      const wanted = nodeWalk(place.path).filter(({ path, isDirectory }) =>
        !/\/B(\/|$)/.test(path) &&
        (isDirectory ? form === 0 : form % 2 === 0 || path.endsWith(".ts"))
      );
      assertEquals([...walkSync(place.path, options)], wanted);
      assertEquals([...walkSync(`${place.path}/`, options)], wanted);
    }),
    { ...often, numRuns: 60 },
  );
});

/** All that Node finds below a folder, each folder before what is in it. */
function nodeWalk(folder: string) {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true });
  // The order of paths is that of a walk, as here no name goes on with a dot where another one ends.
  return found.map((one) => ({
    path: `${one.parentPath}/${one.name}`,
    name: one.name,
    isFile: one.isFile(),
    isDirectory: one.isDirectory(),
  })).sort((a, b) => a.path < b.path ? -1 : 1);
}

Deno.test("a walk that cannot begin says so", () => {
  using place = new Folder();
  assertThrows(() => [...walkSync(`${place.path}/a`)], Deno.errors.NotFound);
});

Deno.test("what cannot be reached is not there, for Node and here", () => {
  using place = new Folder();
  place.fill([["a", "b"]]);
  const names = ["", "a", "a/b", "a/b/c", "c", "c/d", "\0"];
  const paths = [...names.map((name) => `${place.path}/${name}`), "x".repeat(5000)];
  const there = paths.filter(existsSync);
  assertEquals(there, paths.filter((path) => nodeExistsSync(path)));
  assertEquals(there.length, 3);
  assert(existsSync(toFileUrl(place.path)) && !existsSync(toFileUrl(`${place.path}/c`)));
  assert(!existsSync(""));
});

Deno.test("what may not be looked for is an error, not an absence", {
  permissions: { read: false },
}, () => {
  assertThrows(() => existsSync("/tmp"), Deno.errors.NotCapable);
});

Deno.test("a folder is made with those above it, and may be there already", () => {
  using place = new Folder();
  const folder = `${place.path}/a/b`;
  ensureDirSync(folder);
  ensureDirSync(toFileUrl(folder));
  assert(Deno.statSync(folder).isDirectory);
  place.fill([["c"]]);
  assertThrows(() => ensureDirSync(`${place.path}/c`), Error);
});

/** A folder that is there for a test. */
class Folder implements Disposable {
  readonly path = Deno.makeTempDirSync();

  /** Make files, where no file or folder of the name is in the way. */
  fill(files: readonly (readonly string[])[]): void {
    for (const names of files) {
      const path = [this.path, ...names].join("/");
      try {
        Deno.mkdirSync(posix.dirname(path), { recursive: true });
        Deno.writeTextFileSync(path, "");
      } catch (error) {
        const inTheWay = [
          Deno.errors.AlreadyExists,
          Deno.errors.NotADirectory,
          Deno.errors.IsADirectory,
        ];
        if (!inTheWay.some((type) => error instanceof type)) throw error;
      }
    }
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.path, { recursive: true });
  }
}
