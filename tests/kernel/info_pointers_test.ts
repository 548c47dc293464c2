import { assertEquals } from "@std/assert";
import { type InfoName, InfoTopic, Right, Status } from "../../kernel/abi.ts";
import { raw } from "../../kernel/client.ts";
import type { KernelObject } from "../../kernel/mod.ts";
import type { Process } from "../../kernel/task/process.ts";
import { EACH, type Looker, looking, NOWHERE, type Subjects } from "../support/subjects.ts";

type Subject = keyof Subjects;

/** A topic asked of an object. */
interface Question {
  readonly name: InfoName;
  readonly subject: Subject;
  readonly rights: number;
  /** Types of objects that the topic is not about. */
  readonly strangers: readonly Subject[];
  /** Whether a process may not ask it of itself. */
  readonly notOfItself?: boolean;
}

const ANY: readonly Subject[] = [];
const INSPECT = { rights: Right.INSPECT };
const ENUMERATE = { rights: Right.ENUMERATE };
const MANAGE = { rights: Right.INSPECT | Right.MANAGE_PROCESS | Right.MANAGE_THREAD };
const NOT_PROCESS: readonly Subject[] = ["job", "thread"];

const QUESTIONS: readonly Question[] = [
  { name: "HANDLE_BASIC", subject: "job", rights: 0, strangers: ANY },
  { name: "HANDLE_BASIC", subject: "process", rights: 0, strangers: ANY },
  { name: "HANDLE_BASIC", subject: "thread", rights: 0, strangers: ANY },
  { name: "HANDLE_BASIC", subject: "vmar", rights: 0, strangers: ANY },
  { name: "HANDLE_COUNT", subject: "thread", ...INSPECT, strangers: ANY },
  { name: "JOB", subject: "job", ...INSPECT, strangers: ["process", "thread"] },
  { name: "JOB_CHILDREN", subject: "job", ...ENUMERATE, strangers: ["process", "thread"] },
  { name: "JOB_PROCESSES", subject: "job", ...ENUMERATE, strangers: ["process", "thread"] },
  { name: "PROCESS", subject: "process", ...INSPECT, strangers: NOT_PROCESS },
  { name: "PROCESS_THREADS", subject: "process", ...ENUMERATE, strangers: NOT_PROCESS },
  {
    name: "PROCESS_MAPS",
    subject: "process",
    ...INSPECT,
    strangers: NOT_PROCESS,
    notOfItself: true,
  },
  {
    name: "PROCESS_VMOS",
    subject: "process",
    ...INSPECT,
    strangers: NOT_PROCESS,
    notOfItself: true,
  },
  { name: "HANDLE_TABLE", subject: "process", ...MANAGE, strangers: NOT_PROCESS },
  { name: "PROCESS_HANDLE_STATS", subject: "process", ...INSPECT, strangers: NOT_PROCESS },
  { name: "TASK_STATS", subject: "process", ...INSPECT, strangers: NOT_PROCESS },
  { name: "TASK_RUNTIME", subject: "thread", ...INSPECT, strangers: ["vmar"] },
  { name: "THREAD", subject: "thread", ...INSPECT, strangers: ["job", "process"] },
  { name: "THREAD_STATS", subject: "thread", ...INSPECT, strangers: ["job", "process"] },
  { name: "VMAR", subject: "vmar", ...INSPECT, strangers: ["job", "process", "thread"] },
  { name: "VMO", subject: "vmo", rights: 0, strangers: ["job", "process", "thread"] },
];

/** What a thread that asks can call its own. */
const OWN: Partial<Record<Subject, (process: Process) => KernelObject>> = {
  job: ({ job }) => job,
  process: (process) => process,
  thread: ({ threads }) => [...threads][0]!,
};

/** What is asked with. */
interface Registers {
  readonly buffer?: number;
  readonly size?: number;
  readonly actual?: number;
  readonly available?: number;
  readonly rights?: number;
  readonly subject?: Subject;
  readonly handle?: number;
}

