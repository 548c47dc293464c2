/**
 * The audit that hostile programs run under finds what is wrong with the kernel's books at the very
 * call that spoilt them. Each kind of fault is planted in one call here, and found behind that call.
 *
 * @module
 */
import { assertEquals, assertThrows } from "@std/assert";
import { DEFAULT_RIGHTS, Signal } from "../../kernel/abi.ts";
import { type Program, zx } from "../../kernel/client.ts";
import { Channel } from "../../kernel/ipc/channel.ts";
import { Event } from "../../kernel/ipc/event.ts";
import { Message } from "../../kernel/ipc/message.ts";
import { invariant, KernelBug } from "../../kernel/mod.ts";
import type { KernelObject } from "../../kernel/object/object.ts";
import { Observer } from "../../kernel/object/observer.ts";
import type { Process } from "../../kernel/task/process.ts";
import type { Thread } from "../../kernel/task/thread.ts";
import { Vmo } from "../../kernel/vm/vmo.ts";
import type { Zircon } from "../../kernel/zircon/mod.ts";
import { Audit } from "../support/audit.ts";
import { ScriptKernel } from "../support/scripts.ts";
import { mapPage } from "../support/subjects.ts";

/** Whose books are spoilt, and what is there to spoil. */
interface Scene {
  readonly machine: ScriptKernel;
  readonly process: Process;
  readonly event: Event;
  readonly channel: Channel;
  readonly vmo: Vmo;
}

/** A fault: what the call is about, how it spoils the books, and what the audit says of that. */
interface Fault {
  readonly about: (scene: Scene) => KernelObject;
  readonly spoil: (scene: Scene) => unknown;
  readonly said: RegExp;
}

class Waiter extends Observer {
  onSignals(): void {}
  onCancel(): void {}
}

/** The call in which everything goes wrong: those before it are well. */
const FATAL = 20;

/** What the audit says of a fault. */
function found({ about, spoil }: Fault, sweepEvery = Infinity): string {
  const machine = new ScriptKernel();
  const { kernel } = machine;
  const personality = kernel.system.personality as Zircon;
  let scene: Scene;
  let calls = 0;
  const { onRequest } = personality;
  personality.onRequest = (thread, request) => {
    const goesOn = onRequest.call(personality, thread, request);
    if (++calls === FATAL) spoil(scene);
    return goesOn;
  };
  const audit = new Audit(kernel, { sweepEvery });
  machine.spawn("victim", function* (process) {
    scene = sceneOf(machine, process);
    yield* program(machine.give(process, about(scene), DEFAULT_RIGHTS.job));
  });
  try {
    return assertThrows(() => (machine.run(), audit.end()), KernelBug).message;
  } finally {
    audit.leave();
  }
}

function sceneOf(machine: ScriptKernel, process: Process): Scene {
  const { realm } = machine.kernel;
  const event = new Event(realm);
  const [channel, other] = Channel.create(realm);
  const vmo = Vmo.create(realm, 4096);
  invariant(typeof vmo !== "number", "there is memory");
  vmo.write(0, new Uint8Array(8).fill(1));
  for (const object of [event, channel, other, vmo]) machine.give(process, object, 0x1ffffff);
  const message = Message.create(realm, new Uint8Array(4));
  invariant(typeof message !== "number", "the kernel can keep a message");
  other.write(message);
  mapPage(process, 4);
  return { machine, process, event, channel, vmo };
}

function* program(handle: number): Program {
  for (let at = 0; at < 2 * FATAL; at++) yield* zx.objectSignal({ handle, clear: 0, set: 0 });
}

const frameOf = (vmo: Vmo) => vmo.content.pages.get(0);
const theEvent = ({ event }: Scene) => event;
const theChannel = ({ channel }: Scene) => channel;
const theVmo = ({ vmo }: Scene) => vmo;

