/**
 * The texts of `/proc/PID/stat` and `/proc/PID/status`.
 *
 * @module
 */
import type { Group } from "../group.ts";
import { Resource } from "../limits.ts";
import { mappedBytes } from "../mm/map.ts";
import { residentPages } from "../mm/maps_text.ts";
import type { SignalSet } from "../signal/signal.ts";
import type { Task } from "../task.ts";

const TICK = 10_000_000;
const FIELDS = 52;

/** The letter for what a task does. */
function stateOf(group: Group, task: Task | null): string {
  if (group.ended) return "Z";
  if (group.stopped !== 0) return "T";
  return task?.wait ? "S" : "R";
}

/** The text of `stat`. */
export function statText(group: Group, task: Task | null): string {
  const { pid, ppid, pgid, sid, mm } = group;
  const fields = new Array<number | string>(FIELDS).fill(0);
  fields[0] = task?.tid ?? pid;
  fields[1] = `(${task?.comm ?? ""})`;
  fields[2] = stateOf(group, task);
  [ppid, pgid, sid].forEach((value, at) => fields[3 + at] = value);
  fields[7] = group.terminal?.foreground ?? -1;
  fields[13] = Math.floor((group.linux.realm.now - group.startTime) / TICK);
  fields[15] = Math.floor(group.childTime / TICK);
  fields[17] = 20 + (task?.nice ?? 0);
  fields[18] = task?.nice ?? 0;
  fields[19] = group.tasks.size;
  fields[21] = Math.floor(group.startTime / TICK);
  if (!group.ended) {
    fields[22] = mappedBytes(mm);
    fields[23] = residentPages(mm);
    const limit = group.limits.soft(Resource.RSS);
    fields[24] = limit === Infinity ? "18446744073709551615" : limit;
    fields[25] = mm.code.start;
    fields[26] = mm.code.end;
    fields[27] = mm.stackStart;
    fields[44] = mm.data.start;
    fields[45] = mm.data.end;
    fields[46] = mm.brkStart;
    fields[47] = mm.strings.args;
    fields[48] = mm.strings.argsEnd;
    fields[49] = mm.strings.environment;
    fields[50] = mm.strings.environmentEnd;
  }
  return `${fields.join(" ")}\n`;
}

const WORDS: Readonly<Record<string, string>> = {
  R: "running",
  S: "sleeping",
  T: "stopped",
  Z: "zombie",
};

/** The text of `status`. */
export function statusText(group: Group, task: Task | null): string {
  const letter = stateOf(group, task);
  const own = task?.credentials;
  const kib = (bytes: number) => `${String(Math.floor(bytes / 1024)).padStart(8)} kB`;
  const lines: (readonly [string, string | number])[] = [
    ["Name", task?.comm ?? ""],
    ["Umask", (task?.fs.umask ?? 0).toString(8).padStart(4, "0")],
    ["State", `${letter} (${WORDS[letter]})`],
    ["Tgid", group.pid],
    ["Ngid", 0],
    ["Pid", task?.tid ?? group.pid],
    ["PPid", group.ppid],
    ["TracerPid", 0],
    ["Uid", [own?.uid, own?.euid, own?.suid, own?.fsuid].join("\t")],
    ["Gid", [own?.gid, own?.egid, own?.sgid, own?.fsgid].join("\t")],
    ["FDSize", 64],
    ["Groups", `${own?.groups.join(" ") ?? ""} `],
  ];
  if (!group.ended) {
    lines.push(["VmSize", kib(mappedBytes(group.mm))]);
    lines.push(["VmRSS", kib(residentPages(group.mm) * 4096)]);
  }
  lines.push(["Threads", group.tasks.size], ["SigPnd", setText(task?.pending.set ?? 0n)]);
  lines.push(["ShdPnd", setText(group.pending.set)], ["SigBlk", setText(task?.blocked ?? 0n)]);
  return lines.map(([name, value]) => `${name}:\t${value}\n`).join("");
}

function setText(set: SignalSet): string {
  return set.toString(16).padStart(16, "0");
}
