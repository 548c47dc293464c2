/**
 * Stand-ins for the packages `@std/assert`, `@std/cli`, `@std/fs` and `@std/path`: the same names and
 * signatures, only what is used, so that nothing is fetched. `assert.ts`, which only tests need, is
 * over Node's modules in Deno; the others are over Deno itself, as every command waits for what they
 * load.
 *
 * Code imports the bare names; the import map in `deno.json` says where they lead. Each file says
 * the one line that leads to the registry's package instead.
 *
 * @module
 */
export * as assert from "./assert.ts";
export * as cli from "./cli.ts";
export * as fs from "./fs.ts";
export * as path from "./path.ts";
