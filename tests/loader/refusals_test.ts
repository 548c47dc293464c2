import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { assemble } from "../../guests/assembler.ts";
import { withField } from "../../guests/elf_field.ts";
import {
  failed,
  Pa,
  paHandle,
  Right,
  Signal,
  Status,
  statusName,
  VmoOption,
} from "../../kernel/abi.ts";
import { type Operation, type Program, zx } from "../../kernel/client.ts";
import type { ScriptMain } from "../../kernel/task/script_entries.ts";
import { FileType } from "../../loader/elf.ts";
import { message, readHeader, statusBody } from "../../loader/zircon/fidl.ts";
import type { LaunchRequest } from "../../loader/zircon/launcher.ts";
import type { StartupHandle } from "../../loader/zircon/process_builder.ts";
import { isRefusal } from "../../loader/zircon/refusal.ts";
import { readStartup } from "../../loader/zircon/startup.ts";
import { exitCode } from "../../loader/zircon/userboot.ts";
import { type Boot, withLauncher } from "../support/launch.ts";

const GOOD = assemble("_start: ebreak");
const DYNAMIC = assemble("_start: ebreak", { interpreter: "ld.so.1" });

interface Verdict {
  readonly status: string;
  readonly reason: string;
}

/** What the launcher says of a request, when nothing may be left of it afterwards. */
function verdictOf(
  prepare: (boot: Boot) => Operation<LaunchRequest>,
  files: Record<string, Uint8Array> = {},
  scripts: Record<string, ScriptMain> = {},
): Verdict {
  return withLauncher(
    function* (boot, machine) {
      const { realm } = machine.kernel;
      const before = realm.census();
      const handles = realm.handles;
      const frames = realm.memory.freeFrames;
      const answer = yield* boot.launch(yield* prepare(boot));
      assert(isRefusal(answer), "the request is refused");
      // The launcher closes what is left of a request before it goes on to the next one.
      yield* boot.launch({ args: ["bin/none"] });
      assertEquals(realm.census(), before);
      assertEquals(realm.handles, handles);
      assertEquals(realm.memory.freeFrames, frames);
      return { status: statusName(answer.status), reason: answer.reason };
    },
    files,
    { scripts },
  );
}

/** What the launcher says of an executable. */
function verdictOn(file: Uint8Array, files: Record<string, Uint8Array> = {}): Verdict {
  return verdictOf(function* (boot) {
    const executable = yield* boot.executable(file);
    return { args: ["bad"], handles: [{ info: Pa.VMO_EXECUTABLE, handle: executable }] };
  }, files);
}

const BAD_FILES: readonly (readonly [what: string, file: Uint8Array, reason: string])[] = [
  ["cut off in its header", GOOD.slice(0, 40), "size is 40"],
  ["cut off behind its header", GOOD.slice(0, 64), "e_phoff"],
  ["without the magic bytes", withField(GOOD, "e_ident[EI_MAG]", 0), "e_ident[EI_MAG]"],
  ["for another machine", withField(GOOD, "e_machine", 62), "e_machine"],
  ["of another class", withField(GOOD, "e_ident[EI_CLASS]", 1), "e_ident[EI_CLASS]"],
  ["of type ET_EXEC", assemble("_start: ebreak", { type: FileType.EXEC }), "e_type"],
  ["with small program headers", withField(GOOD, "e_phentsize", 32), "e_phentsize"],
  ["without program headers", withField(GOOD, "e_phnum", 0), "e_phnum"],
  ["with too many program headers", withField(GOOD, "e_phnum", 65535), "e_phnum"],
  ["writable and executable", withField(GOOD, "segment 0 p_flags", 7), "p_flags"],
  ["larger in the file than in memory", withField(GOOD, "segment 0 p_memsz", 1), "p_filesz"],
  ["larger than the address space", withField(GOOD, "segment 0 p_memsz", 2n ** 63n), "p_memsz"],
  ["as large as the address space", withField(GOOD, "segment 0 p_memsz", 2n ** 46n), "no room"],
  ["with wrapping addresses", withField(GOOD, "segment 0 p_vaddr", 2n ** 64n - 4096n), "p_vaddr"],
  ["misaligned in the file", withField(GOOD, "segment 0 p_offset", 1), "p_offset"],
  ["of plain text", new TextEncoder().encode("just some text, long enough ".repeat(4)), "EI_MAG"],
  ["that is a script without interpreter", new TextEncoder().encode("#!\n"), "no interpreter"],
  ["whose interpreter is not there", new TextEncoder().encode("#!bin/none\n"), "bin/none"],
  ["whose dynamic linker is not there", DYNAMIC, "ld.so.1"],
];

for (const [what, file, reason] of BAD_FILES) {
  Deno.test(`a file ${what} is refused with the reason, and nothing is left of it`, () => {
    assertStringIncludes(verdictOn(file).reason, reason);
  });
}

