/**
 * The guest programs on a machine: they do what their first comments say.
 *
 * @module
 */
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { guestUrl } from "../../guests/built.ts";
import {
  ExceptionType,
  Pa,
  paHandle,
  PolicyCondition,
  Signal,
  TaskReturnCode,
} from "../../kernel/abi.ts";
import { zx } from "../../kernel/client.ts";
import {
  DynamicTag,
  FileType,
  Machine,
  parseElf,
  refused,
  segmentOf,
  SegmentType,
} from "../../loader/elf.ts";
import { runGuest, runScene } from "../support/guest_machine.ts";
import { good } from "../support/scripts.ts";

Deno.test("hello prints its arguments and environment, and ends with how many there were", () => {
  const { printed, codes } = runGuest(["bin/hello", "one", "two"], { environ: ["A=b"] });
  assertEquals(
    printed,
    "hello from bin/hello\nargument 1: one\nargument 2: two\nenvironment: A=b\n",
  );
  assertEquals(codes.get("hello"), 2);
});

Deno.test("a program takes hundreds of long arguments", () => {
  const args = Array.from({ length: 300 }, (_, at) => `${at}`.repeat(40));
  const { printed, codes } = runGuest(["bin/hello", ...args]);
  assertStringIncludes(printed, `argument 300: ${args[299]}\n`);
  assertEquals(codes.get("hello"), 300);
});

Deno.test("a program prints on a socket where it is given one", () => {
  let received = "";
  runScene(function* (scene) {
    const { out0, out1 } = good(yield* zx.socketCreate({ options: 0 }));
    yield* scene.launch(["bin/hello", "x"], [{ info: paHandle(Pa.FD, 1), handle: out1 }]);
    for (;;) {
      const signals = Signal.READABLE | Signal.PEER_CLOSED;
      yield* zx.objectWaitOne({ handle: out0, signals });
      const read = yield* zx.socketRead({ handle: out0, size: 4096 });
      if (typeof read === "number") return;
      received += new TextDecoder().decode(read.buffer);
    }
  });
  assertEquals(received, "hello from bin/hello\nargument 1: x\n");
});

Deno.test("what a dynamic linker has relocated for good is read-only when the program runs", () => {
  const accesses: number[] = [];
  runScene(function* (scene) {
    scene.machine.listen((event) => event.kind === "protect" && accesses.push(event.access));
    yield* scene.launch(["bin/hello_dynamic"]);
  });
  assertEquals(accesses, [1, 1, 1]);
});

Deno.test("a program with libraries and thread-local variables is linked in its own process", () => {
  const { printed, codes } = runGuest(["bin/hello_dynamic"]);
  assertEquals(
    printed,
    "hello, world\ngoodbye, thread\nthe thread answers 108, this one has 41 and 7\n",
  );
  assertEquals(codes.get("hello_dynamic"), 41);
});

Deno.test("a function of a library is bound when it is called first, unless all were before", () => {
  const lazily = runGuest(["bin/hello_dynamic"], { environ: ["LD_DEBUG=1"] });
  assertStringIncludes(lazily.printed, "libgreet.so is at 0x");
  assertStringIncludes(lazily.printed, "bin/hello_dynamic: greet is bound\n");
  const environ = ["LD_DEBUG=1", "LD_BIND_NOW=1"];
  const now = runGuest(["bin/hello_dynamic"], { environ });
  assertStringIncludes(now.printed, "goodbye, thread\n");
  assertEquals(now.printed.includes("is bound"), false);
  assertEquals(now.codes.get("hello_dynamic"), 41);
});

Deno.test("a symbol that nobody defines is named, with the one that wants it", () => {
  const spoilt = withText(Deno.readFileSync(guestUrl("libgreet.so")), "\0greet\0", "\0greex\0");
  const files = { "lib/libgreet.so": spoilt };
  const { printed, codes } = runGuest(["bin/hello_dynamic"], { files });
  assertStringIncludes(printed, "bin/hello_dynamic: nobody defines greet");
  assertEquals(codes.get("hello_dynamic"), -25);
});

Deno.test("a library that wants itself is loaded once", () => {
  const file = Deno.readFileSync(guestUrl("libgreet.so"));
  const image = parseElf(file, { machine: Machine.RISCV, types: [FileType.DYN] });
  assert(!refused(image) && image.dynamic);
  const { entries } = image.dynamic;
  const soname = entries.find(({ tag }) => tag === DynamicTag.SONAME)!;
  const at = segmentOf(image.segments, SegmentType.DYNAMIC)!.offset +
    entries.findLastIndex(({ tag }) => tag === DynamicTag.NEEDED) * 16 + 8;
  new DataView(file.buffer).setUint32(at, soname.value, true);
  const { codes } = runGuest(["bin/hello_dynamic"], { files: { "lib/libgreet.so": file } });
  assertEquals(codes.get("hello_dynamic"), 41);
});

/** A file with some text in place of other text of the same length. */
function withText(file: Uint8Array, old: string, text: string): Uint8Array {
  const latin = new TextDecoder("latin1").decode(file);
  const at = latin.indexOf(old);
  assert(at > 0);
  file.set(new TextEncoder().encode(text), at);
  return file;
}

Deno.test("a library that is missing is named, with the one that wants it", () => {
  const files = { "lib/libgreet.so": undefined };
  const { printed, codes } = runGuest(["bin/hello_dynamic"], { files });
  assertStringIncludes(printed, "libgreet.so: not found (-25), wanted by bin/hello_dynamic");
  assertEquals(codes.get("hello_dynamic"), -25);
});

