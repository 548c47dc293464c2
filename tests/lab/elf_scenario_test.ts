/**
 * Programs in machine code beside each other and beside generators, under every schedule.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import {
  type CallFault,
  failed,
  receive,
  type Scenario,
  scenario,
  type Setup,
  type World,
  zirconProgram,
  zirconVdso,
  zx,
} from "@zandbox/zandbox";
import { allSchedules } from "../support/schedules.ts";

const guest = (name: string) =>
  Deno.readFileSync(new URL(`../../guests/${name}/${name}`, import.meta.url));
const CLIENT = guest("echo_client");
const SERVER = guest("echo_server");
const HELLO_DYNAMIC = Deno.readFileSync(
  new URL("../../guests/hello/hello_zircon_dynamic", import.meta.url),
);

/** A client asks a server once. */
function echo(world: World): void {
  const [asks, answers] = world.channel("talk");
  world.elf("client", CLIENT, [asks], { args: ["client", "1"] });
  world.elf("server", SERVER, [answers]);
}

Deno.test("two guests end the same way under every schedule, and reduction loses no ending", () => {
  const [all, few] = [allSchedules(echo, { reduce: false }), allSchedules(echo)];
  assertEquals([...few.states].sort(), [...all.states].sort());
  assertEquals(few.count < all.count / 5, true, `${few.count} of ${all.count}`);
});

Deno.test("a claim about guests that is wrong has a story, and a token that repeats it", async () => {
  const talk = scenario("the client gets no answer", (world) => {
    echo(world);
    world.never("the client is content", (view) => view.exitCode("client") === 0);
  });
  const report = await talk.explore();
  assertEquals([report.verdict, report.exitCode], ["violated", 1]);
  const { story, token } = report.facts.counterexample!;
  assertStringIncludes(story.join("\n"), "channelCall(talk/0) → waits");
  assertEquals(talk.run({ replay: token }).facts.story, story);
});

Deno.test("a guest's calls fail as planned, the first, the second or all, and take no step", async () => {
  const asking = (fault: CallFault) =>
    scenario("planned", (world) => {
      const [asks, answers] = world.channel("talk");
      world.elf("client", CLIENT, [asks], { args: ["client", "2"], faults: [fault] });
      world.elf("server", SERVER, [answers]);
      world.eventually("the client was answered twice", (view) => view.exitCode("client") === 0);
    });
  const fault = { call: "channelCall", status: "PEER_CLOSED" } as const;
  const steps = [{ ...fault, nth: 3 }, { ...fault, nth: 1 }, { ...fault, nth: 2 }, fault].map(
    (one) => {
      const { story } = asking(one).run().facts;
      return story.filter((line) => line.includes("channelCall(")).length;
    },
  );
  assertEquals(steps, [2, 1, 1, 0]);
  assertEquals((await asking({ ...fault, nth: 3 }).explore()).verdict, "holds");
  const report = await asking({ ...fault, nth: 2 }).explore();
  assertEquals(report.verdict, "violated");
  // @ts-expect-error: there is no such call.
  const odd: CallFault = { ...fault, call: "channelCal" };
  assertMatch(asking(odd).run().facts.failures[0]!, /no call is named channelCal, so it/);
});

Deno.test("a guest and a generator talk; what a claim asks of the guest's calls is answered", async () => {
  const report = await answering(true).explore();
  assertEquals(report.verdict, "holds", `${report}`);
  const wrong = await answering(false).explore();
  assertEquals(wrong.verdict, "violated", `${wrong}`);
});

/** A generator answers a guest, with what it was asked or with nothing. */
function answering(isHonest: boolean): Scenario {
  return scenario(`an ${isHonest ? "honest" : "empty"} answer`, (world) => {
    const [asks, answers] = world.channel("talk");
    world.elf("client", CLIENT, [asks], { args: ["client", "1"] });
    world.program("server", [answers], function* (answers) {
      const question = yield* receive(answers);
      if (failed(question)) return;
      const bytes = isHonest ? question.bytes : question.bytes.slice(0, 4);
      yield* zx.channelWrite({ handle: answers, bytes });
    });
    world.sometimes("the guest asks", (view) => view.did("client", "channelCall") !== undefined);
    world.eventually("the client is content", (view) => view.exitCode("client") === 0);
  });
}

