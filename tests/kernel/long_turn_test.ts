import { assert, assertEquals } from "@std/assert";
import { DEFAULT_RIGHTS } from "../../kernel/abi.ts";
import { Channel } from "../../kernel/ipc/channel.ts";
import { failed, invariant } from "../../kernel/mod.ts";
import { Handle } from "../../kernel/object/handle.ts";
import { RoundRobin, type Scheduler } from "../../kernel/task/scheduler.ts";
import { BARE_MEMORY, startBare } from "../../lab/machine/bare_program.ts";
import { Machine } from "../../lab/machine/machine.ts";
import { SeededEntropy } from "../../lab/machine/seeded_entropy.ts";
import { ANSWERER, asker, begin, END, WRITE } from "../../scripts/bench/kernel/asking.ts";

const QUANTUM = 500;
/** A quantum so short that a test can begin something at each of its instructions. */
const SHORT_QUANTUM = 60;

/** Each in turn, and asked for each turn. */
class TurnByTurn extends RoundRobin {
  override get isEmpty(): boolean {
    return false;
  }
}

/** What gives a process its handle to a channel's end. */
function handleTo(end: Channel): () => Handle {
  return () => new Handle(end, DEFAULT_RIGHTS.channel);
}

/** Count so far, in two instructions each. */
function count(times: number): string {
  return `li t0, ${times}
  1: addi t0, t0, -1
  bnez t0, 1b`;
}

/** What a machine does: each call with its time and thread, and how it ends; and its runs. */
function record(machine: Machine) {
  const { kernel, processor } = machine;
  const calls: string[] = [];
  const threads = [...kernel.rootJob.processes].flatMap(({ threads }) => [...threads]);
  let runs = 0;
  const { onSyscall } = processor;
  processor.onSyscall = () => {
    const { koid } = kernel.system.current!;
    const going = onSyscall!();
    calls.push(`${koid} called by ${kernel.realm.now}, ${processor.retired}`);
    return going;
  };
  const run = processor.run.bind(processor);
  processor.run = (context, space, budget) => (runs++, run(context, space, budget));
  return {
    finish() {
      const end = kernel.run({ until: 1e9 });
      const { realm, system } = kernel;
      const worked = threads.map(({ runtime }) => runtime);
      const { retired } = processor;
      return { calls, end, now: realm.now, idle: system.idleTime, retired, worked };
    },
    runs: () => runs,
  };
}

/** A program that counts, sleeps, yields and counts again, all by chance. */
function restless(chance: SeededEntropy, isLong: boolean): string {
  const steps: string[] = [];
  let deadline = 0;
  for (let step = 0; step < 12; step++) {
    steps.push(count(1 + chance.next() % (isLong ? 20_000 : 300)));
    deadline += chance.next() % 60_000;
    const kind = chance.next() % 4;
    if (kind === 0) steps.push("@zx_thread_legacy_yield");
    else if (kind !== 3) steps.push(`li a0, ${deadline}\n @zx_nanosleep`);
  }
  return `_start: ${steps.join("\n")}\n ${END}`;
}

function crowd(scheduler: Scheduler, seed: number): Machine {
  const machine = new Machine({ scheduler });
  const chance = new SeededEntropy(seed);
  const [asking, answering] = Channel.create(machine.kernel.realm);
  startBare(machine, { name: "long", text: restless(chance, true) });
  startBare(machine, { name: "short", text: restless(chance, false) });
  startBare(machine, { name: "asks", text: asker(5), handle: handleTo(asking) });
  startBare(machine, { name: "answers", text: ANSWERER, handle: handleTo(answering) });
  return machine;
}

Deno.test("a thread that is alone has many turns at once, and all happens when it would turn by turn", () => {
  let [long, short] = [0, 0];
  for (let seed = 1; seed <= 40; seed++) {
    const at = record(crowd(new RoundRobin(QUANTUM), seed));
    const by = record(crowd(new TurnByTurn(QUANTUM), seed));
    assertEquals(at.finish(), by.finish(), `seed ${seed}`);
    long += at.runs();
    short += by.runs();
  }
  assert(long * 4 < short, `${long} runs, and ${short} turn by turn`);
});

/** A machine where a program counts, wakes another one, and counts again. */
function waker(scheduler: Scheduler, before: number): Machine {
  const machine = new Machine({ scheduler });
  const [asking, answering] = Channel.create(machine.kernel.realm);
  startBare(machine, { name: "answers", text: ANSWERER, handle: handleTo(answering) });
  const text = `${begin(1)}
    ${count(800)}
    ${"nop\n".repeat(before)}
    ${WRITE}
    ${count(500)}
    ${END}`;
  startBare(machine, { name: "counts", text, handle: handleTo(asking) });
  return machine;
}

Deno.test("whoever is woken in the middle of many turns has the processor when that turn is over", () => {
  for (let before = 0; before < SHORT_QUANTUM; before++) {
    const at = record(waker(new RoundRobin(SHORT_QUANTUM), before));
    const by = record(waker(new TurnByTurn(SHORT_QUANTUM), before));
    assertEquals(at.finish(), by.finish(), `after ${before}`);
  }
});

/** A program that writes to so many pages, one each `pause` counts, after so much of nothing. */
function writer(pages: number, pause: number, before = 0): string {
  return `_start: li s2, ${BARE_MEMORY}
  ${"nop\n".repeat(before)}
  li s3, 4096
  li s4, ${pages}
  2: ${count(pause)}
  sd s4, 0(s2)
  add s2, s2, s3
  addi s4, s4, -1
  bnez s4, 2b`;
}

/** A machine where memory runs out while one program is alone; it is freed by killing another. */
function scarce(scheduler: Scheduler, before: number): Machine {
  const machine = new Machine({ scheduler });
  const { kernel, processor } = machine;
  const job = kernel.rootJob.createJob();
  invariant(!failed(job), "a job can be made");
  job.hold();
  job.killOnOom = true;
  const [mine, theirs] = Channel.create(kernel.realm);
  const rests = `${writer(40, 1)}\n li a0, -1\n srli a0, a0, 1\n @zx_nanosleep\n ${END}`;
  startBare(machine, { name: "hog", text: rests, job, handle: handleTo(theirs) });
  // It waits until the other end is closed.
  startBare(machine, { name: "waits", text: ANSWERER, handle: handleTo(mine) });
  startBare(machine, { name: "writes", text: `${writer(20, 300, before)}\n ${END}` });
  kernel.run({ until: 4000 });
  while (processor.memory.freeFrames > 10) processor.memory.allocate();
  return machine;
}

Deno.test("where memory runs out in the middle of many turns, who is killed and who runs then is the same", () => {
  for (let before = 0; before < SHORT_QUANTUM; before++) {
    const at = record(scarce(new RoundRobin(SHORT_QUANTUM), before));
    const by = record(scarce(new TurnByTurn(SHORT_QUANTUM), before));
    const found = at.finish();
    assertEquals(found, by.finish(), `after ${before}`);
    // The one that waited for the end of the one that was killed; and the one that wrote.
    assertEquals(new Set(found.calls.map((call) => call.split(" ")[0])).size, 2);
    assert(at.runs() * 2 < by.runs(), `${at.runs()} runs, and ${by.runs()} turn by turn`);
  }
});
