/**
 * The launcher: a process that starts programs for others.
 *
 * It holds a job, a loader service, the vDSO and its clients' channels, and nothing else. A request
 * is a processargs message behind a header: what it says is what the new process is told. Two of
 * its handles are for the launcher itself: `Pa.VMO_EXECUTABLE` is the program (without it, the
 * loader is asked for the first argument), and `Pa.JOB_DEFAULT` the job to make the process in.
 *
 * @module
 */
import {
  decodeProcessArgs,
  encodeProcessArgs,
  failed,
  Pa,
  type ProcessArgs,
  Signal,
  Status,
} from "../../kernel/abi.ts";
import { type Operation, type Program, zx } from "../../kernel/client.ts";
import { type ElfFile, readElf } from "./elf_mapper.ts";
import { HEADER_SIZE, LauncherMethod, message, readHeader } from "./fidl.ts";
import { loadObject } from "./loader_client.ts";
import { buildProcess, type StartupHandle } from "./process_builder.ts";
import { isRefusal, Refusal } from "./refusal.ts";
import { readStartup } from "./startup.ts";

/** What the launcher works with. */
interface Means {
  readonly job: number;
  readonly vdso: ElfFile;
  readonly loader: number;
}

/** The launcher's program. */
export function* launcher(bootstrap: number): Program {
  const startup = yield* readStartup(bootstrap);
  if (typeof startup === "string") return;
  const vdso = yield* readElf(startup.take(Pa.VMO_VDSO), "vdso");
  if (isRefusal(vdso)) return;
  const means = {
    job: startup.take(Pa.JOB_DEFAULT),
    vdso,
    loader: startup.take(Pa.LDSVC_LOADER),
  };
  const clients = [startup.take(Pa.USER0)];
  while (clients.length > 0) yield* serveNext(means, clients);
}

function* serveNext(means: Means, clients: number[]): Operation<void> {
  const signals = Signal.READABLE | Signal.PEER_CLOSED;
  const items = clients.map((handle) => ({ handle, signals }));
  const woken = yield* zx.objectWaitMany({ items });
  if (woken.status !== Status.OK) return void clients.splice(0);
  for (const [at, pending] of [...woken.pending.entries()].reverse()) {
    if ((pending & signals) === 0) continue;
    const channel = clients[at]!;
    if (yield* serve(means, channel, clients)) continue;
    clients.splice(clients.indexOf(channel), 1);
    yield* zx.handleClose({ handle: channel });
  }
}

/** Answer one request; false when the client is gone. */
function* serve(means: Means, channel: number, clients: number[]): Operation<boolean> {
  const read = yield* zx.channelRead({ handle: channel });
  if (failed(read)) return false;
  const header = readHeader(read.bytes);
  if (!header) {
    yield* zx.handleCloseMany({ handles: read.handles });
    return false;
  }
  const answer = yield* answerTo(means, header.ordinal, read, clients);
  const handles = isRefusal(answer) || answer === 0 ? [] : [answer];
  const bytes = message(header, answerBody(answer));
  const status = yield* zx.channelWrite({ handle: channel, bytes, handles });
  return status === Status.OK && clients.includes(channel);
}

/** Do what is asked; answers the process, or 0 where there is none to answer. */
function* answerTo(
  means: Means,
  ordinal: bigint,
  { bytes, handles }: { readonly bytes: Uint8Array; readonly handles: readonly number[] },
  clients: number[],
): Operation<number | Refusal> {
  if (ordinal === LauncherMethod.LAUNCH) return yield* launch(means, bytes, handles);
  const [client, ...rest] = handles;
  if (ordinal === LauncherMethod.CLONE && client !== undefined && rest.length === 0) {
    clients.push(client);
    return 0;
  }
  yield* zx.handleCloseMany({ handles });
  return new Refusal(
    Status.NOT_SUPPORTED,
    ordinal === LauncherMethod.CLONE
      ? `Clone takes one handle, not ${handles.length}`
      : `there is no method 0x${ordinal.toString(16)}`,
  );
}

/** Start what a request asks for; answers the process. */
function* launch(
  means: Means,
  bytes: Uint8Array,
  handles: readonly number[],
): Operation<number | Refusal> {
  const args = decodeProcessArgs(bytes.subarray(HEADER_SIZE), handles.length);
  if (typeof args === "string") {
    yield* zx.handleCloseMany({ handles });
    return new Refusal(Status.INVALID_ARGS, args);
  }
  const request = sort(args, handles);
  const built = yield* build(means, args, request);
  if (request.job !== 0) yield* zx.handleClose({ handle: request.job });
  if (isRefusal(built)) return built;
  const { process, thread, rootVmar, entry, stack, bootstrap, vdsoBase } = built;
  const status = yield* zx.processStart({
    process,
    thread,
    entry,
    stack,
    arg1: bootstrap,
    arg2: vdsoBase,
  });
  yield* zx.handleCloseMany({ handles: [thread, rootVmar] });
  if (status === Status.OK) return process;
  yield* zx.taskKill({ task: process });
  yield* zx.handleClose({ handle: process });
  return Refusal.call(status, "the process cannot be started");
}

