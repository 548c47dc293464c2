/**
 * The texts of `/proc/PID/status`, `/proc/PID/statm` and `/proc/PID/limits`.
 *
 * @module
 */
import { PAGE_SIZE } from "../../ports.ts";
import { CAPABILITIES } from "../credentials.ts";
import type { Group } from "../group.ts";
import { Resource } from "../abi/process.ts";
import { SeccompMode } from "../abi/seccomp.ts";
import { memorySizes } from "../mm/memory_sizes.ts";
import type { Mm } from "../mm/mm.ts";
import { Handler } from "../abi/signal.ts";
import { recipientOf } from "../signal/send.ts";
import type { SignalSet } from "../signal/signal.ts";
import type { Task } from "../task.ts";
import { stateOf } from "./proc_stat.ts";

type Line = readonly [name: string, value: string | number];

const WORDS: Readonly<Record<string, string>> = {
  R: "running",
  S: "sleeping",
  T: "stopped",
  Z: "zombie",
};

/** The text of `status`. */
export function statusText(group: Group, task: Task | null): string {
  const lines = [
    ...identityLines(group, task),
    ...(group.ended ? [] : memoryLines(group.mm)),
    ...signalLines(group, task),
    ...rightLines(task),
  ];
  return lines.map(([name, value]) => `${name}:\t${value}\n`).join("");
}

function identityLines(group: Group, task: Task | null): Line[] {
  const letter = stateOf(group, task);
  const own = task?.credentials;
  const tid = task?.tid ?? group.pid;
  return [
    ["Name", task?.comm ?? ""],
    ["Umask", (task?.fs.umask ?? 0).toString(8).padStart(4, "0")],
    ["State", `${letter} (${WORDS[letter]})`],
    ["Tgid", group.pid],
    ["Ngid", 0],
    ["Pid", tid],
    ["PPid", group.ppid],
    ["TracerPid", 0],
    ["Uid", [own?.uid, own?.euid, own?.suid, own?.fsuid].join("\t")],
    ["Gid", [own?.gid, own?.egid, own?.sgid, own?.fsgid].join("\t")],
    ["FDSize", task?.files.capacity ?? 0],
    ["Groups", `${own?.groups.join(" ") ?? ""} `],
    ["NStgid", group.pid],
    ["NSpid", tid],
    ["NSpgid", group.pgid],
    ["NSsid", group.sid],
    ["Kthread", 0],
  ];
}

function memoryLines(mm: Mm): Line[] {
  const sizes = memorySizes(mm);
  const kib = (pages: number) => `${String(pages * PAGE_SIZE / 1024).padStart(8)} kB`;
  return [
    ["VmPeak", kib(sizes.totalMost)],
    ["VmSize", kib(sizes.total)],
    ["VmLck", kib(mm.vmas.lockedPages)],
    ["VmPin", kib(0)],
    ["VmHWM", kib(sizes.residentMost)],
    ["VmRSS", kib(sizes.resident)],
    ["RssAnon", kib(sizes.own)],
    ["RssFile", kib(sizes.files)],
    ["RssShmem", kib(sizes.shared)],
    ["VmData", kib(sizes.data)],
    ["VmStk", kib(sizes.stack)],
    ["VmExe", kib(sizes.code)],
    ["VmLib", kib(sizes.libraries)],
    ["VmPTE", kib(sizes.tables)],
    ["VmSwap", kib(0)],
    ["HugetlbPages", kib(0)],
    ["CoreDumping", 0],
    ["THP_enabled", 0],
    ["untag_mask", "0xffffffffffffffff"],
  ];
}

function signalLines(group: Group, task: Task | null): Line[] {
  const { handlers, pending, limits, linux } = group;
  const queued = linux.queuedSignals.of(recipientOf(group, task).uid);
  return [
    ["Threads", group.tasks.size],
    ["SigQ", `${queued}/${limits.soft(Resource.SIGPENDING)}`],
    ["SigPnd", setText(task?.pending.set ?? 0n)],
    ["ShdPnd", setText(pending.set)],
    ["SigBlk", setText(task?.blocked ?? 0n)],
    ["SigIgn", setText(handlers.those((handler) => handler === Handler.IGN))],
    ["SigCgt", setText(handlers.those((handler) => handler > Handler.IGN))],
  ];
}

function rightLines(task: Task | null): Line[] {
  const own = task?.credentials;
  return [
    ["CapInh", setText(own?.inheritable ?? 0n)],
    ["CapPrm", setText(own?.permitted ?? 0n)],
    ["CapEff", setText(own?.effective ?? 0n)],
    ["CapBnd", setText(CAPABILITIES)],
    ["CapAmb", setText(0n)],
    ["NoNewPrivs", task?.noNewPrivileges ? 1 : 0],
    ["Seccomp", task?.seccomp?.mode ?? SeccompMode.DISABLED],
    ["Seccomp_filters", task?.seccomp?.count ?? 0],
    ["Speculation_Store_Bypass", "unknown"],
    ["SpeculationIndirectBranch", "unsupported"],
    ["Cpus_allowed", 1],
    ["Cpus_allowed_list", 0],
    ["Mems_allowed", 1],
    ["Mems_allowed_list", 0],
    ["voluntary_ctxt_switches", task?.usage.waits ?? 0],
    ["nonvoluntary_ctxt_switches", task?.usage.preemptions ?? 0],
  ];
}

function setText(set: SignalSet): string {
  return set.toString(16).padStart(16, "0");
}

/** The text of `statm`: the sizes in pages. */
export function statmText(mm: Mm): string {
  const { total, resident, own, code, data, stack } = memorySizes(mm);
  return `${total} ${resident} ${resident - own} ${code} 0 ${data + stack} 0\n`;
}

/** What each limit is called, and what it counts. */
const LIMITS: readonly (readonly [name: string, resource: number, unit: string])[] = [
  ["Max cpu time", Resource.CPU, "seconds"],
  ["Max file size", Resource.FSIZE, "bytes"],
  ["Max data size", Resource.DATA, "bytes"],
  ["Max stack size", Resource.STACK, "bytes"],
  ["Max core file size", Resource.CORE, "bytes"],
  ["Max resident set", Resource.RSS, "bytes"],
  ["Max processes", Resource.NPROC, "processes"],
  ["Max open files", Resource.NOFILE, "files"],
  ["Max locked memory", Resource.MEMLOCK, "bytes"],
  ["Max address space", Resource.AS, "bytes"],
  ["Max file locks", Resource.LOCKS, "locks"],
  ["Max pending signals", Resource.SIGPENDING, "signals"],
  ["Max msgqueue size", Resource.MSGQUEUE, "bytes"],
  ["Max nice priority", Resource.NICE, ""],
  ["Max realtime priority", Resource.RTPRIO, ""],
  ["Max realtime timeout", Resource.RTTIME, "us"],
];

/** The text of `limits`. */
export function limitsText({ limits }: Group): string {
  const row = (name: string, soft: string, hard: string, unit: string) =>
    `${name.padEnd(25)} ${soft.padEnd(20)} ${hard.padEnd(20)} ${unit && unit.padEnd(10)}\n`;
  const text = (value: number) => value === Infinity ? "unlimited" : `${value}`;
  return row("Limit", "Soft Limit", "Hard Limit", "Units") +
    LIMITS.map(([name, resource, unit]) =>
      row(name, text(limits.soft(resource)), text(limits.hard(resource)), unit)
    ).join("");
}
