/**
 * Calls about processes: making them, waiting for them, ending them; exec through a shadow.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { PROCESS_CALLS } from "../../kernel/rtsmart/calls/processes.ts";
import { Errno, RtError } from "../../kernel/rtsmart/error.ts";
import { CallCoverage, Caller } from "../support/rtsmart_caller.ts";
import { TestRtSmart } from "../support/rtsmart.ts";
import { encode, LOAD, rtElf } from "../support/rtsmart_elf.ts";

const NOWHERE = 16;
const coverage = new CallCoverage();
const alone = (generation: "A" | "B" = "B") => Caller.alone({ generation }, coverage);

/** A process that a call has made, as a caller. */
function child(one: Caller, pid: unknown): Caller {
  assert(typeof pid === "number" && pid > 0, `the call answers ${pid}`);
  const thread = one.machine.rtsmart.lwps.get(pid)!.mainThread!;
  return new Caller(one.machine, coverage, thread);
}

Deno.test("fork makes a process that sees the same until one of the two writes", () => {
  const one = alone();
  const at = one.words(7);
  const other = child(one, one.call("fork"));
  assertEquals(other.thread.context.get(10), 0);
  assertEquals(other.call("getpid"), 2);
  assertEquals(other.word(at), 7);
  one.lwp.memory.writeU64(at, 8);
  assertEquals(other.word(at), 7);
  other.lwp.memory.writeU64(at, 9);
  assertEquals([one.word(at), other.word(at)], [8, 9]);
  assertEquals(other.thread.context.pc, one.thread.context.pc);
});

Deno.test("a forked process has its parent's files and objects", () => {
  const one = alone();
  const semaphore = one.call("sem_create", one.text("shared"), 0, 0);
  one.call("open", one.text("/dev/null"), 2, 0);
  const other = child(one, one.call("vfork"));
  assertEquals(other.call("dup", 3), 4);
  const { objects } = one.machine.rtsmart.heap;
  assertEquals(one.call("sem_delete", semaphore as number), 0);
  // It was not the last who had it.
  assertEquals(other.call("sem_release", semaphore as number), 0);
  assertEquals(objects.has(semaphore as number), true);
  assertEquals(other.call("exit_group", 0), "gone");
  assertEquals(objects.has(semaphore as number), false);
});

Deno.test("waitpid tells what a child has ended with, once", () => {
  const one = alone();
  const status = one.words(0);
  const pid = one.call("fork");
  const other = child(one, pid);
  assertEquals(one.call("waitpid", -1, status, 1), 0);
  assertEquals(one.call("waitpid", pid as number, status, 0), "waits");
  assertEquals(other.call("exit", 300), "gone");
  assertEquals(one.outcome, pid);
  assertEquals(one.word(status), (300 & 0xff) << 8);
  assertEquals(one.call("waitpid", -1, status, 0), Errno.ECHILD);
  assertEquals(one.call("waitpid", 0, status, 0), Errno.ENOSYS);
  assertEquals(one.call("waitpid", -1, NOWHERE, 0), Errno.EFAULT);
  assertEquals(one.machine.rtsmart.lwps.size, 1);
});

Deno.test("a thread that ends by itself ends alone, unless it is the first", () => {
  const one = alone();
  const other = one.another();
  assertEquals(other.call("exit", 3), "gone");
  assertEquals([one.lwp.ended, one.lwp.threads.length], [false, 1]);
  one.another();
  assertEquals(one.call("exit", 5), "gone");
  assertEquals([one.lwp.status, one.machine.rtsmart.threads.size], [5 << 8, 0]);
});

Deno.test("kill ends a process unless the signal does nothing, and never says that it failed", () => {
  const one = alone();
  const status = one.words(0);
  const pid = one.call("fork") as number;
  child(one, pid);
  assertEquals(one.call("kill", 99, 9), Errno.ESRCH);
  assertEquals(one.call("kill", 0, 9), Errno.ENOSYS);
  assertEquals(one.call("kill", -1, 9), Errno.ENOSYS);
  for (const signal of [0, 17, 23, 65, -1]) assertEquals(one.call("kill", pid, signal), 0);
  const { process } = one.machine.rtsmart.lwps.get(pid)!;
  assertEquals(one.call("kill", pid, 19), 0);
  assertEquals(process.suspensions, 1);
  assertEquals(one.call("kill", pid, 18), 0);
  assertEquals(process.suspensions, 0);
  assertEquals(one.call("kill", pid, 15), 0);
  assertEquals(one.call("waitpid", pid, status, 0), pid);
  assertEquals(one.word(status), 15);
});

Deno.test("a machine that boots begins with /sbin/init, or /bin/init, which no signal ends", () => {
  const machine = new TestRtSmart();
  assertEquals(machine.boot(), Errno.ENOENT);
  for (const path of ["/bin/init", "/sbin/init"]) machine.put(path, encode(rtElf()));
  const init = machine.boot();
  assert(typeof init !== "number");
  assertEquals([init.pid, init.image.exeFile], [1, "/sbin/init"]);
  const one = new Caller(machine, coverage);
  assertEquals(one.lwp.parent, init);
  assertEquals(one.call("kill", 1, 9), 0);
  assertEquals(init.ended, false);
  assertEquals(machine.wait(init).status, 42 << 8);
  assertEquals(machine.boot(), Errno.EBUSY);
});

