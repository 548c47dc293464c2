/**
 * The engine of its own: does the work that it is asked for, and answers how long it took.
 *
 * @module
 */
import { nullCalls, nullScriptCalls } from "./calls.ts";
import { threadTime } from "./processor_time.ts";
import { betweenMachineCode, betweenScripts } from "./round_trips.ts";

/** Before the third try or so, the host has not seen enough to know what is worth optimising. */
const TRIES = 5;

const WORKS = { nullCalls, nullScriptCalls, betweenMachineCode, betweenScripts };

/** What can be measured alone. */
export type Work = keyof typeof WORKS;

const here = globalThis as unknown as {
  onmessage: (message: { readonly data: Work }) => void;
  postMessage(message: unknown): void;
};

here.onmessage = ({ data }) => here.postMessage(threadTime(() => WORKS[data](), TRIES));
