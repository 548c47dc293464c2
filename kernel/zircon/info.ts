/**
 * `zx_object_get_info`: what can be known about objects, by topic.
 *
 * @module
 */
import { InfoTopic, Status } from "../abi.ts";
import { invariant } from "../invariant.ts";
import { capacity, outNumber } from "../syscall/buffer.ts";
import { outBytes } from "../syscall/out_bytes.ts";
import { handleValue, held, u32 } from "../syscall/kind.ts";
import { syscall } from "../syscall/row.ts";
import { BASIC_ANSWERS } from "./info_basic.ts";
import type { InfoAnswer } from "./info_answer.ts";
import { MEMORY_ANSWERS } from "./info_memory.ts";
import { SYSTEM_ANSWERS } from "./info_system.ts";
import { TASK_ANSWERS } from "./info_tasks.ts";

/** More than any answer has, for a script that does not say how much room it has. */
const ROOM = 1 << 24;

const ANSWERS: ReadonlyMap<number, InfoAnswer> = new Map(
  [...BASIC_ANSWERS, ...MEMORY_ANSWERS, ...SYSTEM_ANSWERS, ...TASK_ANSWERS].map((answer) => {
    return [answer.topic.number, answer];
  }),
);

invariant(
  Object.values(InfoTopic).every(({ number }) => ANSWERS.has(number)),
  "every topic has an answer",
);

const objectGetInfo = syscall({
  name: "zx_object_get_info",
  about: "Answer a question about an object.",
  args: {
    handle: handleValue,
    topic: u32,
    buffer: outBytes("bufferSize"),
    bufferSize: capacity(ROOM),
    actual: outNumber(8, true),
    available: outNumber(8, true),
  },
  errors: [
    "BAD_HANDLE",
    "WRONG_TYPE",
    "ACCESS_DENIED",
    "NOT_SUPPORTED",
    "BUFFER_TOO_SMALL",
    "BAD_STATE",
    "INVALID_ARGS",
  ],
  run({ handle: value, topic, buffer, bufferSize, actual, available }, call) {
    const answer = ANSWERS.get(topic);
    if (!answer) return Status.NOT_SUPPORTED;
    if (answer.topic === InfoTopic.HANDLE_VALID) {
      return call.process.handleTable.get(value) ? Status.OK : Status.BAD_HANDLE;
    }
    const found = held(answer.type, answer.rights).decode(value, call, "handle");
    if (typeof found === "number") return found;
    const { record, many } = answer.topic;
    const room = Math.floor(bufferSize / record.size);
    const records = answer.records(found.object, { call, handle: found.handle, room });
    if (typeof records === "number") return records;
    const { given, available: all } = "given" in records
      ? records
      : { given: records.slice(0, room), available: records.length };
    const bytes = encode(record, given);
    let status = buffer.write(bytes);
    if (status === Status.OK) status = actual.set(given.length);
    if (status === Status.OK) status = available.set(all);
    if (status !== Status.OK) return status;
    return !many && room === 0 ? Status.BUFFER_TOO_SMALL : Status.OK;
  },
});

/** The calls of this file. */
export const INFO_ROWS = { objectGetInfo };

function encode(record: InfoAnswer["topic"]["record"], records: readonly object[]): Uint8Array {
  const bytes = new Uint8Array(record.size * records.length);
  const view = new DataView(bytes.buffer);
  records.forEach((one, at) => record.write(view, at * record.size, one as never));
  return bytes;
}
