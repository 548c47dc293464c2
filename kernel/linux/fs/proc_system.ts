/**
 * The files of /proc that are about the machine.
 *
 * @module
 */
import { LockType } from "../abi/fcntl.ts";
import { majorOf, minorOf } from "../device_number.ts";
import { PAGE_SIZE } from "../../ports.ts";
import { TICK } from "../duration.ts";
import { Release } from "../release.ts";
import type { Linux } from "../linux.ts";
import { isBreaking, targetOf } from "../leases.ts";
import { type Directory, pathOf } from "./directory.ts";
import type { Inode } from "./inode.ts";

const ISA = "rv64imafdc_zicntr_zicsr_zifencei";

/** The files by name, with what is in each when it is opened. */
export function systemFiles(linux: Linux): Readonly<Record<string, () => string>> {
  return {
    buddyinfo: () => "",
    cmdline: () => "\n",
    consoles: () => "",
    cpuinfo: () => PROCESSOR,
    devices: () => "Character devices:\n  1 mem\n  5 /dev/tty\n136 pts\n\nBlock devices:\n",
    diskstats: () => "",
    execdomains: () => "0-0\tLinux           \t[kernel]\n",
    filesystems: () =>
      "nodev\tsysfs\nnodev\ttmpfs\nnodev\tproc\nnodev\tdevtmpfs\nnodev\tdevpts\nnodev\tmqueue\nnodev\toverlay\n",
    interrupts: () => "           CPU0       \n",
    loadavg: () => loadText(linux),
    locks: () => locksText(linux),
    meminfo: () => memoryText(linux),
    misc: () => "",
    partitions: () => "major minor  #blocks  name\n\n",
    softirqs: () => "                    CPU0       \n",
    stat: () => statText(linux),
    swaps: () => "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n",
    uptime: () => `${seconds(linux.realm.now)} ${seconds(idleTime(linux))}\n`,
    vmstat: () => memoryEventsText(linux),
    version: () => `Linux version ${Release.NAME} (zandbox@zandbox) (zandbox) ${Release.VERSION}\n`,
  };
}

const PROCESSOR = [
  "processor\t: 0",
  "hart\t\t: 0",
  `isa\t\t: ${ISA}`,
  "mmu\t\t: sv39",
  "mvendorid\t: 0x0",
  "marchid\t\t: 0x0",
  "mimpid\t\t: 0x0",
  `hart isa\t: ${ISA}`,
  "",
  "",
].join("\n");

function seconds(nanos: number): string {
  return (Math.floor(nanos / TICK) / 100).toFixed(2);
}

function idleTime(linux: Linux): number {
  return linux.kernel.system.idleTime;
}

function running(linux: Linux): number {
  return [...linux.tasks.values()].filter((task) => task.wait === null).length;
}

function loadText(linux: Linux): string {
  return `0.00 0.00 0.00 ${running(linux)}/${linux.tasks.size} ${linux.made + 1}\n`;
}

const LOCK_NAMES: Readonly<Record<number, string>> = {
  [LockType.RDLCK]: "READ",
  [LockType.WRLCK]: "WRITE",
  [LockType.UNLCK]: "UNLCK",
};

/** Every lock on a part of a file, and every lease, and whose it is. */
function locksText({ locks }: Linux): string {
  const held = [...locks.all()].map(({ inode, lock }) => {
    const kind = lock.kind === "flock" ? "FLOCK " : lock.pid > 0 ? "POSIX " : "OFDLCK";
    const end = lock.end === Infinity || lock.end >= 2 ** 63 ? "EOF" : lock.end - 1;
    const whose = `${LOCK_NAMES[lock.type]} ${lock.pid || -1}`;
    return `${kind} ADVISORY  ${whose} ${numbersOf(inode)} ${lock.start} ${end}`;
  });
  const leased = [...locks.leases.all()].map((lease) => {
    const state = isBreaking(lease) ? "BREAKING" : "ACTIVE  ";
    const whose = `${LOCK_NAMES[targetOf(lease)]} ${lease.pid}`;
    return `LEASE  ${state}  ${whose} ${numbersOf(lease.file.inode)} 0 EOF`;
  });
  return [...held, ...leased].map((line, at) => `${at + 1}: ${line}\n`).join("");
}

/** The numbers of a file and of the device that it is on. */
function numbersOf({ fs: { device }, ino }: Inode): string {
  return `${hexByte(majorOf(device))}:${hexByte(minorOf(device))}:${ino}`;
}

function hexByte(value: number): string {
  return value.toString(16).padStart(2, "0");
}

