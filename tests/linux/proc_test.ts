/**
 * /proc as programs read it: the fields of a real Linux, in its order and widths, with numbers that
 * agree with each other. The names were taken from Linux 6.18.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import { assemble } from "../../guests/assembler.ts";
import { OpenFlag } from "../../kernel/linux/abi/open.ts";
import { directoryAt } from "../../kernel/linux/fs/mounting.ts";
import { openPath } from "../../kernel/linux/fs/open.ts";
import type { Group } from "../../kernel/linux/group.ts";
import { FileType } from "../../loader/elf.ts";
import { TestLinux } from "../support/linux.ts";

const STATUS = (
  "Name Umask State Tgid Ngid Pid PPid TracerPid Uid Gid FDSize Groups NStgid NSpid NSpgid NSsid " +
  "Kthread VmPeak VmSize VmLck VmPin VmHWM VmRSS RssAnon RssFile RssShmem VmData VmStk VmExe VmLib " +
  "VmPTE VmSwap HugetlbPages CoreDumping THP_enabled untag_mask Threads SigQ SigPnd ShdPnd SigBlk " +
  "SigIgn SigCgt CapInh CapPrm CapEff CapBnd CapAmb NoNewPrivs Seccomp Seccomp_filters " +
  "Speculation_Store_Bypass SpeculationIndirectBranch Cpus_allowed Cpus_allowed_list Mems_allowed " +
  "Mems_allowed_list voluntary_ctxt_switches nonvoluntary_ctxt_switches"
).split(" ");

const SMAPS = (
  "Size KernelPageSize MMUPageSize Rss Pss Pss_Dirty Shared_Clean Shared_Dirty Private_Clean " +
  "Private_Dirty Referenced Anonymous KSM LazyFree AnonHugePages ShmemPmdMapped FilePmdMapped " +
  "Shared_Hugetlb Private_Hugetlb Swap SwapPss Locked THPeligible VmFlags"
).split(" ");

/** Maps eight pages, writes to three, gives four of them back with one that was written to, waits. */
const PROGRAM = assemble(
  `
  _start: li   a0, 0
          li   a1, 32768
          li   a2, 3
          li   a3, 34
          li   a4, -1
          li   a5, 0
          li   a7, 222
          ecall
          mv   s0, a0
          li   t0, 4096
          sd   t0, 0(s0)
          add  s1, s0, t0
          sd   t0, 0(s1)
          li   t1, 20480
          add  s1, s0, t1
          sd   t0, 0(s1)
          li   t1, 16384
          add  a0, s0, t1
          mv   a1, t1
          li   a7, 215
          ecall
  1:      li   a0, 0
          li   a1, 0
          li   a2, 0
          li   a3, 0
          li   a7, 73
          ecall
          j    1b
  `,
  { type: FileType.EXEC },
);

/** The program, waiting. */
function waiting(): { machine: TestLinux; group: Group } {
  const machine = new TestLinux();
  machine.put("/waiter", PROGRAM);
  const group = machine.start({ path: "/waiter", args: ["waiter", "two words"] });
  if (typeof group === "number") throw new Error(`execve answers ${group}`);
  machine.run(group);
  return { machine, group };
}

/** What a process reads from a file. */
function read({ linux }: TestLinux, { pid, leader }: Group, name: string): string {
  const path = name.startsWith("/") ? name : `/proc/${pid}/${name}`;
  const file = openPath(leader!, linux.root, path, { flags: OpenFlag.RDONLY, mode: 0 });
  if (typeof file === "number") throw new Error(`${path} answers ${file}`);
  const bytes = file.read(1 << 20, 0);
  return new TextDecoder().decode(bytes as Uint8Array);
}

/** Lines of a name, a colon and a value. */
function fields(text: string): Map<string, string> {
  const lines = text.trimEnd().split("\n");
  return new Map(lines.map((line) => {
    const at = line.indexOf(":");
    return [line.slice(0, at), line.slice(at + 1).trim()];
  }));
}

/** A value in kibibytes. */
function kib(found: Map<string, string>, name: string): number {
  return Number(/^(\d+) kB$/.exec(found.get(name)!)![1]);
}