const AT_ONCE: Readonly<Record<string, Fault>> = {
  "a handle that is counted and is not there": {
    about: theEvent,
    spoil: ({ event }) => event.handleMade(),
    said: /an object counts the handles to it \(event/,
  },
  "an object that died under its handles": {
    about: theEvent,
    spoil: ({ event }) => {
      while (!event.dead) event.drop();
    },
    said: /no handle refers to a dead object|an object counts the handles/,
  },
  "a handle in two places": {
    about: theEvent,
    spoil: ({ process, event }) => {
      const [, handle] = [...process.handleTable.entries()].find(([, one]) =>
        one.object === event
      )!;
      process.handleTable.add(handle);
    },
    said: /a handle is put where it is already|in two places/,
  },
  "a channel that hides its message": {
    about: theChannel,
    spoil: ({ channel }) => channel.updateSignals(Signal.READABLE, 0),
    said: /a channel is readable while a message waits/,
  },
  "a peer that knows of no peer": {
    about: theChannel,
    spoil: ({ channel }) => Object.defineProperty(channel.peer, "peer", { get: () => null }),
    said: /a peer's peer is the object itself/,
  },
  "an end that says it is alone": {
    about: theChannel,
    spoil: ({ channel }) => channel.updateSignals(0, Signal.PEER_CLOSED),
    said: /an end says PEER_CLOSED when it is alone/,
  },
  "a waiter that a line skips": {
    about: theEvent,
    spoil: ({ event }) => {
      const [one, two, three] = [1, 2, 3].map(() => new Waiter(Signal.SIGNALED));
      for (const waiter of [one!, two!, three!]) event.observe(waiter);
      one!.next = three!;
    },
    said: /nor on the way back|nobody is skipped in a line/,
  },
  "a waiter that is not counted": {
    about: theEvent,
    spoil: ({ event }) => {
      const waiter = new Waiter(Signal.SIGNALED);
      event.observe(waiter);
      waiter.list = null;
    },
    said: /an object counts all who wait for it/,
  },
  "regions that overlap": {
    about: theEvent,
    spoil: ({ process }) => {
      const { regions } = process.space.root;
      const { base } = regions.all()[0]!;
      regions.add({ base: base + 8192, size: 4096 } as never);
    },
    said: /regions are in order, and apart/,
  },
  "a frame that is given back twice": {
    about: theVmo,
    spoil: ({ vmo }) => {
      vmo.realm.memory.release(frameOf(vmo));
      vmo.realm.memory.release(frameOf(vmo));
    },
    said: /is given back twice/,
  },
  "a frame that is given back while it is shown": {
    about: theVmo,
    spoil: ({ vmo }) => vmo.realm.frames.release(frameOf(vmo)),
    said: /has 0 holders and is shown at 1 pages/,
  },
  "a frame that nobody shows any more and nobody gave back": {
    about: theVmo,
    spoil: ({ vmo }) => vmo.content.pages.set(0, 0),
    said: /has 1 holders and is shown at 0 pages/,
  },
  "a childless memory object that hides it": {
    about: theVmo,
    spoil: ({ vmo }) => vmo.updateSignals(Signal.VMO_ZERO_CHILDREN, 0),
    said: /a memory object says when it is childless/,
  },
  "a thread that could run and stands nowhere": {
    about: ({ process }) => process,
    spoil: ({ machine, process }) => {
      const thread: Thread = machine.thread(process, idle());
      process.system.scheduler.unready(thread);
    },
    said: /whoever could run stands in the queue/,
  },
  "a process that left its job while it lives": {
    about: ({ process }) => process,
    spoil: ({ process }) => process.job.processGone(process),
    said: /a process is in its job until it ends/,
  },
  "a realm that counts a handle too many": {
    about: theEvent,
    spoil: ({ event }) => event.realm.handles++,
    said: /the realm counts its handles/,
  },
};

const IN_THE_END: Readonly<Record<string, Fault>> = {
  "a mapping that its memory object does not count": {
    about: theVmo,
    spoil: ({ process }) => {
      const { vmo } = process.space.root.regions.all()[0] as unknown as { vmo: Vmo };
      vmo.showings.add({});
    },
    said: /a memory object counts what shows it/,
  },
  "a job that is higher than it should be": {
    about: ({ process }) => process.job,
    spoil: ({ process }) => {
      const job = process.job.createJob();
      invariant(typeof job !== "number", "the root job takes in jobs");
      Object.assign(job, { height: 40 });
    },
    said: /a job is one lower than the job above/,
  },
};

function* idle(): Program {
  yield* zx.nanosleep({ deadline: 0 });
}

for (const [name, fault] of Object.entries(AT_ONCE)) {
  Deno.test(`an audit finds ${name} behind the call that spoilt it`, () => {
    const said = found(fault);
    assertEquals(said.match(/^after call (\d+), objectSignal: /)?.[1], `${FATAL}`, said);
    assertEquals(fault.said.test(said), true, said);
  });
}

for (const [name, fault] of Object.entries(IN_THE_END)) {
  Deno.test(`an audit finds ${name} when it looks through everything`, () => {
    const said = found(fault, FATAL + 10);
    assertEquals(said.match(/^after call (\d+), /)?.[1], `${FATAL + 10}`, said);
    assertEquals(fault.said.test(said), true, said);
  });
}
