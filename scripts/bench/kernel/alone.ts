/**
 * Measures a piece of work in an engine of its own: what ran before in the same one changes how the host
 * optimises it, and no figure is to depend on the order in which figures are asked for.
 *
 * @module
 */
import type { Work } from "./alone_worker.ts";

/** Nanoseconds of processor time that some work takes in an engine that has done nothing else. */
export async function timeAlone(work: Work): Promise<number> {
  const worker = new Worker(new URL("./alone_worker.ts", import.meta.url), { type: "module" });
  try {
    return await new Promise<number>((resolve, reject) => {
      worker.onmessage = ({ data }) => resolve(data as number);
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.postMessage(work);
    });
  } finally {
    worker.terminate();
  }
}
