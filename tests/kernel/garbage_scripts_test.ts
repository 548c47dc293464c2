import { assertEquals, assertStringIncludes } from "@std/assert";
import { DEFAULT_RIGHTS, Status } from "../../kernel/abi.ts";
import type { Program, Request } from "../../kernel/client.ts";
import { ScriptMistake } from "../../kernel/syscall/binder.ts";
import { SyscallTable } from "../../kernel/syscall/table.ts";
import { ZIRCON_ROWS } from "../../kernel/zircon/rows.ts";
import { SeededRandom } from "../support/seeded_random.ts";
import { ScriptKernel } from "../support/scripts.ts";

const TABLE = new SyscallTable(ZIRCON_ROWS);
const ROUNDS = Deno.args.includes("--long") ? 4000 : 200;

/** Calls that end the one who makes them. */
const FATAL = /Exit$|^taskKill$/;
const CALLS = Object.keys(ZIRCON_ROWS).filter((call) => !FATAL.test(call));

/** What a script may hold of each type of the language, sound or not. */
const GARBAGE: readonly unknown[] = [
  ...[undefined, null, true, false, "", "text", "\ud800", Symbol("symbol"), () => 0],
  ...[0, -1, 1.5, NaN, Infinity, -Infinity, 2 ** 31, 2 ** 53, 2 ** 63, 2 ** 64, -(2 ** 63), 1e300],
  ...[0n, -1n, 7n, 2n ** 63n, 2n ** 64n, 2n ** 200n, -(2n ** 200n)],
  ...[[], [null], [undefined], [[]], [{}], [1], [1n], ["text"], [new Uint8Array(2)], [NaN, -1]],
  ...[{}, { length: 3 }, { handle: null }, new Date(0), new Map(), Object.create(null)],
  ...[new Uint8Array(0), new Uint8Array(40), new Float64Array(2), new ArrayBuffer(8)],
];

/** Let one script ask for something, and the machine run on a little; what is no mistake goes through. */
function ask(machine: ScriptKernel, requestOf: (handle: number) => unknown): void {
  const { kernel } = machine;
  const before = kernel.system.failures.length;
  machine.spawn("fool", function* (process): Program {
    yield requestOf(machine.give(process, kernel.rootJob, DEFAULT_RIGHTS.job)) as Request;
  });
  kernel.run({ until: kernel.realm.now + 1000 });
  for (const { error } of kernel.system.failures.slice(before)) {
    if (!(error instanceof ScriptMistake)) throw error;
  }
}

Deno.test("a script that gives values of no sense to a call is answered, whatever their type", () => {
  const machine = new ScriptKernel({ frames: 4096 });
  const random = new SeededRandom(1);
  for (const call of CALLS) {
    const { names } = TABLE.named(call)!;
    for (let round = 0; round < ROUNDS; round++) {
      ask(machine, (handle) => {
        const any = () => random.below(4) === 0 ? handle : random.pick(GARBAGE);
        return { call, args: Object.fromEntries(names.map((name) => [name, any()])) };
      });
    }
  }
});

Deno.test("a script that yields what is no call is answered, whatever it is", () => {
  const machine = new ScriptKernel({ frames: 4096 });
  for (const thing of GARBAGE) {
    ask(machine, () => thing);
    ask(machine, () => ({ call: thing }));
    for (const call of CALLS) {
      ask(machine, () => ({ call, args: thing }));
      if (Array.isArray(thing)) ask(machine, () => ({ call, registers: thing }));
    }
  }
});

/** What a script's one call was answered with, or what it ended with instead. */
function outcome(call: string, args: Readonly<Record<string, unknown>>): unknown {
  const machine = new ScriptKernel();
  let found: unknown;
  machine.spawn("fool", function* (): Program {
    found = yield { call, args };
  });
  machine.kernel.run({ until: 1e6 });
  const [failure] = machine.kernel.system.failures;
  return failure ? `${failure.error}` : found;
}

Deno.test("a script that gives what neither register nor memory could hold ends with a sentence", () => {
  const wrong: readonly (readonly [string, Record<string, unknown>, string])[] = [
    ["channelWrite", { handle: 3, bytes: 5, handles: [] }, "bytes is 5"],
    ["channelWrite", { handle: "3", bytes: new Uint8Array(1), handles: [] }, "handle is a string"],
    ["channelWrite", { handle: 3, bytes: new Uint8Array(1), handles: 4 }, "handles is 4"],
    ["objectWaitMany", { items: [3] }, "items is a list"],
    ["timerSet", { handle: 3, deadline: NaN }, "deadline is NaN"],
    ["portQueue", { handle: 3, packet: null }, "packet is missing"],
  ];
  for (const [call, args, about] of wrong) {
    assertStringIncludes(
      `${outcome(call, args)}`,
      `TypeError: ${TABLE.named(call)!.name}: ${about}`,
    );
  }
});

Deno.test("a script that gives what a register could hold gets the status that Zircon gives", () => {
  const { BAD_HANDLE, INVALID_ARGS } = Status;
  assertEquals(outcome("handleClose", { handle: 2 ** 32 - 1 }), BAD_HANDLE);
  assertEquals(outcome("handleClose", { handle: -1 }), BAD_HANDLE);
  assertEquals(outcome("eventCreate", { options: 77 }), INVALID_ARGS);
  assertEquals(outcome("vmoCreate", { size: 1, options: -1 }), INVALID_ARGS);
});
