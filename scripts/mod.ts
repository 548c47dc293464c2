/**
 * The commands, one file each, as `deno.json` names them; what they share is in `command.ts`.
 *
 * Only here, in tests and in `std/` does anything know of Deno: files, terminals, other programs.
 * Scenarios that come with the project are here too: `hello.ts`, those in `experiments/`, and the
 * answers to questions in `questions/`.
 *
 * @module
 */
export { command, CommandError, type CommandOptions, Exit } from "./command.ts";
