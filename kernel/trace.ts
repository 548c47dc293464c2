/**
 * The event log for people and for tools: one line of text for each event, or one line of JSON, and
 * a number that is the same for the same run.
 *
 * @module
 */
import { conditionName, rightsText, statusName } from "./abi.ts";
import { explain } from "./denial.ts";
import type { EventBodies, EventKind, KernelEvent } from "./events.ts";

type Words = { readonly [K in EventKind]: (body: EventBodies[K]) => string };

/** What each kind of event says, without its time and its process. */
const WORDS: Words = {
  "object-create": ({ koid, type }) => `+ ${type} ${koid}`,
  "object-destroy": ({ koid, type }) => `- ${type} ${koid}`,
  "object-name": ({ koid, name }) => `${koid} is called ${JSON.stringify(name)}`,
  "signal": ({ koid, signals }) => `${koid} has signals ${hex(signals)}`,
  "handle-gain": ({ handle, koid, rights, how }) =>
    `handle ${hex(handle)} to ${koid} with ${rightsText(rights)} (${how})`,
  "handle-lose": ({ handle, koid, how }) => `no handle ${hex(handle)} to ${koid} (${how})`,
  "message-write": ({ channel, peer, message, bytes, koids }) =>
    `message ${message} from ${channel} to ${peer}: ${cargo(bytes, koids)}`,
  "message-read": ({ channel, message, bytes, koids }) =>
    `message ${message} read from ${channel}: ${cargo(bytes, koids)}`,
  "syscall": ({ name, args }) => `${name}(${list(args)}) …`,
  "syscall-done": ({ name, status, outs }) => {
    const results = list(outs);
    return `${name} = ${statusName(status)}${results ? ` {${results}}` : ""}`;
  },
  "park": ({ name }) => `${name} waits`,
  "denial": ({ denial }) => `refused: ${explain(denial)}`,
  "switch": ({ to }) => `now runs ${to}`,
  "thread-start": ({ entry, stack }) => `thread starts at ${hex(entry)}, stack ${hex(stack)}`,
  "thread-exit": () => "thread ends",
  "process-start": ({ job, name }) => `process ${JSON.stringify(name)} starts in job ${job}`,
  "process-exit": ({ code }) => `process ends with ${code}`,
  "job-exit": ({ job, code }) => `job ${job} ends with ${code}`,
  "space": ({ space }) => `has address space ${space}`,
  "map": ({ address, length, access, vmo, offset, name }) =>
    `maps ${range(address, length)} ${accessText(access)} on ${vmo} ${name}+${hex(offset)}`,
  "unmap": ({ address, length }) => `unmaps ${range(address, length)}`,
  "protect": ({ address, length, access }) =>
    `protects ${range(address, length)} ${accessText(access)}`,
  "page-fault": ({ address, access, result }) =>
    `touches ${hex(address)} ${accessText(access)}: ${result}`,
  "exception": ({ type, channel, pc, address }) =>
    `exception ${hex(type)} at ${hex(pc)} about ${hex(address)}: ${channel}`,
  "policy": ({ job, condition, action }) =>
    `job ${job} sets ${conditionName(condition)} to ${action}`,
  "seccomp": ({ call, action, data }) => `filter: call ${call} ${action} ${data}`,
  "debuglog": ({ text }) => `says ${JSON.stringify(text)}`,
  "kernel-panic": ({ reason }) => `kernel ends: ${reason}`,
  "load": ({ who, step, detail }) => `${who}: ${step} ${detail}`,
  "file-read": ({ file, offset, length }) =>
    `kernel reads ${length} bytes of ${file}+${hex(offset)}`,
  "copy": ({ bytes, what }) => `kernel copies ${bytes} bytes: ${what}`,
  "page-show": ({ address, access }) => `page ${hex(address)} is there ${accessText(access)}`,
  "descriptor": ({ descriptor, file, access }) => `begins with ${descriptor}: ${file} ${access}`,
  "reach": ({ path, access }) => `begins with ${path} ${access}`,
};

/** An event as a line for people, in the manner of `strace`. */
export function traceLine(event: KernelEvent): string {
  const words = WORDS[event.kind] as (body: unknown) => string;
  return `${time(event.time)} ${who(event).padEnd(11)} ${words(event)}`;
}

/** An event as a line of JSON; what JSON has no number for, such as infinity, is text. */
export function jsonLine(event: KernelEvent): string {
  return JSON.stringify(event, plain);
}

/** A number for a run: the same events give the same one. */
export class LogHash {
  #low = 0x84222325;
  #high = 0xcbf29ce4;

  /** Take in an event. */
  add(event: KernelEvent): void {
    const line = jsonLine(event);
    for (let at = 0; at < line.length; at++) {
      const unit = line.charCodeAt(at);
      this.#low = Math.imul(this.#low ^ unit, 0x01000193);
      this.#high = Math.imul(this.#high ^ unit ^ (this.#low >>> 15), 0x85ebca6b);
    }
  }

  /** The number so far, as 16 hexadecimal digits. */
  get text(): string {
    const part = (word: number) => (word >>> 0).toString(16).padStart(8, "0");
    return part(this.#high) + part(this.#low);
  }
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}`;
  if (typeof value === "number" && !Number.isFinite(value)) return `${value}`;
  return value instanceof Uint8Array ? bytesText(value) : value;
}

function time(now: number): string {
  return (now / 1e9).toFixed(9);
}

function who(event: KernelEvent): string {
  const { process, thread } = event as { readonly process?: number; readonly thread?: number };
  if (process === undefined) return "[kernel]";
  return thread === undefined ? `[${process}]` : `[${process}:${thread}]`;
}

function list(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values).filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${valueText(value)}`).join(", ");
}

function valueText(value: unknown): string {
  if (typeof value === "number") return value > 9 && value < Infinity ? hex(value) : `${value}`;
  if (value instanceof Uint8Array) return bytesText(value);
  return JSON.stringify(value, plain);
}

/** So many bytes are shown. */
const SHOWN = 32;

function bytesText(bytes: Uint8Array): string {
  const shown = Array.from(bytes.subarray(0, SHOWN), (byte) => byte.toString(16).padStart(2, "0"));
  return `<${bytes.length}: ${shown.join("")}${bytes.length > SHOWN ? "…" : ""}>`;
}

function cargo(bytes: number, koids: readonly number[]): string {
  return koids.length > 0 ? `${bytes} bytes, handles to ${koids.join(", ")}` : `${bytes} bytes`;
}

function range(address: number, length: number): string {
  return `${hex(address)}–${hex(address + length)}`;
}

function accessText(access: number): string {
  return ["r", "w", "x"].map((letter, bit) => access & (1 << bit) ? letter : "-").join("");
}

function hex(value: number): string {
  return value < 0 ? `${value}` : `0x${value.toString(16)}`;
}
