/**
 * `deno task ok`: the one gate. Format, lint, types, documentation, tests with the examples in the
 * documentation, and whether the package could be published.
 *
 * @module
 */
import { command, Exit, print } from "./command.ts";
import { testFlags } from "./test.ts";

const STEPS: readonly (readonly [name: string, args: readonly string[]])[] = [
  ["format", ["fmt", "--check", "--quiet"]],
  ["lint", ["lint", "--quiet"]],
  ["types", ["check", "--quiet", "."]],
  ["documentation", ["doc", "--lint", "--quiet", "mod.ts"]],
  ["tests and examples", ["test", "--doc", "--quiet", ...testFlags()]],
  ["publish", ["publish", "--dry-run", "--allow-dirty", "--quiet"]],
];

if (import.meta.main) {
  await command({
    usage: "deno task ok",
    about: "Runs every check that a change must pass, and stops at the first that fails.",
    flags: {},
    example: "deno task ok",
    operands: 0,
  }, async () => {
    for (const [name, args] of STEPS) {
      const step = new Deno.Command("deno", {
        args: [...args],
        stdout: name === "documentation" ? "null" : "inherit",
      });
      if ((await step.spawn().status).code !== 0) {
        print(`not ok: ${name} (deno ${args.join(" ")})`);
        return Exit.failed;
      }
      print(`ok: ${name}`);
    }
    return Exit.ok;
  });
}
