/**
 * Bugs that were planted on purpose, in programs that share memory.
 *
 * @module
 */
import { type ObjectHandle, type Operation, type Setup, type World, zx } from "@zandbox/zandbox";

type Memory = ReturnType<World["vmo"]>;

/** Read a byte of a memory object. */
export function* get(memory: number, at = 0): Operation<number> {
  const read = yield* zx.vmoRead({ handle: memory, offset: at, bufferSize: 1 });
  return typeof read === "number" ? 0 : read.buffer[0]!;
}

/** Write a byte of a memory object. */
export function* put(memory: number, value: number, at = 0): Operation<void> {
  yield* zx.vmoWrite({ handle: memory, offset: at, buffer: Uint8Array.of(value) });
}

/** Programs that each do something with the same memory. */
function sharing(
  world: World,
  names: readonly string[],
  deed: (memory: number, at: number) => Operation<void>,
): Memory {
  const memory = world.vmo("memory", new Uint8Array(8));
  names.forEach((name, at) => {
    world.program(name, [memory.only("READ", "WRITE")], function* (memory) {
      yield* deed(memory, at);
    });
  });
  return memory;
}

/** Both are where only one may be: bytes 6 and 7 say who is. */
function both(world: World, memory: Memory): void {
  world.never("both are inside", (view) => {
    const bytes = view.bytes(memory, 8);
    return bytes[6] === 1 && bytes[7] === 1;
  });
}

/** Go in and come out again. */
function* inside(memory: number, at: number): Operation<void> {
  yield* put(memory, 1, 6 + at);
  yield* put(memory, 0, 6 + at);
}

function ends(world: World, memory: ObjectHandle, at: number, value: number): void {
  world.eventually(`byte ${at} ends as ${value}`, (view) => view.bytes(memory, 8)[at] === value);
}

