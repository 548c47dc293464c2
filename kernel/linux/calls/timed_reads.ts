/**
 * Reads of terminals that wait for a while only: for the first byte, or for each after it.
 *
 * @module
 */
import type { Answer } from "../answer.ts";
import type { OpenTerminal } from "../fs/open_terminal.ts";
import type { Task } from "../task.ts";

/** Whether reads wait for a while only. */
export function isTimed({ terminal, nonBlocking }: OpenTerminal): boolean {
  return !nonBlocking && !terminal.isByLine && terminal.patience.time > 0;
}

/** Read, with what answers null while that is to wait. */
export function readInTime(task: Task, file: OpenTerminal, attempt: () => number | null): Answer {
  const { terminal, queue, readSite } = file;
  const { least, time } = terminal.patience;
  const before = terminal.length;
  // The first of several bytes may take as long as it likes.
  const hurries = least === 0 || before > 0;
  let answer: number | null = null;
  return task.block({
    site: readSite,
    queues: [queue],
    deadline: hurries ? task.now + time : Infinity,
    timedOut: () => file.late(attempt) ?? 0,
    attempt: () => {
      answer = attempt();
      return answer === null && terminal.length === before ? null : 0;
    },
    after: () => answer ?? readInTime(task, file, attempt),
  });
}