Deno.test("/proc/self/status has the fields of Linux, in its order", () => {
  const { machine, group } = waiting();
  const text = read(machine, group, "status");
  assertEquals([...fields(text).keys()], STATUS);
  assertMatch(text, /^Name:\twaiter\nUmask:\t0022\nState:\tS \(sleeping\)\n/);
  assertMatch(text, /\nUid:\t0\t0\t0\t0\n/);
  assertMatch(text, /\nVmSize:\t {3,}\d+ kB\n/);
  assertMatch(text, /\nSigBlk:\t[0-9a-f]{16}\n/);
});

Deno.test("sizes in status, statm, stat, maps and smaps agree with each other", () => {
  const { machine, group } = waiting();
  const status = fields(read(machine, group, "status"));
  const maps = read(machine, group, "maps").trimEnd().split("\n");
  const mapped = maps.map((line) =>
    /^(\w+)-(\w+)/.exec(line)!.slice(1).map((one) => parseInt(one, 16))
  )
    .reduce((sum, [start, end]) => sum + end! - start!, 0);
  assertEquals(kib(status, "VmSize") * 1024, mapped);
  const rss = [...read(machine, group, "smaps").matchAll(/^Rss: +(\d+) kB$/gm)]
    .reduce((sum, [, count]) => sum + Number(count), 0);
  assertEquals(kib(status, "VmRSS"), rss);
  const parts = ["RssAnon", "RssFile", "RssShmem"].map((name) => kib(status, name));
  assertEquals(parts.reduce((sum, one) => sum + one), rss);
  const [total, resident, shared] = read(machine, group, "statm").split(" ").map(Number);
  assertEquals([total! * 4096, resident! * 4, shared! * 4], [mapped, rss, parts[1]! + parts[2]!]);
  const stat = read(machine, group, "stat").trimEnd().split(" ");
  assertEquals(stat.length, 52);
  assertEquals([Number(stat[22]), Number(stat[23])], [mapped, resident]);
});

Deno.test("VmPeak and VmHWM remember what was given back", () => {
  const { machine, group } = waiting();
  const status = fields(read(machine, group, "status"));
  assertEquals(kib(status, "VmPeak") - kib(status, "VmSize"), 16, "four pages were unmapped");
  assertEquals(kib(status, "VmHWM") - kib(status, "VmRSS"), 4, "one of them was there");
});

Deno.test("smaps has the fields of Linux for each run of addresses, and its letters", () => {
  const { machine, group } = waiting();
  const blocks = read(machine, group, "smaps").split(/^(?=[0-9a-f]+-[0-9a-f]+ )/m);
  assertEquals(blocks.length, read(machine, group, "maps").trimEnd().split("\n").length);
  for (const block of blocks) {
    const body = block.slice(block.indexOf("\n") + 1);
    assertEquals([...fields(body).keys()], SMAPS);
  }
  const stack = blocks.find((one) => one.includes("[stack]"))!;
  assertMatch(stack, /\nVmFlags: rd wr mr mw me gd ac \n$/);
  assertMatch(stack, /\nSize: {16}132 kB\n/);
});

Deno.test("limits is a table of columns that are 25, 20, 20 and 10 wide", () => {
  const { machine, group } = waiting();
  const lines = read(machine, group, "limits").trimEnd().split("\n");
  assertEquals(lines.length, 17);
  assertEquals(
    [lines[0], lines[4]],
    [
      "Limit                     Soft Limit           Hard Limit           Units     ",
      "Max stack size            8388608              unlimited            bytes     ",
    ],
  );
});

Deno.test("cmdline, comm, environ, mounts, mountinfo and fdinfo are as Linux writes them", () => {
  const { machine, group } = waiting();
  assertEquals(read(machine, group, "cmdline"), "waiter\0two words\0");
  assertEquals(read(machine, group, "comm"), "waiter\n");
  assertEquals(read(machine, group, "environ"), "");
  assertEquals(read(machine, group, "cgroup"), "0::/\n");
  assertMatch(
    read(machine, group, "mounts"),
    /^tmpfs \/ tmpfs rw,relatime 0 0\n.*\nproc \/proc proc rw/s,
  );
  assertMatch(
    read(machine, group, "mountinfo"),
    /^1 0 \d+:\d+ \/ \/ rw,relatime - tmpfs tmpfs rw\n/,
  );
  assertMatch(read(machine, group, "fdinfo/1"), /^pos:\t0\nflags:\t02\nmnt_id:\t\d+\nino:\t\d+\n$/);
});