interface Sorted {
  readonly executable: number;
  readonly job: number;
  readonly loader: number;
  readonly rest: readonly StartupHandle[];
}

/** Tell the launcher's own handles from those that are passed on. */
function sort(args: ProcessArgs, handles: readonly number[]): Sorted {
  const all = args.handleInfo.map((info, at) => ({ info, handle: handles[at]! }));
  const of = (type: number) => all.find(({ info }) => info === type)?.handle ?? 0;
  const own: readonly number[] = [Pa.VMO_EXECUTABLE, Pa.JOB_DEFAULT, Pa.LDSVC_LOADER];
  return {
    executable: of(Pa.VMO_EXECUTABLE),
    job: of(Pa.JOB_DEFAULT),
    loader: of(Pa.LDSVC_LOADER),
    rest: all.filter(({ info }) => !own.includes(info)),
  };
}

function* build(means: Means, args: ProcessArgs, request: Sorted) {
  const name = args.args[0] ?? "program";
  const loader = request.loader || means.loader;
  let { executable } = request;
  if (executable === 0) {
    const found = yield* loadObject(loader, name);
    if (isRefusal(found)) {
      yield* zx.handleCloseMany({ handles: request.rest.map(({ handle }) => handle) });
      return found;
    }
    executable = found;
  }
  const built = yield* buildProcess({
    job: request.job || means.job,
    name: name.slice(name.lastIndexOf("/") + 1),
    executable,
    args: args.args,
    environ: args.environ,
    names: args.names,
    handles: request.rest,
    vdso: means.vdso,
    loader,
  });
  if (request.loader !== 0) yield* zx.handleClose({ handle: request.loader });
  return built;
}

/** A status, how long the reason is, and the reason. */
function answerBody(answer: number | Refusal): Uint8Array {
  const text = new TextEncoder().encode(isRefusal(answer) ? answer.reason : "");
  const body = new Uint8Array(8 + text.length);
  const view = new DataView(body.buffer);
  view.setInt32(0, isRefusal(answer) ? answer.status : Status.OK, true);
  view.setUint32(4, text.length, true);
  body.set(text, 8);
  return body;
}

/** What to ask a launcher for. */
export interface LaunchRequest {
  /** Arguments; the first is the program's name, and its path unless an executable is given. */
  readonly args: readonly string[];
  /** The environment. */
  readonly environ?: readonly string[];
  /** Handles for the program, and for the launcher: see this file's first comment. */
  readonly handles?: readonly StartupHandle[];
}

/** Ask a launcher to start a program; answers the process. */
export function* requestLaunch(
  channel: number,
  { args, environ = [], handles = [] }: LaunchRequest,
): Operation<number | Refusal> {
  const { message: bytes, values } = launchMessage({ args, environ, handles });
  const answer = yield* zx.channelCall({ handle: channel, args: { bytes, handles: values } });
  if (failed(answer)) return Refusal.call(answer, "the launcher was asked");
  const [process] = answer.handles;
  const { status, reason } = readAnswer(answer.bytes);
  if (status === Status.OK && process !== undefined) return process;
  yield* zx.handleCloseMany({ handles: answer.handles });
  return new Refusal(status, reason);
}

/** Ask a launcher to listen to one more channel; answers the other end of it. */
export function* cloneLauncher(launcher: number): Operation<number | Refusal> {
  const channel = yield* zx.channelCreate({});
  if (failed(channel)) return Refusal.call(channel, "a channel to the launcher cannot be made");
  const bytes = message({ txid: 0, ordinal: LauncherMethod.CLONE }, new Uint8Array(0));
  const args = { bytes, handles: [channel.out1] };
  const answer = yield* zx.channelCall({ handle: launcher, args });
  if (failed(answer)) {
    yield* zx.handleClose({ handle: channel.out0 });
    return Refusal.call(answer, "the launcher was asked for another connection");
  }
  const { status, reason } = readAnswer(answer.bytes);
  if (status === Status.OK) return channel.out0;
  yield* zx.handleClose({ handle: channel.out0 });
  return new Refusal(status, reason);
}

function launchMessage({ args, environ = [], handles = [] }: LaunchRequest) {
  const body = encodeProcessArgs({
    handleInfo: handles.map(({ info }) => info),
    args,
    environ,
    names: [],
  });
  return {
    message: message({ txid: 0, ordinal: LauncherMethod.LAUNCH }, body),
    values: handles.map(({ handle }) => handle),
  };
}

function readAnswer(bytes: Uint8Array): { readonly status: number; readonly reason: string } {
  if (bytes.length < HEADER_SIZE + 8) {
    return { status: Status.IO_INVALID, reason: "the launcher's answer makes no sense" };
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + HEADER_SIZE);
  const text = bytes.subarray(HEADER_SIZE + 8, HEADER_SIZE + 8 + view.getUint32(4, true));
  return { status: view.getInt32(0, true), reason: new TextDecoder().decode(text) };
}
