/**
 * What holds of each object between any two calls, whatever was called.
 *
 * @module
 */
import { Signal } from "../../kernel/abi.ts";
import { Channel } from "../../kernel/ipc/channel.ts";
import { Counter } from "../../kernel/ipc/counter.ts";
import { Fifo } from "../../kernel/ipc/fifo.ts";
import { Port } from "../../kernel/ipc/port.ts";
import { Socket } from "../../kernel/ipc/socket.ts";
import { Timer } from "../../kernel/ipc/timer.ts";
import type { KernelObject } from "../../kernel/object/object.ts";
import type { Observer } from "../../kernel/object/observer.ts";
import { Peered } from "../../kernel/object/peer.ts";
import { Job } from "../../kernel/task/job.ts";
import { Process } from "../../kernel/task/process.ts";
import { Thread } from "../../kernel/task/thread.ts";
import { Vmo } from "../../kernel/vm/vmo.ts";

/** A sentence about what should be, and whether it is. */
export type Law = readonly [holds: boolean, sentence: string];

/** The laws of one object. */
export function* lawsOf(object: KernelObject): Generator<Law> {
  const has = (signal: number) => (object.signals & signal) !== 0;
  if (object instanceof Peered) yield* peerLaws(object);
  if (object instanceof Channel) {
    const readable = object.pending > 0;
    yield [has(Signal.READABLE) === readable, "a channel is readable while a message waits"];
    yield [has(Signal.WRITABLE) === (object.peer !== null), "and writable while it has a peer"];
  } else if (object instanceof Socket) {
    const { buffered, room, writable, available } = object;
    yield [has(Signal.READABLE) === buffered > 0, "a socket is readable while bytes wait"];
    yield [has(Signal.WRITABLE) === (writable && room > 0), "and writable while there is room"];
    yield [available <= buffered && room >= 0, "no more can be read than waits"];
  } else if (object instanceof Fifo) {
    const { pending, room } = object;
    yield [has(Signal.READABLE) === pending > 0, "a fifo is readable while a record waits"];
    yield [has(Signal.WRITABLE) === room > 0, "and writable while there is room"];
  } else if (object instanceof Counter) {
    const positive = object.value > 0n;
    yield [has(Signal.COUNTER_POSITIVE) === positive, "a counter says when it is positive"];
    yield [has(Signal.COUNTER_NON_POSITIVE) !== positive, "and when it is not"];
  } else if (object instanceof Timer) {
    const late = object.deadline !== 0 && object.deadline < object.realm.now - 1e7;
    yield [!late, "a timer that is set has not passed long ago"];
  } else if (object instanceof Port) {
    yield [object.closed === (object.handles === 0), "a port is closed with its last handle"];
    yield [object.waits >= 0 && object.pending >= 0, "a port counts what it has"];
  } else yield* memoryAndTaskLaws(object, has);
}

function* peerLaws<P extends Peered<P>>(object: Peered<P>): Generator<Law> {
  const { peer } = object;
  if (peer) {
    const mutual = (peer.peer as unknown) === object && peer.relatedKoid === object.koid;
    yield [mutual, "a peer's peer is the object itself"];
    yield [object.relatedKoid === peer.koid, "a peer is the object that it was made with"];
    yield [!peer.dead, "a peer lives"];
  }
  const closed = (object.signals & Signal.PEER_CLOSED) !== 0;
  const told = object.handles === 0 || closed === (peer === null);
  yield [told, "an end says PEER_CLOSED when it is alone, and only then"];
}

function* memoryAndTaskLaws(
  object: KernelObject,
  has: (signal: number) => boolean,
): Generator<Law> {
  if (object instanceof Vmo) {
    const childless = object.children === 0;
    yield [
      has(Signal.VMO_ZERO_CHILDREN) === childless,
      "a memory object says when it is childless",
    ];
    yield [object.showings.mappings >= 0, "mappings are counted"];
  } else if (object instanceof Job) {
    yield [
      has(Signal.JOB_NO_JOBS) === (object.jobs.size === 0),
      "a job says when no jobs are in it",
    ];
    const empty = object.processes.size === 0;
    yield [has(Signal.JOB_NO_PROCESSES) === empty, "a job says when no processes are in it"];
    yield [has(Signal.TASK_TERMINATED) === object.ended, "a job says when it has ended"];
    for (const below of object.jobs) {
      yield [below.parent === object, "a job is in the job above it"];
    }
    for (const process of object.processes) yield [process.job === object, "and so is a process"];
  } else if (object instanceof Process) yield* processLaws(object, has);
  else if (object instanceof Thread) yield* threadLaws(object, has);
}

function* processLaws(process: Process, has: (signal: number) => boolean): Generator<Law> {
  const dead = process.state === "dead";
  yield [has(Signal.TASK_TERMINATED) === dead, "a process says when it has ended"];
  if (dead) {
    yield [process.threads.size === 0, "a dead process has no threads"];
    const empty = process.shared !== null || process.handleTable.size === 0;
    yield [empty, "a dead process has no handles"];
    yield [process.shared !== null || !process.space.root.alive, "a dead process has no memory"];
  }
  yield [process.job.processes.has(process) === !dead, "a process is in its job until it ends"];
  for (const thread of process.threads) {
    yield [
      thread.process === process && !thread.ended,
      "a process's threads are its own, and live",
    ];
    yield* threadLaws(thread, (signal) => (thread.signals & signal) !== 0);
  }
}

function* threadLaws(thread: Thread, has: (signal: number) => boolean): Generator<Law> {
  const { ended, suspended, turn, runnable, process } = thread;
  yield [has(Signal.TASK_TERMINATED) === ended, "a thread says when it has ended"];
  if (!ended) {
    yield [has(Signal.THREAD_SUSPENDED) === suspended, "a thread says when it is held still"];
    const running = thread.started && !suspended;
    yield [has(Signal.THREAD_RUNNING) === running, "and when it is not"];
  }
  const queued = turn.queue !== null;
  yield [!queued || runnable, "only who could run stands in the queue"];
  const waiting = runnable && process.system.current !== thread && thread.exception === null;
  yield [!waiting || queued, "whoever could run stands in the queue"];
  yield [process.threads.has(thread) === !ended, "a thread is in its process until it ends"];
}

/** The laws of those who wait for one object: they stand in lines that hold together. */
export function* waitLaws(object: KernelObject, observers: readonly Observer[]): Generator<Law> {
  yield [object.observers === observers.length, "an object counts all who wait for it"];
  for (const one of observers) {
    const { previous, next, group, by, byPrevious, byNext } = one;
    yield [group !== null && group.mask === one.mask, "who waits stands among their like"];
    yield [(previous ? previous.next : group?.first) === one, "nobody is skipped in a line"];
    yield [(next ? next.previous : group?.last) === one, "nor on the way back"];
    yield [!byPrevious || byPrevious.byNext === one, "nobody is skipped among a handle's waits"];
    yield [!byNext || byNext.byPrevious === one, "nor there on the way back"];
    yield [by !== null || byPrevious === null, "only who waits by a handle stands in its line"];
  }
}