Deno.test("a library that is no ELF file is named, with what is wrong", () => {
  const files = { "lib/libgreet.so": new TextEncoder().encode("not a library at all".repeat(9)) };
  const { printed } = runGuest(["bin/hello_dynamic"], { files });
  assertStringIncludes(printed, "libgreet.so is no 64-bit ELF file");
});

Deno.test("an echo server and its client talk over a channel, handles included", () => {
  const { printed, codes } = runScene(function* (scene) {
    const { out0, out1 } = good(yield* zx.channelCreate({}));
    yield* scene.launch(["bin/echo_server"], [{ info: Pa.USER0, handle: out0 }]);
    yield* scene.launch(["bin/echo_client", "100"], [{ info: Pa.USER0, handle: out1 }]);
  });
  assertEquals(printed, "100 of 100 answers were right\n");
  assertEquals([codes.get("echo_client"), codes.get("echo_server")], [0, 100]);
});

Deno.test("a program starts another through the launcher, and learns its exit code", () => {
  const { printed, codes } = runScene(function* (scene) {
    const handles = [
      { info: Pa.USER0, handle: yield* scene.launcher() },
      { info: Pa.USER1, handle: yield* scene.log() },
    ];
    const process = yield* scene.launch(["bin/spawner", "bin/hello", "x", "y", "z"], handles);
    yield* zx.objectWaitOne({ handle: process, signals: Signal.TASK_TERMINATED });
  });
  assertStringIncludes(printed, "argument 3: z\n");
  assertStringIncludes(printed, "bin/hello ended with 3\n");
  assertEquals(codes.get("spawner"), 3);
});

Deno.test("a program that the launcher does not find is refused with a reason", () => {
  const { printed } = runScene(function* (scene) {
    const handles = [{ info: Pa.USER0, handle: yield* scene.launcher() }];
    yield* scene.launch(["bin/spawner", "bin/nothing"], handles);
  });
  assertStringIncludes(printed, "bin/nothing is not started (-25): the loader has no bin/nothing");
});

Deno.test("a script is run by the program that its first line names", () => {
  const greet = Deno.readFileSync(new URL("../../guests/script/greet", import.meta.url));
  const { printed } = runGuest(["bin/greet", "more"], { files: { "bin/greet": greet } });
  assertStringIncludes(printed, "argument 1: from a script\nargument 2: bin/greet\n");
});

/** Each fault by the word that fault takes, and the exception that it is. */
const FAULTS = {
  read: ExceptionType.FATAL_PAGE_FAULT,
  write: ExceptionType.FATAL_PAGE_FAULT,
  execute: ExceptionType.FATAL_PAGE_FAULT,
  undefined: ExceptionType.UNDEFINED_INSTRUCTION,
  breakpoint: ExceptionType.SW_BREAKPOINT,
  unaligned: ExceptionType.UNALIGNED_ACCESS,
  syscall: ExceptionType.POLICY_ERROR,
};

for (const [word, type] of Object.entries(FAULTS)) {
  Deno.test(`fault ${word} meets exception 0x${type.toString(16)}, and is killed by it`, () => {
    const { printed, codes, exceptions } = runGuest(["bin/fault", word]);
    assertEquals(printed, "");
    assertEquals(exceptions, [type]);
    assertEquals(codes.get("fault"), TaskReturnCode.EXCEPTION_KILL);
  });
}

Deno.test("an exception for a job's debugger that is not there is no fault", () => {
  const { printed, codes } = runGuest(["bin/fault", "user"]);
  assertEquals([printed, codes.get("fault")], ["went on behind user\n", 0]);
});

Deno.test("a program can run instructions that it wrote only by marking memory executable", () => {
  const { printed, codes } = runGuest(["bin/wx_probe"]);
  assertStringIncludes(printed, "map written memory to read, write and execute: -30\n");
  assertStringIncludes(printed, "map written memory to execute: -30\n");
  assertStringIncludes(printed, "protect written memory to execute: -30\n");
  assertStringIncludes(printed, "executable without a resource: 0, and it runs\n");
  assertStringIncludes(printed, "protect marked memory to write as well: 0, and it runs\n");
  assertEquals(codes.get("wx_probe"), 8 | 32 | 64);
});

Deno.test("where the job forbids that, it cannot at all", () => {
  const { printed, codes } = runScene(function* (scene) {
    const handle = yield* scene.jobWithout(PolicyCondition.AMBIENT_MARK_VMO_EXEC);
    yield* scene.launch(["bin/wx_probe"], [{ info: Pa.JOB_DEFAULT, handle }]);
  });
  assertStringIncludes(printed, "executable without a resource: -30\n");
  assertEquals(codes.get("wx_probe"), 0);
});

Deno.test("with the resource for it, it can even there", () => {
  const { printed, codes } = runScene(function* (scene) {
    const handle = yield* scene.jobWithout(PolicyCondition.AMBIENT_MARK_VMO_EXEC);
    const vmex = { info: Pa.USER0, handle: yield* scene.vmex() };
    yield* scene.launch(["bin/wx_probe"], [{ info: Pa.JOB_DEFAULT, handle }, vmex]);
  });
  assertStringIncludes(printed, "with a resource: 0, and it runs\n");
  assertEquals(codes.get("wx_probe"), 16);
});

Deno.test("many threads that want one mutex lose nothing", () => {
  const { printed, codes } = runGuest(["bin/thread_storm", "12", "50"]);
  assertEquals(printed, "12 threads went 600 rounds, and counted 600\n");
  assertEquals(codes.get("thread_storm"), 0);
});

Deno.test("a program supplies its own memory, page by page", () => {
  const { printed, codes } = runGuest(["bin/pager_client", "5"]);
  assertEquals(printed, "5 of 5 pages were right, after 5 requests\n");
  assertEquals(codes.get("pager_client"), 0);
});