Deno.test("an empty file is refused, and nothing is left of it", () => {
  const verdict = verdictOf(function* () {
    const made = yield* zx.vmoCreate({ size: 0 });
    assert(!failed(made));
    return { args: ["bad"], handles: [{ info: Pa.VMO_EXECUTABLE, handle: made.out }] };
  });
  assertStringIncludes(verdict.reason, "size is 0");
});

Deno.test("a dynamic linker that wants a dynamic linker is refused", () => {
  const verdict = verdictOn(DYNAMIC, { "lib/ld.so.1": DYNAMIC });
  assertStringIncludes(verdict.reason, "asks for a dynamic linker itself");
});

Deno.test("scripts that are each other's interpreters are refused", () => {
  const script = new TextEncoder().encode("#!bin/loop\n");
  const verdict = verdictOn(script, { "bin/loop": script });
  assertStringIncludes(verdict.reason, "each other's interpreters");
});

Deno.test("a message that is too long is refused", () => {
  const verdict = verdictOf(function* (boot) {
    const handle = yield* boot.executable(GOOD);
    const args = ["x".repeat(65000), "y".repeat(476)];
    return { args, handles: [{ info: Pa.VMO_EXECUTABLE, handle }] };
  });
  assertEquals(verdict.status, "OUT_OF_RANGE");
});

Deno.test("an executable that may not be executed is refused", () => {
  const verdict = verdictOf(function* () {
    const made = yield* zx.vmoCreate({ size: GOOD.length });
    assert(!failed(made));
    yield* zx.vmoWrite({ handle: made.out, buffer: GOOD, offset: 0 });
    return { args: ["bad"], handles: [{ info: Pa.VMO_EXECUTABLE, handle: made.out }] };
  });
  assertEquals(verdict.status, "ACCESS_DENIED");
});

Deno.test("handles that the builder makes itself are refused", () => {
  const verdict = verdictOf(function* (boot) {
    const handles: StartupHandle[] = [
      { info: Pa.VMO_EXECUTABLE, handle: yield* boot.executable(GOOD) },
      { info: paHandle(Pa.VMO_STACK), handle: yield* boot.executable(GOOD) },
    ];
    return { args: ["bad"], handles };
  });
  assertEquals(verdict.reason, "PA_VMO_STACK is the builder's to give");
});

Deno.test("a job that forbids new processes is refused with ACCESS_DENIED", () => {
  const verdict = verdictOf(function* (boot) {
    const job = yield* zx.handleDuplicate({
      handle: boot.home.job,
      rights: Right.INSPECT | Right.TRANSFER,
    });
    assert(!failed(job));
    const handles = [
      { info: Pa.VMO_EXECUTABLE, handle: yield* boot.executable(GOOD) },
      { info: Pa.JOB_DEFAULT, handle: job.out },
    ];
    return { args: ["bad"], handles };
  });
  assertEquals(verdict, {
    status: "ACCESS_DENIED",
    reason: "the process cannot be made: ACCESS_DENIED",
  });
});

Deno.test("a handle that may not be transferred does not reach the launcher, and is gone", () => {
  const verdict = verdictOf(function* (boot) {
    const event = yield* zx.eventCreate({});
    assert(!failed(event));
    const stuck = yield* zx.handleReplace({ handle: event.out, rights: Right.WAIT });
    assert(!failed(stuck));
    const handles = [
      { info: Pa.VMO_EXECUTABLE, handle: yield* boot.executable(GOOD) },
      { info: paHandle(Pa.USER0), handle: stuck.out },
    ];
    return { args: ["bad"], handles };
  });
  assertEquals(verdict.reason, "the launcher was asked: ACCESS_DENIED");
});

/** A request with a loader of the requester's own, whose other end is given to a script. */
function* withLoader(boot: Boot, script?: string, more: readonly StartupHandle[] = []) {
  const pair = yield* zx.channelCreate({});
  assert(!failed(pair));
  if (script === undefined) yield* zx.handleClose({ handle: pair.out1 });
  else {
    const handles = [{ info: Pa.USER0, handle: pair.out1 }, ...more];
    const process = yield* boot.launch({ args: [script], handles });
    assert(!isRefusal(process));
    yield* zx.handleClose({ handle: process });
  }
  const executable = yield* boot.executable(DYNAMIC);
  return {
    args: ["bad"],
    handles: [
      { info: Pa.VMO_EXECUTABLE, handle: executable },
      { info: Pa.LDSVC_LOADER, handle: pair.out0 },
    ],
  };
}

Deno.test("a loader service that closes its channel is the reason", () => {
  const verdict = verdictOf((boot) => withLoader(boot));
  assertEquals(verdict.reason, "the loader was asked for ld.so.1: PEER_CLOSED");
});

