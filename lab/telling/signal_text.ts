/**
 * Signals as text: what an object's bits mean depends on its type.
 *
 * @module
 */

type Names = readonly (readonly [bit: number, name: string])[];

const IPC: Names = [[0, "READABLE"], [1, "WRITABLE"], [2, "PEER_CLOSED"], [3, "SIGNALED"]];
const TASK: Names = [[3, "TERMINATED"]];

const BY_TYPE: Readonly<Record<string, Names>> = {
  process: TASK,
  job: [...TASK, [4, "NO_JOBS"], [5, "NO_PROCESSES"], [6, "NO_CHILDREN"]],
  thread: [...TASK, [4, "RUNNING"], [5, "SUSPENDED"]],
  vmo: [[3, "ZERO_CHILDREN"]],
};

const USER_FIRST = 24;

/** The names of signals of an object of a type, joined by bars; empty where there is none. */
export function signalText(type: string, signals: number): string {
  const known = (BY_TYPE[type] ?? IPC).filter(([bit]) => signals >>> bit & 1).map(([, name]) =>
    name
  );
  const user = Array.from({ length: 8 }, (_, at) => at).filter((at) =>
    signals >>> (USER_FIRST + at) & 1
  );
  return [...known, ...user.map((at) => `USER_${at}`)].join("|");
}
