/**
 * `zx_debuglog_*` and `zx_debug_*`: what programs say to whoever looks after the machine.
 *
 * @module
 */
import { DEFAULT_RIGHTS, failed, LOG_READABLE, Right, Status, SystemResource } from "../abi.ts";
import { DebugLog, encodeRecord, LOG_RECORD_MAX } from "../ipc/debug_log.ts";
import { capacity, inBytes, lengthOf, outHandle } from "../syscall/buffer.ts";
import { outBytes } from "../syscall/out_bytes.ts";
import { handle, options } from "../syscall/kind.ts";
import { count, syscall } from "../syscall/row.ts";
import { source } from "../syscall/source.ts";
import { systemResource } from "./system_resource.ts";

const debuglogCreate = syscall({
  name: "zx_debuglog_create",
  about: "Make a handle to write to the debug log, and to read it if asked for.",
  args: {
    resource: systemResource(SystemResource.DEBUGLOG),
    options: options(LOG_READABLE),
    out: outHandle,
  },
  errors: [],
  run({ options, out }, call) {
    const isReader = options !== 0;
    const log = new DebugLog(call.realm, call.process.system.debugLog, isReader);
    return out.give(log, DEFAULT_RIGHTS.debugLog | (isReader ? Right.READ : 0));
  },
});

const debuglogWrite = syscall({
  name: "zx_debuglog_write",
  about: "Write a record to the debug log; what is too long is cut off.",
  args: {
    handle: handle(DebugLog, Right.WRITE),
    options: options(0),
    buffer: source("size"),
    size: lengthOf("buffer"),
  },
  checks: ["options"],
  errors: ["INVALID_ARGS"],
  run({ handle: log, buffer }, call) {
    const data = buffer.read(Math.min(buffer.length, LOG_RECORD_MAX));
    if (failed(data)) return data;
    const { process, thread, realm } = call;
    log.write(data, { process: process.koid, thread: thread.koid });
    if (realm.log.listening) {
      const text = new TextDecoder().decode(data);
      realm.log.emit("debuglog", { process: process.koid, text });
    }
    return Status.OK;
  },
});

const debuglogRead = syscall({
  name: "zx_debuglog_read",
  about: "Read the next record of the debug log; answers how many bytes it has.",
  args: {
    handle: handle(DebugLog, Right.READ),
    options: options(0),
    buffer: outBytes("size"),
    size: capacity(LOG_RECORD_MAX),
  },
  checks: ["options"],
  errors: ["SHOULD_WAIT", "BUFFER_TOO_SMALL", "INVALID_ARGS"],
  run({ handle: log, buffer }) {
    const record = log.front();
    if (failed(record)) return record;
    const bytes = encodeRecord(record);
    if (bytes.length > buffer.capacity) return Status.BUFFER_TOO_SMALL;
    const status = buffer.write(bytes);
    if (status !== Status.OK) return status;
    log.skip(record);
    return count(bytes.length);
  },
});

const DEBUG_WRITE_MAX = 256;

const debugWrite = syscall({
  name: "zx_debug_write",
  about: "Print bytes on the machine's console, at most 256 of them.",
  args: { buffer: inBytes("size", 2 ** 20), size: lengthOf("buffer") },
  errors: [],
  run({ buffer }, call) {
    call.process.system.console.write(buffer.subarray(0, DEBUG_WRITE_MAX));
    return Status.OK;
  },
});

const debugRead = syscall({
  name: "zx_debug_read",
  about: "Read from the machine's console; nobody can type there.",
  args: { resource: systemResource(SystemResource.DEBUG) },
  errors: ["NOT_SUPPORTED"],
  run: () => Status.NOT_SUPPORTED,
});

const debugSendCommand = syscall({
  name: "zx_debug_send_command",
  about: "Give the kernel's own console a command; it has none.",
  args: { resource: systemResource(SystemResource.DEBUG) },
  errors: ["NOT_SUPPORTED"],
  run: () => Status.NOT_SUPPORTED,
});

/** The calls of this file. */
export const LOG_ROWS = {
  debuglogCreate,
  debuglogWrite,
  debuglogRead,
  debugWrite,
  debugRead,
  debugSendCommand,
};