Deno.test("priorities are those of all threads of a process", () => {
  const one = alone();
  const other = one.another(12);
  assertEquals(one.call("getpriority", 0, 0), 25);
  assertEquals(one.call("setpriority", 0, 0, 9), 0);
  assertEquals([one.thread.priority, other.thread.priority], [9, 9]);
  assertEquals(one.call("setpriority", 0, 0, 32), -1);
  assertEquals(one.call("setpriority", 1, 0, 9), -1);
  assertEquals(one.call("getpriority", 0, 99), 0xff);
  assertEquals(one.call("getpriority", 1, 0), 0xff);
});

Deno.test("exec starts a program as a child, with descriptors of its own", () => {
  const one = alone();
  one.machine.put("/bin/other", encode(rtElf()));
  one.call("open", one.text("/dev/null"), 2, 0);
  const argv = one.words(one.text("other"), one.text("x"), 0);
  const envp = one.words(one.text("A=b"), 0);
  const pid = one.call("exec", one.text("/bin/other"), 2, argv, envp);
  const other = child(one, pid);
  assertEquals(other.lwp.parent, one.lwp);
  assertEquals(other.lwp.fdt.descriptors, [0, 1, 2]);
  assertEquals(one.call("exec", one.text("/bin/nothing"), 0, argv, 0), Errno.EACCES);
  assertEquals(one.call("exec", NOWHERE, 0, argv, 0), Errno.EFAULT);
  one.machine.put("/bin/text", new TextEncoder().encode("text"));
  assertEquals(one.call("exec", one.text("/bin/text"), 1, argv, 0), RtError.ERROR);
});

Deno.test("a thirty-first process is refused", () => {
  const one = alone();
  for (let processes = 1; processes < 30; processes++) child(one, one.call("fork"));
  assertEquals(one.call("fork"), Errno.ENOMEM);
  assertEquals(one.call("vfork"), Errno.ENOMEM);
});

for (const generation of ["A", "B"] as const) {
  Deno.test(`execve with loader ${generation} puts a new program in place of the old, in the same process`, () => {
    const one = alone(generation);
    one.machine.put("/bin/other", encode(rtElf()));
    const before = one.machine.rtsmart.realm.memory.freeFrames;
    one.call("open", one.text("/dev/null"), 0o2000002, 0);
    const semaphore = one.call("sem_create", one.text("gone"), 1, 0) as number;
    const old = one.lwp.aspace;
    const argv = one.words(one.text("new"), one.text("name"), 0);
    one.machine.remember();
    one.call("execve", one.text("/bin/other"), argv, 0);
    assert(one.lwp.aspace !== old);
    assertEquals(one.call("getpid"), 1);
    assertEquals([one.thread.context.pc, one.thread.label], [Number(LOAD), "new"]);
    const { stackEnd } = one.machine.rtsmart.layout;
    assertEquals(one.word(stackEnd), 2);
    // What was to be closed stays open, and objects are gone.
    assertEquals(one.lwp.fdt.descriptors, [0, 1, 2, 3]);
    assertEquals(one.machine.rtsmart.heap.objects.has(semaphore), false);
    const { steps } = one.machine;
    assertEquals(steps[0], "sys_execve");
    assertEquals(steps.slice(-7), [
      "lwp_user_object_clear",
      "_swap_lwp_data",
      "lwp_signal_reset",
      "lwp_aspace_switch",
      "lwp_ref_dec",
      "_lwp_thread_entry",
      "arch_start_umode",
    ]);
    assert(Math.abs(before - one.machine.rtsmart.realm.memory.freeFrames) <= 8);
  });

  Deno.test(`until the swap a failed execve with loader ${generation} leaves its caller as it was`, () => {
    const one = alone(generation);
    const spoiled = rtElf();
    spoiled.segments[0]!.filesz += 0x10n;
    spoiled.machine = 0;
    spoiled.sections[1]!.size = 0n;
    one.machine.put("/bin/bad", encode(spoiled));
    one.machine.put("/bin/text", new TextEncoder().encode("#"));
    one.machine.put("/bin/data", encode(rtElf()), 0o666);
    const semaphore = one.call("sem_create", one.text("stays"), 1, 0) as number;
    const argv = one.words(one.text("bad"), 0);
    const { aspace } = one.lwp;
    const frames = one.machine.rtsmart.realm.memory.freeFrames;
    for (const path of ["/bin/bad", "/bin/text"]) {
      assertEquals(one.call("execve", one.text(path), argv, 0), Errno.EINVAL);
    }
    const missing = generation === "A" ? Errno.EACCES : Errno.ENOENT;
    assertEquals(one.call("execve", one.text("/bin/nothing"), argv, 0), missing);
    assertEquals(one.call("execve", one.text("/bin/data"), argv, 0), Errno.EACCES);
    assertEquals(one.call("execve", one.text("/bin/bad"), NOWHERE, 0), Errno.EFAULT);
    assertEquals(one.lwp.aspace, aspace);
    assertEquals(one.call("sem_take", semaphore, 0), 0);
    assert(frames - one.machine.rtsmart.realm.memory.freeFrames <= 1);
    one.another();
    assertEquals(one.call("execve", one.text("/bin/bad"), argv, 0), Errno.EINVAL);
  });
}

