/**
 * `deno task test`: run every test, with just the permissions that the tests need.
 *
 * @module
 */
import { command } from "./command.ts";

/** The permissions and switches that every test run has. */
export const TEST_FLAGS: readonly string[] = ["--allow-read", "--parallel"];

if (import.meta.main) {
  await command({
    usage: "deno task test [--long] [NAMES…]",
    about: "Runs every test, or those whose files are named.",
    flags: { long: "run the long campaigns too" },
    example: "deno task test tests/house_test.ts",
  }, async (args) => {
    const test = new Deno.Command(Deno.execPath(), {
      args: ["test", ...TEST_FLAGS, ...args._, ...(args.long ? ["--", "--long"] : [])],
    });
    return (await test.spawn().status).code;
  });
}
