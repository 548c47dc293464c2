/**
 * What `--strace` shows of a program is what the emulator's own trace shows: the same calls, in the
 * same order, with the same results.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { existsSync } from "@std/fs";
import { StraceText } from "../../lab/strace/strace_text.ts";
import { DenoHostFiles } from "../../scripts/host_files.ts";
import { build, emulator, noCompiler, SYSROOT } from "../support/cross.ts";
import { TestLinux } from "../support/linux.ts";

const reason = noCompiler() ??
  (emulator() === undefined ? "qemu-riscv64 is not installed" : undefined);
const why = reason ? ` (${reason})` : "";

/** Calls whose bytes the trace shows, and the emulator's does not. */
const SHOWING_MEMORY = new Set(["read", "write", "pread64", "getrandom"]);

/** A call as both show it: its name, the text in its arguments or how much is mapped, and what became of it. */
interface Shown {
  readonly call: string;
  readonly texts: string;
  readonly result: string;
}

/** A line of a trace, with addresses and numbers of processes left out. */
function shown(line: string): Shown | null {
  const found = /^(?:\d+ )?(\w+)\((.*?)\) += (.*)$/.exec(line.trim()) ??
    /^(?:\d+ )?(exit_group)\((\d)/.exec(line);
  if (!found) return null;
  const [, call, args] = found as unknown as [string, string, string];
  return {
    call,
    texts: textsOf(call, args),
    result: call === "exit_group" ? args : resultOf(call, found[3]!),
  };
}

/** The paths of a call, or how much is mapped; the emulator does not show what is in memory. */
function textsOf(call: string, args: string): string {
  if (call === "mmap") return args.split(/, ?/)[1]!;
  if (SHOWING_MEMORY.has(call)) return "";
  const texts = [...args.matchAll(/"[^"]*"/g)].map(([text]) => text);
  return (call === "readlinkat" ? texts.slice(0, 1) : texts).join();
}

function resultOf(call: string, text: string): string {
  // This kernel has robust futexes, which the emulator has not.
  if (call === "set_robust_list") return "good or not";
  if (call === "set_tid_address") return "a process";
  const why = /^-1 .*\((.*)\)$/.exec(text);
  if (why) return why[1]!;
  // Which one is free is a matter of what this test's own process has open.
  if (call === "openat") return "a descriptor";
  return text.startsWith("0x") ? "an address" : text;
}

/** The environment of the emulator's programs, which is this test's own. */
function environmentOf(): string[] {
  return Object.entries(Deno.env.toObject()).map(([name, value]) => `${name}=${value}`);
}

async function traces(isStatic: boolean): Promise<{ here: Shown[]; there: Shown[] }> {
  const folder = Deno.makeTempDirSync();
  try {
    const source = '#include <stdio.h>\nint main(void) { puts("hello"); return 3; }\n';
    Deno.writeTextFileSync(`${folder}/hello.c`, source);
    const bytes = await build(`${folder}/hello.c`, `${folder}/hello`, { isStatic });
    const { stderr } = await new Deno.Command(emulator()!, {
      args: ["-strace", "-L", SYSROOT, `${folder}/hello`],
      stdin: "null",
    }).output();
    const lines: string[] = [];
    const machine = new TestLinux({
      mounts: { "/": new DenoHostFiles(SYSROOT), "/etc": new DenoHostFiles("/etc") },
    });
    machine.linux.tracer = new StraceText((line) => void lines.push(line));
    // The emulator finds in the host's directories what is not in the other ones.
    for (const path of ["/lib/riscv64-linux-gnu", "/usr/lib/riscv64-linux-gnu"]) {
      if (existsSync(path)) machine.directory(path);
    }
    machine.put(`${folder}/hello`, bytes);
    machine.finish({ path: `${folder}/hello`, environment: environmentOf() });
    const there = new TextDecoder().decode(stderr).split("\n");
    return {
      here: lines.map(shown).filter((one) => one !== null),
      there: there.map(shown).filter((one) => one !== null),
    };
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

for (const isStatic of [true, false]) {
  const kind = isStatic ? "static" : "dynamic";
  Deno.test({
    name: `the trace of a ${kind} hello shows the emulator's calls, results and order${why}`,
    ignore: reason !== undefined,
    fn: async () => {
      const { here, there } = await traces(isStatic);
      // The linker keeps book of the vDSO, which the emulator has not, so it needs pages of its own
      // for that earlier; everything else is in order.
      const isOwn = ({ call, texts }: Shown) => call === "mmap" && texts === "8192";
      const without = (calls: Shown[]) => calls.filter((one) => !isOwn(one));
      assertEquals(here.length, there.length);
      assertEquals(without(here), without(there));
      assertEquals(without(here).length, here.length - (isStatic ? 0 : 1));
    },
  });
}

Deno.test({
  name: `a trace is written as strace writes it${why}`,
  ignore: reason !== undefined,
  fn: async () => {
    const { here } = await traces(true);
    const text = here.map(({ call, result }) => `${call} ${result}`).join();
    assertMatch(text, /^brk an address,brk an address,.*write 6,exit_group 3$/);
  },
});

/** Calls whose arguments are numbers alone, and clone3's. */
const ARGUMENTS = `
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/sched.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
static int tids[3] = {1, 2, 3};
static void ask(struct clone_args args, long more, long size) {
  struct { struct clone_args args; long more; } all = {args, more};
  long pid = syscall(SYS_clone3, size == 8 ? (void *)8 : &all, size == 8 ? 88 : size);
  if (pid == 0) _exit(0);
  if (pid > 0) waitpid(pid, 0, __WALL);
}
int main(void) {
  umask(022), umask(7), umask(01777), umask(0);
  syscall(1000, 0, 1, 0, 0, 0, 0);
  fcntl(0, 1027, 1);
  ask((struct clone_args){.exit_signal = 17}, 0, 88);
  ask((struct clone_args){.exit_signal = 17, .flags = 0x100000000}, 0, 64);
  ask((struct clone_args){.exit_signal = 17, .flags = 0x100000900}, 0, 88);
  ask((struct clone_args){.exit_signal = 17, .flags = 1UL << 34}, 0, 88);
  ask((struct clone_args){.exit_signal = 17, .flags = 0x200000000, .cgroup = 7}, 0, 88);
  ask((struct clone_args){.exit_signal = 17, .set_tid = (uintptr_t)tids, .set_tid_size = 3}, 0, 88);
  ask((struct clone_args){.exit_signal = 17, .set_tid = 8, .set_tid_size = 1}, 0, 88);
  ask((struct clone_args){.exit_signal = 17, .flags = 0x1000, .pidfd = 8}, 0, 88);
  ask((struct clone_args){.exit_signal = 17}, 1, 96);
  ask((struct clone_args){0}, 0, 8);
  return 0;
}
`;

/** Recorded from strace 6.1 on Linux 6.18, with what that strace did not know by name yet. */
const SHOWN_ARGUMENTS = [
  "umask(022) = 022",
  "umask(007) = 022",
  "umask(01777) = 007",
  "umask(000) = 0777",
  "syscall_0x3e8(0, 0x1, 0, 0, 0, 0) = -1 ENOSYS (Function not implemented)",
  "fcntl(0, F_DUPFD_QUERY, 1) = 0",
  "clone3({flags=0, exit_signal=SIGCHLD, stack=NULL, stack_size=0}, 88) = PID",
  "clone3({flags=CLONE_CLEAR_SIGHAND, exit_signal=SIGCHLD, stack=NULL, stack_size=0}, 64) = PID",
  "clone3({flags=CLONE_VM|CLONE_SIGHAND|CLONE_CLEAR_SIGHAND, exit_signal=SIGCHLD, stack=NULL, " +
  "stack_size=0}, 88) = -1 EINVAL (Invalid argument)",
  "clone3({flags=0x400000000 /* CLONE_??? */, exit_signal=SIGCHLD, stack=NULL, stack_size=0}, " +
  "88) = -1 EINVAL (Invalid argument)",
  "clone3({flags=CLONE_INTO_CGROUP, exit_signal=SIGCHLD, stack=NULL, stack_size=0, cgroup=7}, " +
  "88) = -1 EBADF (Bad file descriptor)",
  "clone3({flags=0, exit_signal=SIGCHLD, stack=NULL, stack_size=0, set_tid=[1, 2, 3], " +
  "set_tid_size=3}, 88) = -1 EINVAL (Invalid argument)",
  "clone3({flags=0, exit_signal=SIGCHLD, stack=NULL, stack_size=0, set_tid=0x8, " +
  "set_tid_size=1}, 88) = -1 EFAULT (Bad address)",
  "clone3({flags=CLONE_PIDFD, pidfd=0x8, exit_signal=SIGCHLD, stack=NULL, stack_size=0}, 88) = " +
  "-1 EFAULT (Bad address)",
  "clone3({flags=0, exit_signal=SIGCHLD, stack=NULL, stack_size=0, /* bytes 88..95 */ " +
  '"\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00"}, 96) = -1 E2BIG (Argument list too long)',
  "clone3(0x8, 88) = -1 EFAULT (Bad address)",
];

Deno.test({
  name: `modes, numbers and the arguments of clone3 are written as strace writes them${why}`,
  ignore: reason !== undefined,
  fn: async () => {
    const folder = Deno.makeTempDirSync();
    try {
      Deno.writeTextFileSync(`${folder}/asks.c`, ARGUMENTS);
      const bytes = await build(`${folder}/asks.c`, `${folder}/asks`, { isStatic: true });
      const text: string[] = [];
      const machine = new TestLinux();
      machine.linux.tracer = new StraceText((part) => void text.push(part));
      machine.put("/asks", bytes);
      machine.finish({ path: "/asks" });
      const lines = text.join("").split("\n").filter((line) =>
        /^(umask|sys|fcntl|clone3)/.test(line)
      );
      const shown = lines.map((line) =>
        line.replace(/\) += /, ") = ").replace(/^(clone3.*) \d+$/, "$1 PID")
      );
      assertEquals(shown, SHOWN_ARGUMENTS);
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
});