/** Each bug by what it is. */
export const MEMORY_BUGS: Readonly<Record<string, Setup>> = {
  "an update is lost": (world) => {
    const memory = sharing(world, ["a", "b"], function* (memory) {
      yield* put(memory, (yield* get(memory)) + 1);
    });
    ends(world, memory, 0, 2);
  },
  "a larger value is written over": (world) => {
    const memory = sharing(world, ["a", "b"], function* (memory, at) {
      if ((yield* get(memory)) < at + 1) yield* put(memory, at + 1);
    });
    ends(world, memory, 0, 2);
  },
  "a flag is looked at and set in two steps": (world) => {
    const memory = sharing(world, ["a", "b"], function* (memory, at) {
      if ((yield* get(memory)) !== 0) return;
      yield* put(memory, 1);
      yield* inside(memory, at);
    });
    both(world, memory);
  },
  "Peterson's lock without the turn being given away": (world) => {
    const memory = sharing(world, ["a", "b"], function* (memory, at) {
      if ((yield* get(memory, 1 - at)) === 0) {
        yield* put(memory, 1, at);
        yield* inside(memory, at);
      }
    });
    both(world, memory);
  },
  "two initialise what one was to": (world) => {
    const memory = sharing(world, ["a", "b"], function* (memory) {
      if ((yield* get(memory)) !== 0) return;
      yield* put(memory, 1);
      yield* put(memory, (yield* get(memory, 1)) + 1, 1);
    });
    world.never("it is initialised twice", (view) => view.bytes(memory, 2)[1] === 2);
  },
  "a flag is published before its data": (world) => {
    const memory = sharing(world, ["writer", "reader"], function* (memory, at) {
      if (at === 0) {
        yield* put(memory, 1, 0);
        yield* put(memory, 7, 1);
      } else if ((yield* get(memory, 0)) === 1 && (yield* get(memory, 1)) !== 7) {
        yield* put(memory, 1, 2);
      }
    });
    world.never("old data is taken for new", (view) => view.bytes(memory, 3)[2] === 1);
  },
  "two halves are read from two writes": (world) => {
    const memory = sharing(world, ["writer", "reader"], function* (memory, at) {
      if (at === 0) {
        yield* put(memory, 1, 0);
        yield* put(memory, 1, 1);
      } else if ((yield* get(memory, 0)) !== (yield* get(memory, 1))) yield* put(memory, 1, 2);
    });
    world.never("the halves differ", (view) => view.bytes(memory, 3)[2] === 1);
  },
  "what was checked is not what is used": (world) => {
    const memory = sharing(world, ["checker", "attacker"], function* (memory, at) {
      if (at === 1) return yield* put(memory, 9);
      if ((yield* get(memory)) !== 0) return;
      yield* put(memory, yield* get(memory), 1);
    });
    world.never("9 gets through", (view) => view.bytes(memory, 2)[1] === 9);
  },
  "more is taken than there is": (world) => {
    const memory = world.vmo("purse", Uint8Array.of(1, 0));
    for (const name of ["a", "b"]) {
      world.program(name, [memory.only("READ", "WRITE")], function* (memory) {
        if ((yield* get(memory)) === 0) return;
        yield* put(memory, 0);
        yield* put(memory, (yield* get(memory, 1)) + 1, 1);
      });
    }
    world.never("two are paid", (view) => view.bytes(memory, 2)[1] === 2);
  },
  "a value that came back is taken for one that stayed": (world) => {
    const memory = sharing(world, ["a", "b"], function* (memory, at) {
      if (at === 1) {
        yield* put(memory, 1);
        yield* put(memory, 0);
        return yield* put(memory, 1, 1);
      }
      const before = yield* get(memory);
      const seen = yield* get(memory, 1);
      if (before === 0 && seen === 1) yield* put(memory, 1, 2);
    });
    world.never("the change went unseen", (view) => view.bytes(memory, 3)[2] === 1);
  },
  "who dies in between leaves half of it": (world) => {
    const memory = world.vmo("memory", new Uint8Array(8));
    world.program("writer", [memory.only("WRITE")], function* (memory) {
      yield* put(memory, 1, 0);
      yield* put(memory, 1, 1);
    });
    world.anytime("the writer is killed", () => world.kill("writer"));
    world.eventually("both halves or none", (view) => {
      const [one, other] = view.bytes(memory, 2);
      return one === other;
    });
  },
  "who is killed after its first step leaves half of it": (world) => {
    const memory = world.vmo("memory", new Uint8Array(8));
    world.program("writer", [memory.only("WRITE")], function* (memory) {
      yield* put(memory, 1, 0);
      yield* put(memory, 1, 1);
    }, { killAfter: 1 });
    ends(world, memory, 1, 1);
  },
  "three go where two may": (world) => {
    const memory = sharing(world, ["a", "b", "c"], function* (memory) {
      const count = yield* get(memory);
      if (count >= 2) return;
      yield* put(memory, count + 1);
      if ((yield* get(memory)) !== count + 1) yield* put(memory, 1, 1);
    });
    world.never("somebody sees it", (view) => view.bytes(memory, 2)[1] === 1);
  },
  "a poller gives up too early": (world) => {
    const memory = sharing(world, ["setter", "poller"], function* (memory, at) {
      if (at === 0) return yield* put(memory, 1);
      for (let tries = 0; tries < 2; tries++) if ((yield* get(memory)) === 1) return;
      yield* put(memory, 1, 1);
    });
    world.never("it gives up", (view) => view.bytes(memory, 2)[1] === 1);
  },
  "a copy is older than what it is checked against": (world) => {
    const memory = sharing(world, ["copier", "changer"], function* (memory, at) {
      if (at === 1) return yield* put(memory, 5);
      const copy = yield* get(memory);
      yield* put(memory, copy, 1);
      yield* put(memory, 1, 2);
    });
    world.always("the copy is fresh once it is there", (view) => {
      const [original, copy, isDone] = view.bytes(memory, 3);
      return isDone === 0 || original === copy;
    });
  },
};
