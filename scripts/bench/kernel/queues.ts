/**
 * Whether a step costs the same however many wait: timers, waiters on one object, observers of a port.
 *
 * @module
 */
import { Signal } from "../../../kernel/abi.ts";
import { invariant } from "../../../kernel/invariant.ts";
import { Event } from "../../../kernel/ipc/event.ts";
import { Handle } from "../../../kernel/object/handle.ts";
import { Observer } from "../../../kernel/object/observer.ts";
import { Port } from "../../../kernel/ipc/port.ts";
import { Timer } from "../../../kernel/ipc/timer.ts";
import { Machine } from "../../../lab/machine/machine.ts";
import type { Figure } from "../kernel.ts";
import { processorTime } from "./processor_time.ts";

/** What is measured: makes so many that wait, answers what one step is and how many there are. */
interface Queue {
  readonly name: string;
  readonly sizes: readonly number[];
  readonly make: (size: number) => () => void;
}

const QUEUES: readonly Queue[] = [
  { name: "timers", sizes: [1000, 10_000, 100_000], make: timers },
  { name: "waiters on one object", sizes: [100, 1000, 10_000], make: waiters },
  { name: "observers of one port", sizes: [100, 1000, 10_000], make: observers },
];

const STEPS = 20_000;

/** What one step costs beside so many others. */
export function queueCosts(): Figure[] {
  return QUEUES.flatMap(({ name, sizes, make }) =>
    sizes.map((size): Figure => {
      const step = make(size);
      const time = processorTime(() => {
        for (let at = 0; at < STEPS; at++) step();
      });
      return { name: `a step beside ${size} ${name}`, value: time / STEPS, unit: "ns" };
    })
  );
}

/** A step sets and takes back one timer among many. */
function timers(size: number): () => void {
  const { realm } = new Machine().kernel;
  const many = Array.from({ length: size }, () => {
    const timer = new Timer(realm, 0);
    timer.hold();
    return timer;
  });
  many.forEach((timer, at) => timer.set(1e9 + at * 7919 % 1e9, 0));
  const one = many[size >> 1]!;
  let at = 0;
  return () => one.set(1e9 + at++ * 104729 % 1e9, 0);
}

class Waiter extends Observer {
  /** How often it was told. */
  told = 0;

  override onSignals(): void {
    this.told++;
  }

  override onCancel(): void {
    this.told++;
  }
}

/** A step lets one more wait among many, and wait no longer. */
function waiters(size: number): () => void {
  const { realm } = new Machine().kernel;
  const event = new Event(realm);
  const handle = new Handle(event, 0);
  for (let at = 0; at < size; at++) handle.observe(new Waiter(Signal.USER_0));
  invariant(event.observers === size, "all of them wait");
  const one = new Waiter(Signal.USER_1);
  return () => {
    handle.observe(one);
    handle.unobserve(one);
  };
}

/** A step lets a port observe one more event among many, and no longer. */
function observers(size: number): () => void {
  const { realm } = new Machine().kernel;
  const port = new Port(realm, false);
  port.hold();
  const handles = Array.from({ length: size + 1 }, () => new Handle(new Event(realm), 0));
  const watch = (handle: Handle, at: number) => {
    port.waitAsync({ handle, key: BigInt(at), mask: Signal.USER_0 });
  };
  handles.slice(1).forEach(watch);
  const one = handles[0]!;
  return () => {
    watch(one, 0);
    port.cancel(one, 0n);
  };
}
