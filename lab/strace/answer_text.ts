/**
 * What a call answered, as a trace writes it: in the manner of that call, with what it means.
 *
 * @module
 */
import { hexText, octalText, signalText } from "./shape.ts";
import { Fcntl } from "../../kernel/linux/abi/fcntl.ts";
import { errorText } from "./error_text.ts";
import { openText, SEALS } from "./file_flags.ts";
import { maskText, nameText } from "./flag_set.ts";
import { pollNote, selectNote } from "./polling_shapes.ts";
import { prctlText } from "./prctl_shapes.ts";
import { ioPriorityText, POLICY } from "./scheduling_shapes.ts";
import type { Seen } from "./seen.ts";

type Write = (answer: number, seen: Seen) => string;

const asAddress: Write = (answer) => `0x${answer.toString(16)}`;

const waited = (note: (seen: Seen) => string): Write => (answer, seen) => `${answer}${note(seen)}`;

const ofControl: Write = (answer, seen) => {
  const { GETFD, GETFL, GET_SEALS } = Fcntl;
  const asked = seen.int(1);
  if (asked === GETFD) return answer === 0 ? "0" : `0x${answer.toString(16)} (flags FD_CLOEXEC)`;
  if (asked === GETFL) return `${hexText(answer)} (flags ${openText(answer)})`;
  if (asked === GET_SEALS) {
    return answer === 0 ? "0" : `${hexText(answer)} (seals ${maskText(SEALS, answer)})`;
  }
  return `${answer}`;
};

const WAYS: Readonly<Record<string, Write>> = {
  brk: asAddress,
  mmap: asAddress,
  mremap: asAddress,
  shmat: asAddress,
  umask: (answer) => octalText(answer),
  fcntl: ofControl,
  personality: (answer) => answer === 0 ? "0 (PER_LINUX)" : `0x${answer.toString(16)}`,
  prctl: (answer, seen) => prctlText(seen.int(0), answer),
  ioprio_get: (answer) => `${answer} (${ioPriorityText(answer)})`,
  sched_getscheduler: (answer) =>
    Object.values(POLICY.names).includes(answer)
      ? `${answer} (${nameText(POLICY, answer)})`
      : `${answer}`,
  rt_sigtimedwait: (answer) => `${answer} (${signalText(answer)})`,
  ppoll: waited(pollNote),
  pselect6: waited(selectNote),
};

/** An answer. */
export function answerText(seen: Seen): string {
  const answer = seen.answer!;
  if (answer < 0 && answer > -4096) return errorText(answer);
  return WAYS[seen.row.name]?.(answer, seen) ?? `${answer}`;
}