Deno.test("what /proc says of the machine has the shapes that programs look for", () => {
  const { machine, group } = waiting();
  const system = (name: string) => read(machine, group, `/proc/${name}`);
  assertMatch(system("uptime"), /^\d+\.\d\d \d+\.\d\d\n$/);
  assertMatch(system("loadavg"), /^\d\.\d\d \d\.\d\d \d\.\d\d \d+\/\d+ \d+\n$/);
  assertMatch(system("version"), /^Linux version 6\.\d+\.\d+\S* \(.*\) \(.*\) #1 SMP/);
  assertMatch(system("stat"), /^cpu {2}\d+ 0 0 \d+( 0){6}\ncpu0 /);
  assertMatch(system("cpuinfo"), /^processor\t: 0\nhart\t\t: 0\nisa\t\t: rv64imafdc/);
  const memory = fields(system("meminfo"));
  assertEquals([...memory.keys()].slice(0, 5), [
    "MemTotal",
    "MemFree",
    "MemAvailable",
    "Buffers",
    "Cached",
  ]);
  assertMatch(system("meminfo"), /^MemTotal: {8} +\d+ kB\n/);
  assert(kib(memory, "MemFree") <= kib(memory, "MemTotal"));
});

/** Executes some twenty million instructions, writes where its stack never was, and waits. */
const BUSY = assemble(
  `
  _start: li   t0, 10000000
  1:      addi t0, t0, -1
          bnez t0, 1b
          li   t1, -8192
          add  t1, sp, t1
          sd   t0, 0(t1)
          li   a0, 0
          li   a1, 0
          li   a2, 0
          li   a3, 0
          li   a7, 73
          ecall
          ebreak
  `,
  { type: FileType.EXEC },
);

Deno.test("stat and status count a process's time, its faults, and how often it waited", () => {
  const machine = new TestLinux();
  machine.put("/busy", BUSY);
  const group = machine.start({ path: "/busy" });
  if (typeof group === "number") throw new Error(`execve answers ${group}`);
  machine.run(group);
  const stat = read(machine, group, "stat").trimEnd().split(" ").map(Number);
  const ticks = Math.floor(machine.kernel.realm.now / 10_000_000);
  assertEquals(ticks, 2);
  assertEquals(stat.slice(13, 17), [ticks, 0, 0, 0], "nobody else ran");
  assertEquals(stat.slice(9, 13), [2, 0, 0, 0], "its code, and a page of its stack");
  assertMatch(
    read(machine, group, "status"),
    /\nvoluntary_ctxt_switches:\t1\nnonvoluntary_.*:\t0\n$/,
  );
  assertEquals(
    read(machine, group, `task/${group.pid}/stat`),
    read(machine, group, "stat"),
    "it has one task",
  );
});

Deno.test("/sys and /proc know of the one processor that there is, and of each other", () => {
  const { machine, group } = waiting();
  const processors = "/sys/devices/system/cpu";
  for (const which of ["online", "possible", "present"]) {
    assertEquals(read(machine, group, `${processors}/${which}`), "0\n");
  }
  assertEquals(read(machine, group, `${processors}/kernel_max`), "63\n");
  assertEquals(read(machine, group, "/proc/stat").match(/^cpu\d+/gm), ["cpu0"]);
  assertEquals(read(machine, group, "/proc/cpuinfo").match(/^processor\t: .*/gm), [
    "processor\t: 0",
  ]);
  assertMatch(read(machine, group, "mounts"), /\nsysfs \/sys sysfs rw,relatime 0 0\n/);
  assertMatch(read(machine, group, "/proc/filesystems"), /^nodev\tsysfs\n/);
});

Deno.test("/sys is the machine's own, whatever the directory of the host has there", () => {
  const kept = { mode: 0o755, size: 0, modifiedMs: 0 };
  const host = {
    stat: (path: string) => ({ ...kept, kind: path === "/sys" ? "directory" : "file" } as const),
    list: (path: string) => path === "/sys" ? ["hosts"] : ["sys"],
    read: () => new Uint8Array(),
    target: () => "",
  };
  const { linux } = new TestLinux({ mounts: { "/": host } });
  const top = directoryAt(linux, "/sys");
  assertEquals([top.fs.type, top.lookup("hosts") === null], ["sysfs", true]);
});