/** Ask with these registers; answers the status and how many records were given and are there. */
function ask({ name, subject, rights }: Question, change: (looker: Looker) => Registers) {
  return looking(function* (looker) {
    const { machine, process, subjects, page } = looker;
    const changed = change(looker);
    const object = subjects[changed.subject ?? subject];
    const handle = changed.handle ?? machine.give(process, object, changed.rights ?? rights);
    const { actual = page, available = page + 8, buffer = page + 16, size = 2048 } = changed;
    const { number } = InfoTopic[name];
    const status = yield* raw.objectGetInfo(handle, number, buffer, size, actual, available);
    const counts = [process.memory.readU64(page), process.memory.readU64(page + 8)];
    return { status, counts };
  });
}

function statusOf(question: Question, change: (looker: Looker) => Registers): number {
  return ask(question, change).status;
}

for (const question of QUESTIONS) {
  const { name, subject, rights, strangers, notOfItself } = question;
  const { record, many } = InfoTopic[name];
  const asked = `zx_object_get_info of a ${subject} for ${name}`;
  const all = many ? record.size * EACH : record.size;

  Deno.test(`${asked} answers`, () => {
    const { status, counts } = ask(question, () => ({}));
    assertEquals([status, counts[0]! >= (many ? EACH : 1)], [Status.OK, true]);
  });

  Deno.test(`${asked} answers INVALID_ARGS for nowhere to say how many were given`, () => {
    assertEquals(statusOf(question, () => ({ actual: NOWHERE })), Status.INVALID_ARGS);
  });

  Deno.test(`${asked} answers INVALID_ARGS for nowhere to say how many there are`, () => {
    assertEquals(statusOf(question, () => ({ available: NOWHERE })), Status.INVALID_ARGS);
  });

  Deno.test(`${asked} answers INVALID_ARGS for a buffer where there is no memory`, () => {
    assertEquals(statusOf(question, () => ({ buffer: NOWHERE })), Status.INVALID_ARGS);
  });

  Deno.test(`${asked} answers INVALID_ARGS for a buffer of which only a part is memory`, () => {
    const status = statusOf(question, ({ page }) => {
      return { buffer: page + 4096 - 2, size: all };
    });
    assertEquals(status, Status.INVALID_ARGS);
  });

  Deno.test(`${asked} answers BAD_HANDLE for what is no handle`, () => {
    assertEquals(statusOf(question, () => ({ handle: 0 })), Status.BAD_HANDLE);
  });

  Deno.test(`${asked} need not be told where to say how many were given`, () => {
    assertEquals(statusOf(question, () => ({ actual: 0 })), Status.OK);
  });

  Deno.test(`${asked} need not be told where to say how many there are`, () => {
    assertEquals(statusOf(question, () => ({ available: 0 })), Status.OK);
  });

  Deno.test(`${asked} need not be told where to say either number`, () => {
    assertEquals(statusOf(question, () => ({ actual: 0, available: 0 })), Status.OK);
  });

  const empty = many ? "answers just how many there are" : "answers BUFFER_TOO_SMALL";
  Deno.test(`${asked} into a buffer of no bytes ${empty}`, () => {
    const { status, counts } = ask(question, () => ({ size: 0 }));
    assertEquals(status, many ? Status.OK : Status.BUFFER_TOO_SMALL);
    assertEquals([counts[0], counts[1]! >= 1], [0, true]);
  });

  if (many) {
    Deno.test(`${asked} into a small buffer gives what fits and says how many there are`, () => {
      const { status, counts } = ask(question, () => ({ size: record.size }));
      assertEquals([status, counts[0], counts[1]! >= EACH], [Status.OK, 1, true]);
    });
  }

  if (rights !== 0) {
    Deno.test(`${asked} answers ACCESS_DENIED without the right to it`, () => {
      assertEquals(statusOf(question, () => ({ rights: ~rights })), Status.ACCESS_DENIED);
    });
  }

  for (const stranger of strangers) {
    Deno.test(`${asked} answers WRONG_TYPE for a ${stranger}`, () => {
      assertEquals(statusOf(question, () => ({ subject: stranger })), Status.WRONG_TYPE);
    });
  }

  const own = OWN[subject];
  if (own) {
    const itself = notOfItself ? "is refused to the process itself" : "may be asked of oneself";
    Deno.test(`${asked} ${itself}`, () => {
      const status = statusOf(question, ({ machine, process }) => {
        return { handle: machine.give(process, own(process), rights) };
      });
      assertEquals(status, notOfItself ? Status.ACCESS_DENIED : Status.OK);
    });
  }
}