Deno.test("a path that cannot be read is refused by the later execve, and followed by the first", () => {
  assertEquals(alone("B").call("execve", NOWHERE, 0, 0), Errno.EFAULT);
  const below = alone("A");
  assertEquals(below.call("execve", NOWHERE, 0, 0), "gone");
  assertEquals(below.machine.panicked, "kernel fault at 0x10 in access");
  const own = alone("A");
  assertEquals(own.call("execve", 0x2_1000_0000, 0, 0), "gone");
  assertEquals([own.machine.panicked, own.lwp.status], [null, 255 << 8]);
});

Deno.test("the first execve refuses arguments beyond a page, and the later one has room for more", () => {
  for (const [generation, answer] of [["A", Errno.EINVAL], ["B", 2]] as const) {
    const one = alone(generation);
    one.machine.put("/bin/other", encode(rtElf()));
    const argv = one.words(one.text("other"), one.text("x".repeat(5000)), 0);
    const outcome = one.call("execve", one.text("/bin/other"), argv, 0);
    const { stackEnd } = one.machine.rtsmart.layout;
    assertEquals(generation === "A" ? outcome : one.word(stackEnd), answer);
  }
});

Deno.test("of a script's line the first execve takes one argument, and the later one every word", () => {
  for (
    const [generation, words] of [
      ["A", ["/bin/other", "a b  c", "script", "x"]],
      ["B", ["/bin/other", "a", "b", "c", "/bin/script", "x"]],
    ] as const
  ) {
    const one = alone(generation);
    one.machine.put("/bin/other", encode(rtElf()));
    one.machine.put("/bin/script", new TextEncoder().encode("#! /bin/other a b  c \nrest"));
    const argv = one.words(one.text("script"), one.text("x"), 0);
    one.call("execve", one.text("/bin/script"), argv, 0);
    const { stackEnd } = one.machine.rtsmart.layout;
    const count = one.word(stackEnd);
    const seen = Array.from({ length: count }, (_, at) => {
      const text = one.lwp.memory.stringBytes(one.word(stackEnd + 8 + 8 * at), 64);
      return new TextDecoder().decode(text as Uint8Array);
    });
    assertEquals(seen, [...words]);
  }
});

Deno.test("the first execve cuts a script's line at 127 bytes, and the later one reads on", () => {
  const long = `#!/bin/other ${"w".repeat(200)}\n`;
  for (const [generation, length] of [["A", 127 - 13], ["B", 200]] as const) {
    const one = alone(generation);
    one.machine.put("/bin/other", encode(rtElf()));
    one.machine.put("/bin/script", new TextEncoder().encode(long));
    one.call("execve", one.text("/bin/script"), one.words(one.text("s"), 0), 0);
    const { stackEnd } = one.machine.rtsmart.layout;
    const word = one.lwp.memory.stringBytes(one.word(stackEnd + 16), 512) as Uint8Array;
    assertEquals(word.length, length);
  }
});

Deno.test("a script that names itself ends when its arguments are too many", () => {
  for (const generation of ["A", "B"] as const) {
    const one = alone(generation);
    one.machine.put("/bin/script", new TextEncoder().encode(`#!/bin/script ${"x".repeat(90)}\n`));
    const outcome = one.call("execve", one.text("/bin/script"), one.words(one.text("s"), 0), 0);
    assertEquals(outcome, Errno.ENOMEM);
  }
});

Deno.test("children of a process that ends are nobody's, and are forgotten when they end", () => {
  const one = alone();
  const other = child(one, one.call("fork"));
  const third = child(other, other.call("fork"));
  assertEquals(other.call("exit_group", 0), "gone");
  assertEquals(third.lwp.parent, null);
  assertEquals(third.call("exit_group", 0), "gone");
  assertEquals([...one.machine.rtsmart.lwps.keys()], [1, 2]);
});

Deno.test("exit and exit_group end a program with the low eight bits of their number", () => {
  for (const [name, number, status] of [["exit", 1, 1], ["exit_group", -1, 255]] as const) {
    const one = alone();
    assertEquals(one.call(name, number), "gone");
    assertEquals(one.lwp.status, status << 8);
  }
  const machine = new TestRtSmart();
  machine.put("/bin/small", encode(rtElf("li a0, 511\nli a7, 1\necall\n")));
  assertEquals(machine.finish("/bin/small").status, 255 << 8);
});

Deno.test("every call about processes was answered well, and refused", () => {
  const never = ["exit", "exit_group", "getpid", "getpriority"];
  coverage.check(PROCESS_CALLS.filter(({ name }) => !name.startsWith("exit")), never);
});