/** What of memory is free, and how often pages were missing. */
function memoryEventsText(linux: Linux): string {
  const pages = Math.floor(linux.memory.free / PAGE_SIZE);
  const faults = [...linux.groups.values()].reduce((sum, { spent }) => sum + spent.faults, 0);
  const counts = { nr_free_pages: pages, pgpgin: 0, pgpgout: 0, pswpin: 0, pswpout: 0 };
  const more = { pgfault: faults, pgmajfault: 0, oom_kill: linux.shortages };
  return Object.entries({ ...counts, ...more }).map((pair) => `${pair.join(" ")}\n`).join("");
}

/** What of the machine's time went where: programs had all that was not idle. */
function statText(linux: Linux): string {
  const idle = Math.floor(idleTime(linux) / TICK);
  const user = Math.floor(linux.realm.now / TICK) - idle;
  return [
    `cpu  ${user} 0 0 ${idle} 0 0 0 0 0 0`,
    `cpu0 ${user} 0 0 ${idle} 0 0 0 0 0 0`,
    "intr 0",
    `ctxt ${linux.switches}`,
    `btime ${linux.epoch}`,
    `processes ${linux.made}`,
    `procs_running ${running(linux)}`,
    "procs_blocked 0",
    "softirq 0 0 0 0 0 0 0 0 0 0 0",
    "",
  ].join("\n");
}

/** Lines of `meminfo` that are always zero here, behind the one that is named. */
const NOTHING: Readonly<Record<string, readonly string[]>> = {
  MemAvailable: ["Buffers"],
  Cached: ["SwapCached"],
  "Inactive(file)": ["Unevictable", "Mlocked", "SwapTotal", "SwapFree", "Dirty", "Writeback"],
  Shmem: [
    "KReclaimable",
    "Slab",
    "SReclaimable",
    "SUnreclaim",
    "KernelStack",
    "PageTables",
    "SecPageTables",
    "NFS_Unstable",
    "Bounce",
    "WritebackTmp",
  ],
  Committed_AS: ["VmallocTotal", "VmallocUsed", "VmallocChunk", "Percpu"],
};

function memoryText(linux: Linux): string {
  const { total, free } = linux.memory;
  const spaces = new Set(
    [...linux.groups.values()].filter((one) => !one.ended).map((one) => one.mm),
  );
  const each = [...spaces];
  const anonymous = PAGE_SIZE * each.reduce((sum, mm) => sum + mm.pages.pages.frames, 0);
  const committed = PAGE_SIZE * each.reduce((sum, mm) => sum + mm.vmas.pages, 0);
  const used = Math.max(0, total - free);
  const own = Math.min(anonymous, used);
  const cached = used - own;
  const lines: readonly (readonly [string, number])[] = [
    ["MemTotal", total],
    ["MemFree", free],
    ["MemAvailable", free],
    ["Cached", cached],
    ["Active", own],
    ["Inactive", cached],
    ["Active(anon)", own],
    ["Inactive(anon)", 0],
    ["Active(file)", 0],
    ["Inactive(file)", cached],
    ["AnonPages", own],
    ["Mapped", 0],
    ["Shmem", cached],
    ["CommitLimit", total],
    ["Committed_AS", committed],
  ];
  const line = (name: string, bytes: number) =>
    `${`${name}:`.padEnd(16)}${String(Math.floor(bytes / 1024)).padStart(8)} kB\n`;
  return lines.map(([name, bytes]) =>
    line(name, bytes) + (NOTHING[name] ?? []).map((none) => line(none, 0)).join("")
  ).join("");
}

/** The directories at which file systems begin, the root's first. */
function mounted(linux: Linux): readonly Directory[] {
  return [linux.root, ...linux.mounted];
}

function optionsOf({ fs }: Directory): string {
  const noExec = fs.noExec ? ",noexec" : "";
  return `${fs.readOnly ? "ro" : "rw"}${noExec},relatime`;
}

/** The text of `mounts`. */
export function mountsText(linux: Linux): string {
  return mounted(linux).map((top) => {
    const { type } = top.fs;
    return `${type} ${pathOf(top, linux.root)} ${type} ${optionsOf(top)} 0 0\n`;
  }).join("");
}

/** The text of `mountstats`. */
export function mountStatsText(linux: Linux): string {
  return mounted(linux).map((top) => {
    const { type } = top.fs;
    return `device ${type} mounted on ${pathOf(top, linux.root)} with fstype ${type}\n`;
  }).join("");
}

/** The text of `mountinfo`. */
export function mountInfoText(linux: Linux): string {
  const all = mounted(linux);
  return all.map((top, at) => {
    const { type, device } = top.fs;
    const options = optionsOf(top);
    const place = `${majorOf(device)}:${minorOf(device)} / ${pathOf(top, linux.root)}`;
    return `${at + 1} ${at === 0 ? 0 : 1} ${place} ${options} - ${type} ${type} rw\n`;
  }).join("");
}
