/**
 * A thread of its own that hears Ctrl-C, and ends the command where the other one does not hear it.
 *
 * A program of a scenario that goes round and round without a call keeps its thread for ever: nobody
 * else gets a turn there, whoever listens.
 *
 * @module
 */
import process from "node:process";
import { HEARD, INTERRUPTED } from "./interrupt.ts";

/** So long a schedule may take to come to its end after Ctrl-C, in milliseconds; then it is cut off. */
const GRACE = 5000;
/** After so long a person is told. */
const TELL = 1000;

const watch = globalThis as unknown as {
  onmessage: ((message: { readonly data: Int32Array }) => void) | null;
  postMessage(message: unknown): void;
};

watch.onmessage = ({ data: flags }) => {
  const interrupted = () => {
    // Whoever presses it again does not want to wait: with nobody listening the host ends all.
    Deno.removeSignalListener("SIGINT", interrupted);
    Atomics.store(flags, INTERRUPTED, 1);
    setTimeout(() => tell(flags), TELL);
    setTimeout(() => end(flags), GRACE);
  };
  Deno.addSignalListener("SIGINT", interrupted);
  watch.postMessage("ready");
};

function tell(flags: Int32Array): void {
  if (Atomics.load(flags, HEARD) === 1) return;
  const seconds = (GRACE - TELL) / 1000;
  const text =
    `the schedule under way does not end: a program may go round and round without a call;
Ctrl-C again ends the command at once, and so do ${seconds} seconds\n`;
  Deno.stderr.writeSync(new TextEncoder().encode(text));
}

function end(flags: Int32Array): void {
  if (Atomics.load(flags, HEARD) === 0) process.kill(process.pid, "SIGINT");
}