Deno.test("a file that cannot be a scenario's program is refused with a sentence", () => {
  const start = (file: Uint8Array) =>
    scenario("no program", (world) => void world.elf("odd", file, [])).run().facts.failures[0];
  assertStringIncludes(start(new Uint8Array(100))!, "program odd cannot be loaded: e_ident");
  assertStringIncludes(start(HELLO_DYNAMIC)!, "wants the dynamic linker");
});

/** Reads the bootstrap message; its handles are at `s0` then. */
const BOOTSTRAP = `_start:
     li   a1, 0
     la   a2, message
     la   a3, handles
     mv   s0, a3
     li   a4, 256
     li   a5, 16
     li   a6, 0
     li   a7, 0
     call zx_channel_read`;

/** Adds one to the word in the shared memory object in `a0`, by a load and a store. */
const SHARED = zirconProgram(
  `${BOOTSTRAP}
     lw   a0, 8(s0)            # PA_VMAR_ROOT
     lw   s0, 12(s0)           # the first handle listed
     li   a1, 3
     li   a2, 0
     mv   a3, s0
     li   a4, 0
     li   a5, 4096
     la   a6, address
     call zx_vmar_map
     la   t0, address
     ld   t0, 0(t0)
     lw   t1, 0(t0)
     addi t1, t1, 1
     sw   t1, 0(t0)
     li   a0, 0
     call zx_process_exit
     .bss
     .balign 8
   address: .zero 8
   message: .zero 256
   handles: .zero 64`,
  zirconVdso(),
);

function sharers(accesses: boolean): Setup {
  return (world) => {
    const counter = world.vmo("counter");
    for (const name of ["a", "b"]) {
      const memory = counter.only("READ", "WRITE", "MAP");
      world.elf(name, SHARED, [memory], { accesses });
    }
    world.eventually("both are counted", (view) => view.bytes(counter, 1)[0] === 2);
  };
}

Deno.test("an update of shared memory is lost only where others may step between accesses", async () => {
  assertEquals((await scenario("whole", sharers(false)).explore()).verdict, "holds");
  const report = await scenario("access by access", sharers(true)).explore();
  assertEquals(report.verdict, "violated", report.toString());
  const found = report.facts.counterexample!;
  assertEquals([found.interruptions, found.shortest], [1, true], report.toString());
  assertMatch(found.story.join("\n"), /loads from counter\+0[^]*stores to counter\+0/);
});

Deno.test("schedules by accesses end in the same states, reduced or not", () => {
  const naive = allSchedules(sharers(true), { reduce: false });
  const reduced = allSchedules(sharers(true));
  assertEquals([...reduced.states].sort(), [...naive.states].sort());
  assert(reduced.count < naive.count, `${reduced.count} of ${naive.count}`);
});

Deno.test("machine code that never makes a call breaks its scenario with a sentence", async () => {
  const file = zirconProgram("_start: j _start", zirconVdso());
  const one = scenario("silence", (world) => {
    world.elf("bad", file, []);
    world.program("other", [], function* () {});
  });
  const report = await one.explore();
  assertEquals([report.verdict, report.exitCode], ["broken", 2]);
  assertMatch(
    report.toString(),
    /program bad throws: it computes on and on and never makes a call/,
  );
});

Deno.test("machine code that meets an exception ends, and the story says where", () => {
  const file = zirconProgram("_start: ld a0, 0(zero)", zirconVdso());
  const report = scenario("crash", (world) => void world.elf("bad", file, [])).run();
  assertMatch(report.toString(), /stops at 0x[0-9a-f]+ with an exception/);
});

Deno.test("a program that counts its instructions counts the same in every run of a scenario", async () => {
  const counter = zirconProgram(
    "_start:\n  rdinstret a0\n  rdcycle a1\n  add a0, a0, a1\n  call zx_process_exit",
    zirconVdso(),
  );
  const codes = new Set<number>();
  const count = scenario("a program counts", (world) => {
    world.elf("counter", counter, []);
    world.program("other", [], function* () {
      yield* zx.eventCreate();
    });
    world.eventually("it ends", (view) => {
      codes.add(view.exitCode("counter") ?? -1);
      return !view.alive("counter");
    });
  });
  assertEquals(count.run().facts.failures, []);
  assertEquals((await count.explore({ strategy: "random", schedules: 20 })).facts.failures, []);
  assertEquals([...codes].length, 1, `${[...codes]}`);
});
