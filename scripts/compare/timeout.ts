/**
 * How long a program may run, as a flag says it.
 *
 * @module
 */
import { CommandError } from "../command.ts";

const SECOND = 1e9;

/** Nanoseconds of a machine's own time, from a number of seconds. */
export function timeoutOf(text: unknown): number {
  const seconds = Number(text);
  if (seconds > 0 && Number.isFinite(seconds)) return seconds * SECOND;
  throw new CommandError(`--timeout=${text} is no number of seconds above zero`);
}
