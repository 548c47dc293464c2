import { assertEquals } from "@std/assert";
import { DEFAULT_RIGHTS } from "../../kernel/abi.ts";
import { Channel } from "../../kernel/ipc/channel.ts";
import { Handle } from "../../kernel/object/handle.ts";
import type { Processor } from "../../kernel/ports.ts";
import { ChanceScheduler } from "../../kernel/task/chance_scheduler.ts";
import { PriorityChangeScheduler } from "../../kernel/task/priority_change_scheduler.ts";
import { RoundRobin, type Scheduler } from "../../kernel/task/scheduler.ts";
import { startBare } from "../../lab/machine/bare_program.ts";
import { Machine } from "../../lab/machine/machine.ts";
import { SeededEntropy } from "../../lab/machine/seeded_entropy.ts";
import { answer, ANSWERER, asker, begin } from "../../scripts/bench/kernel/asking.ts";
import { startScript } from "../../scripts/bench/kernel/start_script.ts";

const ASK = asker(100);
/** Works, sleeps, and in the end touches what is not there. */
const SLEEP = `${begin(100)}
  1: li s1, 300
  2: addi s1, s1, -1
  bnez s1, 2b
  li a0, 1000
  @zx_nanosleep
  addi s0, s0, -1
  bnez s0, 1b
  lw a0, 0(zero)`;

/** A machine on which code talks with code and with a script, and sleeps; and all that happens. */
function machineOf(scheduler: Scheduler) {
  const machine = new Machine({ scheduler });
  const events: string[] = [];
  machine.kernel.realm.log.listen((event) => events.push(JSON.stringify(event)));
  const [first, second] = Channel.create(machine.kernel.realm);
  const [third, fourth] = Channel.create(machine.kernel.realm);
  const handle = (end: Channel) => () => new Handle(end, DEFAULT_RIGHTS.channel);
  const started = [
    startBare(machine, { name: "answers", text: ANSWERER, handle: handle(first) }),
    startBare(machine, { name: "asks", text: ASK, handle: handle(second) }),
    startBare(machine, { name: "asks a script", text: ASK, handle: handle(third) }),
    startBare(machine, { name: "sleeps", text: SLEEP }),
    startBare(machine, { name: "sleeps too", text: SLEEP }),
  ];
  const script = startScript(machine, "script", (process) => {
    return answer(process.giveHandle(fourth, DEFAULT_RIGHTS.channel, "test"));
  });
  const threads = [...started.map(({ thread }) => thread), ...script.threads];
  return { machine, events, threads };
}

/** Let a processor end its run wherever it is to hand over, and begin another one; answers how often. */
function endsRuns(processor: Processor): () => number {
  const run = processor.run.bind(processor);
  const { onSyscall } = processor;
  let next: Parameters<Processor["run"]> | null = null;
  let times = 0;
  processor.handOver = (...turn) => {
    next = turn;
    times++;
  };
  processor.onSyscall = () => onSyscall!() && next === null;
  processor.run = (...turn) => {
    for (;;) {
      const reason = run(...turn);
      if (next === null) return reason;
      turn = next;
      next = null;
    }
  };
  return () => times;
}

const SCHEDULERS: Readonly<Record<string, () => Scheduler>> = {
  "each in turn": () => new RoundRobin(),
  "each for 97 instructions": () => new RoundRobin(97),
  "by chance": () => new ChanceScheduler(new SeededEntropy(5)),
  "with changing priorities": () =>
    new PriorityChangeScheduler(new SeededEntropy(5), { depth: 9, calls: 1500 }),
};

for (const [name, scheduler] of Object.entries(SCHEDULERS)) {
  Deno.test(`${name}: handing over within a run changes nothing of what happens`, () => {
    const [within, between] = [machineOf(scheduler()), machineOf(scheduler())];
    const times = endsRuns(between.machine.processor);
    for (const { machine } of [within, between]) assertEquals(machine.kernel.run(), "idle");
    assertEquals(within.events, between.events);
    assertEquals(times() > 100, true);
    const ends = [within, between].map(({ machine: { kernel, processor } }) => {
      return [kernel.realm.now, kernel.system.idleTime, processor.retired];
    });
    assertEquals(ends[0], ends[1]);
    const worked = within.threads.reduce((sum, { runtime }) => sum + runtime, 0);
    assertEquals(worked + ends[0]![1]!, ends[0]![0]);
  });
}

Deno.test("who asks the kernel to stop is asked between all turns, also those handed over to", () => {
  const { machine, events } = machineOf(new RoundRobin());
  let asked = 0;
  assertEquals(machine.kernel.run({ stop: () => ++asked === 50 }), "stopped");
  assertEquals(events.filter((event) => event.includes('"switch"')).length, 49);
  assertEquals(machine.kernel.run({ stop: () => (asked++, false) }), "idle");
  assertEquals(machine.kernel.realm.census().process ?? 0, 0);
});
