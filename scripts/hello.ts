/**
 * The first program: userboot starts the launcher, and the launcher loads `hello` over channels.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { LoadStory, Machine } from "../lab/mod.ts";
import { jsonLine } from "../kernel/trace.ts";
import { type CommandOptions, Exit, helpOf, print, readArgs } from "./command.ts";

const HELLO = fromFileUrl(new URL("../guests/hello/hello", import.meta.url));

const OPTIONS: CommandOptions = {
  usage: "deno task run scripts/hello.ts [--json]",
  about: "Starts a program in user space, and tells how it came to run.",
  flags: { json: "print everything that happens instead, an event a line" },
  example: "deno task run scripts/hello.ts --json",
  operands: 0,
};

/** Run it, and tell how it came to run; `--json` prints the event log instead. */
export default function main(words: readonly string[]): number {
  const args = readArgs(words, OPTIONS);
  if (args.help) {
    print(helpOf(OPTIONS));
    return Exit.ok;
  }
  const json = args.json === true;
  const story = new LoadStory();
  let greeting = "";
  const machine = new Machine({ print: (text) => greeting += text });
  machine.listen((event) => json ? print(jsonLine(event)) : story.hear(event));
  const process = machine.boot({
    files: { "bin/hello": Deno.readFileSync(HELLO) },
    args: ["bin/hello"],
  });
  process.hold();
  machine.run();
  if (json) return process.returnCode;
  print(greeting.trimEnd());
  print(`hello ended with code ${process.returnCode}. How it came to run:\n`);
  for (const line of story.lines) print(`  ${line}`.trimEnd());
  return process.returnCode;
}