/** A loader service that answers its one question with these bytes. */
function liar(body: Uint8Array): ScriptMain {
  return function* (bootstrap) {
    const startup = yield* readStartup(bootstrap);
    assert(typeof startup !== "string");
    const channel = startup.take(Pa.USER0);
    yield* zx.objectWaitOne({ handle: channel, signals: Signal.READABLE });
    const asked = yield* zx.channelRead({ handle: channel });
    assert(!failed(asked));
    const bytes = message(readHeader(asked.bytes)!, body);
    yield* zx.channelWrite({ handle: channel, bytes, handles: [] });
  };
}

const LIES: readonly (readonly [what: string, body: Uint8Array, reason: string])[] = [
  ["OK without an object", statusBody(Status.OK), "makes no sense"],
  ["nothing at all", new Uint8Array(0), "makes no sense"],
  ["NOT_FOUND", statusBody(Status.NOT_FOUND), "the loader has no ld.so.1: NOT_FOUND"],
];

for (const [what, body, reason] of LIES) {
  Deno.test(`a loader service that answers ${what} is the reason`, () => {
    const verdict = withLauncher(
      function* (boot) {
        const answer = yield* boot.launch(yield* withLoader(boot, "bin/liar"));
        return isRefusal(answer) ? answer.reason : "launched";
      },
      {},
      { scripts: { "bin/liar": liar(body) } },
    );
    assertStringIncludes(verdict, reason);
  });
}

/** A loader service that shrinks the program's file when it is asked for the dynamic linker. */
function* shrinker(bootstrap: number): Program {
  const startup = yield* readStartup(bootstrap);
  assert(typeof startup !== "string");
  const [channel, file] = [startup.take(Pa.USER0), startup.take(Pa.USER1)];
  yield* zx.objectWaitOne({ handle: channel, signals: Signal.READABLE });
  const asked = yield* zx.channelRead({ handle: channel });
  assert(!failed(asked));
  yield* zx.vmoSetSize({ handle: file, size: 0 });
  const bytes = message(readHeader(asked.bytes)!, statusBody(Status.NOT_FOUND));
  yield* zx.channelWrite({ handle: channel, bytes, handles: [] });
}

Deno.test("a file that shrinks while it is loaded is refused, and the launcher goes on", () => {
  const reasons = withLauncher(
    function* (boot) {
      const made = yield* zx.vmoCreate({ size: 8192, options: VmoOption.RESIZABLE });
      assert(!failed(made));
      yield* zx.vmoWrite({ handle: made.out, buffer: DYNAMIC, offset: 0 });
      const copy = yield* zx.handleDuplicate({ handle: made.out, rights: Right.SAME_RIGHTS });
      assert(!failed(copy));
      const request = yield* withLoader(boot, "bin/shrinker", [
        { info: Pa.USER1, handle: copy.out },
      ]);
      yield* zx.handleClose({ handle: request.handles[0]!.handle });
      const { vmex } = boot.home;
      const marked = yield* zx.vmoReplaceAsExecutable({ handle: made.out, vmex });
      assert(!failed(marked));
      const [, loader] = request.handles;
      const handles = [{ info: Pa.VMO_EXECUTABLE, handle: marked.out }, loader!];
      const first = yield* boot.launch({ args: ["shrinks"], handles });
      const second = yield* boot.launch({ args: ["bin/none"] });
      return [first, second].map((one) => isRefusal(one) ? one.reason : "launched");
    },
    {},
    { scripts: { "bin/shrinker": shrinker } },
  );
  assertEquals(reasons, [
    "the loader has no ld.so.1: NOT_FOUND",
    "the loader has no bin/none: NOT_FOUND",
  ]);
});

Deno.test("a file that has shrunk to nothing since it was marked executable is refused", () => {
  const code = withLauncher(function* (boot) {
    const size = 3 * 4096;
    const made = yield* zx.vmoCreate({ size, options: VmoOption.RESIZABLE });
    assert(!failed(made));
    yield* zx.vmoWrite({ handle: made.out, buffer: GOOD, offset: 0 });
    const copy = yield* zx.handleDuplicate({ handle: made.out, rights: Right.SAME_RIGHTS });
    assert(!failed(copy));
    const { vmex } = boot.home;
    const marked = yield* zx.vmoReplaceAsExecutable({ handle: made.out, vmex });
    assert(!failed(marked));
    const request = boot.launch({
      args: ["shrinks"],
      handles: [{ info: Pa.VMO_EXECUTABLE, handle: marked.out }],
    });
    yield* zx.vmoSetSize({ handle: copy.out, size: 0 });
    const answer = yield* request;
    return isRefusal(answer) ? answer.reason : yield* exitCode(answer);
  });
  assertStringIncludes(String(code), "the file's size is 0");
});
