/**
 * The guest programs of RT-Smart, under both loaders: what they say, and how they end.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { TestRtSmart } from "../support/rtsmart.ts";

const GENERATIONS = ["A", "B"] as const;

/** What each program says, and ends with. */
const SAID: Readonly<Record<string, string>> = {
  lwp_threads: `4 threads counted to 2000
flags f, status 0
12345 backwards is 54321
an empty queue answers -110
`,
  lwp_channel: `opening it once more answers -1
ping 1
ping 2
ping 4
ping 8
ping 16
the child ends with 32
written by the child, read by the parent
a second message before the reply: -255
in a file that the child has opened
the child has ended with 0
`,
  lwp_shared: `without asking for it: -1
twice in one process: yes
the same bytes
from the child
while it is mapped: 0
still there: 0
given back: -1
`,
  lwp_signal: `caught 10, from itself, back over the stack: 1
registers are as they were: 1
held back: 0
the lower number first, each once: 1012
waiting ends with -4
made once more, it ends with a child: 1
meanwhile 1017
`,
};

for (const generation of GENERATIONS) {
  for (const [name, said] of Object.entries(SAID)) {
    Deno.test(`${name} says what it should under loader ${generation}, and gives all memory back`, () => {
      const machine = new TestRtSmart({ generation });
      const path = machine.guest(name);
      const before = machine.rtsmart.realm.memory.freeFrames;
      const { status, output } = machine.finish(path);
      assertEquals(output, said);
      assertEquals(status, 0);
      const { rtsmart } = machine;
      assertEquals([rtsmart.lwps.size, rtsmart.threads.size], [0, 0]);
      // What is left is the semaphore of everybody; of lwp_channel the file, and the shared memory.
      assertEquals(rtsmart.heap.objects.size, 1);
      const left = before - rtsmart.realm.memory.freeFrames;
      assertEquals(left, name === "lwp_channel" ? 2 : 0);
      assertEquals([rtsmart.channels.size, rtsmart.channels.messages], [0, 0]);
    });
  }
}

for (const generation of GENERATIONS) {
  Deno.test(`loader ${generation} runs a program that has to be linked, and its linker maps the library`, () => {
    const machine = new TestRtSmart({ generation }).libraries().remember();
    const path = machine.guest("hello_rtsmart_dynamic");
    const { status, output } = machine.finish({ path, args: ["hello", "Ada"], environment: [] });
    assertEquals(output, "hello from hello\nargument 1: Ada\n");
    assertEquals(status, 1 << 8);
    const opened = machine.of("syscall").filter(({ name }) => name === "open");
    const libraries = opened.map(({ args }) => args.path);
    // In the first years the linker opens the program, too.
    assertEquals(libraries, [...generation === "A" ? [path] : [], "/lib/librtsmart.so"]);
  });
}

Deno.test("a linker that misses a library or a name says so and ends with 127", () => {
  const machine = new TestRtSmart().libraries();
  machine.rtsmart.files.directory("/lib").remove("librtsmart.so");
  const { status, output } = machine.finish(machine.guest("hello_rtsmart_dynamic"));
  assertEquals([status, output], [127 << 8, "there is no file /lib/librtsmart.so\n"]);
});

const FAULTS = ["read", "write", "execute", "undefined", "breakpoint"];

for (const generation of GENERATIONS) {
  for (const what of FAULTS) {
    Deno.test(`a fault (${what}) ends a program with 255 under loader ${generation}`, () => {
      const machine = new TestRtSmart({ generation }).remember();
      const args = ["lwp_fault", what];
      const { status, output } = machine.finish({ path: machine.guest("lwp_fault"), args });
      assertEquals(status, 255 << 8);
      assertEquals(output, "");
      assertEquals(machine.of("exception").length, 1);
    });
  }

  Deno.test(`code may be written, and data executed, under loader ${generation}`, () => {
    for (const what of ["code", "data"]) {
      const machine = new TestRtSmart({ generation });
      const args = ["lwp_fault", what];
      const { status, output } = machine.finish({ path: machine.guest("lwp_fault"), args });
      assertEquals(output, `went on behind ${what}\n`);
      assertEquals(status, 0);
    }
  });

  Deno.test(`a number in an object's place ends the program, under loader ${generation}`, () => {
    const machine = new TestRtSmart({ generation }).remember();
    const args = ["lwp_fault", "number"];
    const { status } = machine.finish({ path: machine.guest("lwp_fault"), args });
    assertEquals(status, 255 << 8);
    assertEquals(machine.of("debuglog").map(({ text }) => text), [
      "kernel fault at 0x210000000 in rt_sem_take",
    ]);
  });

  Deno.test(`a null in an object's place ends the kernel, under loader ${generation}`, () => {
    const machine = new TestRtSmart({ generation }).remember();
    const args = ["lwp_fault", "nothing"];
    const lwp = machine.start({ path: machine.guest("lwp_fault"), args });
    assert(typeof lwp !== "number");
    machine.run(lwp);
    assertEquals(
      machine.panicked,
      "assertion failed at function rt_sem_take: this is no Semaphore",
    );
    assertEquals(machine.of("kernel-panic").length, 1);
    assert(typeof machine.start({ path: "/bin/lwp_fault" }) === "number");
  });
}

Deno.test("a fault in a thread ends that thread in the first years, and later the process", () => {
  const ends = GENERATIONS.map((generation) => {
    const machine = new TestRtSmart({ generation });
    const args = ["lwp_fault", "thread"];
    return machine.finish({ path: machine.guest("lwp_fault"), args });
  });
  assertEquals(ends, [
    { status: 0, output: "went on behind thread\n" },
    { status: 255 << 8, output: "" },
  ]);
});

Deno.test("the same run has the same log, each time, in every tier of the processor", () => {
  const logs = (["interpreter", "compiler", "auto", "auto"] as const).map((tier) => {
    const machine = new TestRtSmart({ tier }).remember();
    machine.finish(machine.guest("lwp_threads"));
    return machine.events.map((event) => JSON.stringify(event)).join("\n");
  });
  assert(logs[0]!.length > 10_000);
  for (const log of logs) assertEquals(log === logs[0], true);
});
