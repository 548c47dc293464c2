/**
 * What can be known of jobs, processes and threads.
 *
 * @module
 */
import { InfoTopic, ProcessInfoFlag, Right, Status } from "../abi.ts";
import { Job } from "../task/job.ts";
import { Process } from "../task/process.ts";
import { Task } from "../task/task.ts";
import { Thread } from "../task/thread.ts";
import { answer } from "./info_answer.ts";
import { peerOwners } from "./peer_owners.ts";

/** How many object types there is room for in a process's handle counts. */
const TYPES = 64;

const WHOLE_TABLE = Right.INSPECT | Right.MANAGE_PROCESS | Right.MANAGE_THREAD;

/** The answers of this file. */
export const TASK_ANSWERS = [
  answer(InfoTopic.PROCESS, { type: Process, rights: Right.INSPECT, records: aboutProcess }),
  answer(InfoTopic.PROCESS_THREADS, {
    type: Process,
    rights: Right.ENUMERATE,
    records: ({ threads }) => koidsOf(threads),
  }),
  answer(InfoTopic.PROCESS_HANDLE_STATS, {
    type: Process,
    rights: Right.INSPECT,
    records: (process) => [{ handleCount: countTypes(process) }],
  }),
  answer(InfoTopic.HANDLE_TABLE, {
    type: Process,
    rights: WHOLE_TABLE,
    records: (process) => process.ended ? Status.BAD_STATE : tableOf(process),
  }),
  answer(InfoTopic.JOB, { type: Job, rights: Right.INSPECT, records: aboutJob }),
  answer(InfoTopic.JOB_CHILDREN, {
    type: Job,
    rights: Right.ENUMERATE,
    records: ({ jobs }) => koidsOf(jobs),
  }),
  answer(InfoTopic.JOB_PROCESSES, {
    type: Job,
    rights: Right.ENUMERATE,
    records: ({ processes }) => koidsOf(processes),
  }),
  answer(InfoTopic.THREAD, { type: Thread, rights: Right.INSPECT, records: aboutThread }),
  answer(InfoTopic.THREAD_STATS, {
    type: Thread,
    rights: Right.INSPECT,
    records: ({ runtime, ended }) =>
      ended ? Status.BAD_STATE : [{ totalRuntime: runtime, lastScheduledCpu: 0 }],
  }),
  answer(InfoTopic.THREAD_EXCEPTION_REPORT, {
    type: Thread,
    rights: Right.INSPECT,
    records: aboutException,
  }),
  answer(InfoTopic.TASK_RUNTIME, {
    type: Task,
    rights: Right.INSPECT,
    records: (task) => [
      { cpuTime: runtimeOf(task), queueTime: 0, pageFaultTime: 0, lockContentionTime: 0 },
    ],
  }),
];

function aboutProcess({ returnCode, startTime, state, debugger: debug }: Process) {
  const { STARTED, EXITED, DEBUGGER_ATTACHED } = ProcessInfoFlag;
  const ended = state === "dead" || state === "dying";
  const flags = (startTime >= 0 ? STARTED : 0) | (ended ? EXITED : 0) |
    (debug.listening ? DEBUGGER_ATTACHED : 0);
  return [{ returnCode, startTime: Math.max(startTime, 0), flags }];
}

function aboutJob(job: Job) {
  const { returnCode, ended, killOnOom } = job;
  const debuggerAttached = job.debuggers.some(({ listening }) => listening);
  return [{ returnCode, exited: ended, killOnOom, debuggerAttached }];
}

function aboutThread({ state, exception }: Thread) {
  const waitExceptionChannelType = exception?.channel ?? 0;
  return [{ state, waitExceptionChannelType, cpuAffinityMask: [1, 0, 0, 0, 0, 0, 0, 0] }];
}

function aboutException({ exception }: Thread) {
  if (!exception) return Status.BAD_STATE;
  const { type, cause, value, synthCode, synthData } = exception.report;
  const { size } = InfoTopic.THREAD_EXCEPTION_REPORT.record;
  return [{ size, type, cause, value, reserved: 0, synthCode, synthData }];
}

function runtimeOf(task: Task): number {
  return (task as Job | Process | Thread).runtime;
}

function koidsOf(tasks: Iterable<Task>) {
  return [...tasks].map(({ koid }) => ({ koid }));
}

function countTypes(process: Process): number[] {
  const counts = new Array<number>(TYPES).fill(0);
  for (const [, { object }] of process.handleTable.entries()) counts[object.type]!++;
  return counts;
}

function tableOf(process: Process) {
  const owners = peerOwners(process);
  return [...process.handleTable.entries()].map(([handleValue, { object, rights }]) => ({
    type: object.type,
    handleValue,
    rights,
    reserved: 0,
    koid: object.koid,
    relatedKoid: object.relatedKoid,
    peerOwnerKoid: owners.get(object.koid) ?? 0,
  }));
}
