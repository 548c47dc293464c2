/**
 * The first program: userboot starts the launcher, and the launcher loads `hello` over channels.
 *
 * @module
 */
import { fromFileUrl } from "@std/path";
import { LoadStory, Machine } from "../lab/mod.ts";
import { jsonLine } from "../kernel/trace.ts";
import { print } from "./command.ts";

const HELLO = fromFileUrl(new URL("../guests/hello/hello", import.meta.url));

/** Run it, and tell how it came to run; `--json` prints the event log instead. */
export default function main(words: readonly string[]): number {
  const json = words.includes("--json");
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
  for (const line of story.lines) print(`  ${line}`);
  return process.returnCode;
}
