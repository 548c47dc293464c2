/**
 * Calls about files, and about the system itself.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { FILE_CALLS } from "../../kernel/rtsmart/calls/files.ts";
import { NAME_CALLS } from "../../kernel/rtsmart/calls/names.ts";
import { SYSTEM_CALLS } from "../../kernel/rtsmart/calls/system.ts";
import { TIME_CALLS } from "../../kernel/rtsmart/calls/time.ts";
import { Errno } from "../../kernel/rtsmart/error.ts";
import { CallCoverage, Caller } from "../support/rtsmart_caller.ts";

const O = {
  RDONLY: 0,
  WRONLY: 1,
  RDWR: 2,
  CREAT: 0o100,
  EXCL: 0o200,
  TRUNC: 0o1000,
  APPEND: 0o2000,
};
const DIRECTORY = 0o200000;
const NOWHERE = 16;
const coverage = new CallCoverage();
const alone = () => Caller.alone({}, coverage);

/** A file with a text in it, open. */
function opened(one: Caller, flags = O.RDWR): number {
  one.machine.put("/tmp/file", new TextEncoder().encode("twelve bytes"));
  assertEquals(one.call("open", one.text("/tmp/file"), flags, 0), 3);
  return 3;
}

function readAll(one: Caller, fd: number, size = 64): string {
  const at = one.room(size);
  const count = one.call("read", fd, at, size);
  assert(typeof count === "number" && count >= 0, `read answers ${count}`);
  return one.readText(at, count);
}

Deno.test("read and write go on where the last one ended, and lseek says where that is", () => {
  const one = alone();
  const fd = opened(one);
  assertEquals(readAll(one, fd, 6), "twelve");
  assertEquals(readAll(one, fd), " bytes");
  assertEquals(readAll(one, fd), "");
  assertEquals(one.call("lseek", fd, -5, 2), 7);
  assertEquals(one.call("write", fd, one.text("words and more"), 14), 14);
  assertEquals(one.call("lseek", fd, 0, 1), 21);
  assertEquals(one.call("lseek", fd, 0, 0), 0);
  assertEquals(readAll(one, fd), "twelve words and more");
  assertEquals(one.call("lseek", fd, -1, 0), Errno.EINVAL);
  assertEquals(one.call("lseek", fd, 0, 3), Errno.EINVAL);
  assertEquals(one.call("lseek", 1, 0, 0), Errno.ESPIPE);
  assertEquals(one.call("lseek", 9, 0, 0), Errno.EBADF);
});

Deno.test("reading nothing is refused, and writing nothing is not", () => {
  const one = alone();
  const fd = opened(one);
  assertEquals(one.call("read", fd, one.room(8), 0), Errno.EINVAL);
  assertEquals(one.call("write", fd, NOWHERE, 0), 0);
  assertEquals(one.call("read", fd, NOWHERE, 8), Errno.EFAULT);
  assertEquals(one.call("write", fd, NOWHERE, 8), Errno.EFAULT);
  assertEquals(one.call("read", 99, one.room(8), 8), Errno.EBADF);
  assertEquals(one.call("write", 99, one.room(8), 8), Errno.EBADF);
  // The kernel has no memory for so many bytes, though the program's addresses have.
  const { stackStart } = one.machine.rtsmart.layout;
  assertEquals(one.call("write", fd, stackStart, 1 << 30), Errno.ENOMEM);
});

Deno.test("open makes a file if it is told to, and only reads or writes as it was told", () => {
  const one = alone();
  const path = one.text("/tmp/new");
  assertEquals(one.call("open", path, O.RDWR, 0), Errno.ENOENT);
  assertEquals(one.call("open", path, O.WRONLY | O.CREAT, 0o644), 3);
  assertEquals(one.call("read", 3, one.room(8), 8), Errno.EBADF);
  assertEquals(one.call("write", 3, one.text("abc"), 3), 3);
  assertEquals(one.call("open", path, O.RDWR | O.CREAT | O.EXCL, 0), Errno.EEXIST);
  assertEquals(one.call("open", path, O.RDONLY, 0), 4);
  assertEquals(one.call("write", 4, one.text("abc"), 3), Errno.EBADF);
  assertEquals(one.call("open", path, O.RDWR | O.APPEND, 0), 5);
  assertEquals(one.call("write", 5, one.text("def"), 3), 3);
  assertEquals(readAll(one, 4), "abcdef");
  assertEquals(one.call("open", path, O.RDWR | O.TRUNC, 0), 6);
  assertEquals(readAll(one, 6), "");
  assertEquals(one.call("open", NOWHERE, 0, 0), Errno.EFAULT);
  assertEquals(one.call("open", one.text(""), 0, 0), Errno.EINVAL);
  assertEquals(one.call("open", one.text("/tmp"), O.RDWR, 0), Errno.EISDIR);
  assertEquals(one.call("open", path, DIRECTORY, 0), Errno.ENOTDIR);
  assertEquals(one.call("open", one.text("/tmp/new/x"), 0, 0), Errno.ENOTDIR);
  assertEquals(one.call("open", one.text(`/${"n".repeat(5000)}`), 0, 0), Errno.ENAMETOOLONG);
});

Deno.test("a process has 256 descriptors, the lowest free one first", () => {
  const one = alone();
  const path = one.text("/dev/null");
  for (let fd = 3; fd < 256; fd++) assertEquals(one.call("open", path, O.RDWR, 0), fd);
  assertEquals(one.call("open", path, O.RDWR, 0), Errno.EMFILE);
  assertEquals(one.call("dup", 0), Errno.EMFILE);
  assertEquals(one.call("pipe", one.room(8)), Errno.EMFILE);
  assertEquals(one.call("close", 7), 0);
  assertEquals(one.call("close", 7), Errno.EBADF);
  assertEquals(one.call("pipe", one.room(8)), Errno.EMFILE);
  assertEquals(one.call("dup", 0), 7);
});

Deno.test("descriptors that are copies stand at the same place", () => {
  const one = alone();
  const fd = opened(one);
  assertEquals(one.call("dup", fd), 4);
  assertEquals(one.call("dup2", fd, 9), 9);
  assertEquals(one.call("dup2", fd, fd), fd);
  assertEquals(readAll(one, 4, 6), "twelve");
  assertEquals(readAll(one, 9), " bytes");
  assertEquals(one.call("dup", 99), Errno.EBADF);
  assertEquals(one.call("dup2", 99, 3), Errno.EBADF);
  assertEquals(one.call("dup2", fd, 256), Errno.EBADF);
});

Deno.test("a descriptor that dup2 gives another file was closed before", () => {
  const one = alone();
  one.call("pipe", one.room(8));
  assertEquals(one.call("dup2", 1, 4), 4);
  // Nobody can write to the pipe any more.
  assertEquals(one.call("read", 3, one.room(8), 8), 0);
});

Deno.test("pread64, pwrite64 and ftruncate leave the place alone", () => {
  const one = alone();
  const fd = opened(one);
  const at = one.room(16);
  assertEquals(one.call("pread64", fd, at, 5, 7), 5);
  assertEquals(one.readText(at, 5), "bytes");
  assertEquals(one.call("pwrite64", fd, one.text("Zwölf"), 6, 0), 6);
  assertEquals(one.call("ftruncate", fd, 6), 0);
  assertEquals(readAll(one, fd), "Zwölf");
  assertEquals(one.call("pread64", fd, at, 5, -1), Errno.EINVAL);
  assertEquals(one.call("pread64", fd, at, 0, 0), Errno.EINVAL);
  assertEquals(one.call("pread64", 99, at, 5, 0), Errno.EBADF);
  assertEquals(one.call("pread64", 0, at, 5, 0), Errno.ESPIPE);
  assertEquals(one.call("pwrite64", 0, at, 5, 0), Errno.ESPIPE);
  assertEquals(one.call("pwrite64", fd, NOWHERE, 5, 0), Errno.EFAULT);
  assertEquals(one.call("ftruncate", 0, 0), Errno.EINVAL);
  assertEquals(one.call("ftruncate", fd, -1), Errno.EINVAL);
  assertEquals(one.call("ftruncate", fd, 2 ** 31), Errno.EFBIG);
  assertEquals(one.call("ftruncate", 99, 0), Errno.EBADF);
});

Deno.test("a pipe holds 4096 bytes, and its ends wait for each other", () => {
  const one = alone();
  const ends = one.room(8);
  assertEquals(one.call("pipe", ends), 0);
  const [from, to] = [one.word(ends) % 2 ** 32, Math.floor(one.word(ends) / 2 ** 32)];
  assertEquals([from, to], [3, 4]);
  const other = one.another();
  const theirs = other.room(8192);
  assertEquals(other.call("read", from, theirs, 16), "waits");
  assertEquals(one.call("write", to, one.text("through"), 7), 7);
  assertEquals(other.outcome, 7);
  assertEquals(other.readText(theirs, 7), "through");
  assertEquals(one.call("write", to, one.room(5000), 5000), 4096);
  assertEquals(other.call("write", to, theirs, 8), "waits");
  assertEquals(one.call("read", from, one.room(4000), 4000), 4000);
  assertEquals(other.outcome, 8);
  one.call("read", from, one.room(4000), 4000);
  one.call("read", from, one.room(4000), 4000);
  one.call("close", to);
  assertEquals(one.call("read", from, one.room(8), 8), 0);
  assertEquals(one.call("pipe", ends), 0);
  one.call("close", 4);
  assertEquals(one.call("write", 5, one.text("x"), 1), Errno.EPIPE);
  assertEquals(one.call("pipe", NOWHERE), Errno.EFAULT);
});

Deno.test("the console takes what is written, says how large it is, and waits for what is typed", () => {
  const one = alone();
  const size = one.room(8);
  assertEquals(one.call("ioctl", 0, 0x5413, size), 0);
  assertEquals([...one.read(size, 4)], [24, 0, 80, 0]);
  assertEquals(one.call("ioctl", 0, 0x5401, size), Errno.ENOTTY);
  assertEquals(one.call("ioctl", 0, 0x5413, NOWHERE), Errno.EFAULT);
  assertEquals(one.call("ioctl", 9, 0x5413, size), Errno.EBADF);
  assertEquals(one.call("ioctl", opened(one), 0, 0), Errno.ENOSYS);
  const at = one.room(16);
  assertEquals(one.call("read", 0, at, 16), "waits");
  assertEquals(one.machine.wantsInput, true);
  one.machine.feed(new TextEncoder().encode("typed"));
  assertEquals(one.outcome, 5);
  one.machine.endInput();
  assertEquals(one.call("read", 0, at, 16), 0);
});

Deno.test("openat begins in a directory that is open, or in the caller's own", () => {
  const one = alone();
  opened(one);
  assertEquals(one.call("open", one.text("/tmp"), O.RDONLY, 0), 4);
  assertEquals(one.call("openat", 4, one.text("file"), O.RDONLY, 0), 5);
  assertEquals(one.call("openat", -100, one.text("tmp/file"), O.RDONLY, 0), 6);
  assertEquals(one.call("openat", -100, one.text("file"), O.RDONLY, 0), Errno.ENOENT);
  assertEquals(one.call("openat", 99, one.text("file"), O.RDONLY, 0), Errno.EBADF);
  assertEquals(one.call("openat", 4, NOWHERE, O.RDONLY, 0), Errno.EFAULT);
  assertEquals(one.call("openat", 4, one.text(""), O.RDONLY, 0), Errno.EINVAL);
});

Deno.test("stat, lstat and fstat say what kind of file it is, and how long", () => {
  const one = alone();
  const fd = opened(one);
  const at = one.room(128);
  for (const name of ["stat", "lstat"]) {
    assertEquals(one.call(name, one.text("/tmp/file"), at), 0);
    const view = new DataView(one.read(at, 128).buffer);
    assertEquals([view.getUint32(16, true), view.getBigUint64(48, true)], [0o100777, 12n]);
    assertEquals(one.call(name, one.text("/tmp/nothing"), at), Errno.ENOENT);
    assertEquals(one.call(name, NOWHERE, at), Errno.EFAULT);
    assertEquals(one.call(name, one.text("/tmp/file"), NOWHERE), Errno.EFAULT);
  }
  assertEquals(one.call("fstat", fd, at), 0);
  assertEquals(one.call("fstat", 99, at), Errno.EBADF);
  assertEquals(one.call("fstat", fd, NOWHERE), Errno.EFAULT);
  one.call("stat", one.text("/tmp"), at);
  assertEquals(new DataView(one.read(at, 128).buffer).getUint32(16, true), 0o40777);
});

Deno.test("names come and go: mkdir, chdir, rename, unlink and rmdir", () => {
  const one = alone();
  opened(one);
  assertEquals(one.call("mkdir", one.text("/tmp/below"), 0o777), 0);
  assertEquals(one.call("mkdir", one.text("/tmp/below"), 0o777), Errno.EEXIST);
  assertEquals(one.call("mkdir", one.text("/no/where"), 0o777), Errno.ENOENT);
  assertEquals(one.call("chdir", one.text("/tmp/below/.")), 0);
  assertEquals(one.call("chdir", one.text("/tmp/file")), Errno.ENOTDIR);
  assertEquals(one.call("chdir", one.text("nowhere")), Errno.ENOENT);
  const at = one.room(64);
  assertEquals(one.call("getcwd", at, 64), 10);
  assertEquals(one.readText(at, 11), "/tmp/below\0");
  assertEquals(one.call("getcwd", NOWHERE, 64), Errno.EFAULT);
  assertEquals(one.call("rename", one.text("../file"), one.text("moved")), 0);
  assertEquals(one.call("rename", one.text("../file"), one.text("moved")), Errno.ENOENT);
  assertEquals(one.call("access", one.text("moved"), 0), 0);
  assertEquals(one.call("access", one.text("moved"), 1), 0);
  assertEquals(one.call("access", one.text("../file"), 0), Errno.ENOENT);
  assertEquals(one.call("rmdir", one.text("/tmp/below")), Errno.ENOTEMPTY);
  assertEquals(one.call("rmdir", one.text("moved")), Errno.ENOTDIR);
  assertEquals(one.call("unlink", one.text("/tmp/below")), Errno.EISDIR);
  assertEquals(one.call("unlink", one.text("moved")), 0);
  assertEquals(one.call("unlink", one.text("moved")), Errno.ENOENT);
  assertEquals(one.call("rmdir", one.text("/tmp/below")), 0);
  assertEquals(one.call("rmdir", one.text("/")), Errno.EBUSY);
});

Deno.test("a file without a name stays while it is open", () => {
  const one = alone();
  const fd = opened(one);
  const { memory } = one.machine.rtsmart.realm;
  one.call("unlink", one.text("/tmp/file"));
  assertEquals(readAll(one, fd), "twelve bytes");
  const before = memory.freeFrames;
  one.call("close", fd);
  assertEquals(memory.freeFrames, before + 1);
});

Deno.test("getdents gives names as far as there is room, and then the others", () => {
  const one = alone();
  assertEquals(one.call("open", one.text("/dev"), O.RDONLY, 0), 3);
  const at = one.room(256);
  const names: string[] = [];
  for (;;) {
    const count = one.call("getdents", 3, at, 40);
    assert(typeof count === "number" && count >= 0);
    if (count === 0) break;
    names.push(one.readText(at + 19, count - 19).split("\0")[0]!);
  }
  assertEquals(names, ["console", "null", "zero"]);
  assertEquals(one.call("getdents", 0, at, 40), Errno.ENOTDIR);
  assertEquals(one.call("getdents", 99, at, 40), Errno.EBADF);
  assertEquals(one.call("getdents", 3, NOWHERE, 40), Errno.EFAULT);
});

Deno.test("time is told in whole ticks of a millisecond, and the time of day can be set", () => {
  const one = alone();
  const at = one.room(16);
  one.pass(1234.9);
  assertEquals(one.call("tick_get"), 1234);
  assertEquals(one.call("gettimeofday", at, 0), 0);
  assertEquals([one.word(at), one.word(at + 8)], [1, 234_000]);
  assertEquals(one.call("gettimeofday", NOWHERE, 0), Errno.EFAULT);
  assertEquals(one.call("settimeofday", at, 0), 0);
  assertEquals(one.call("clock_gettime", 1, at), 0);
  assertEquals([one.word(at), one.word(at + 8)], [1, 234_000_000]);
  assertEquals(one.call("clock_settime", 0, one.words(1000, 0)), 0);
  assertEquals(one.call("clock_gettime", 0, at), 0);
  assertEquals(one.word(at), 1000);
  assertEquals(one.call("clock_gettime", 77, at), Errno.EINVAL);
  assertEquals(one.call("clock_gettime", 0, NOWHERE), Errno.EFAULT);
  assertEquals(one.call("clock_settime", 1, at), Errno.EINVAL);
  assertEquals(one.call("clock_settime", 0, NOWHERE), Errno.EFAULT);
  assertEquals(one.call("clock_getres", 1, at), 0);
  assertEquals(one.word(at + 8), 1_000_000);
  assertEquals(one.call("clock_getres", 77, at), Errno.EINVAL);
});

Deno.test("sleeping takes as many ticks as the time begins", () => {
  const one = alone();
  const left = one.words(-1, -1);
  assertEquals(one.call("nanosleep", one.words(0, 1_000_001), left), "waits");
  one.pass(1.5);
  assertEquals(one.outcome, "waits");
  one.pass(0.5);
  assertEquals(one.outcome, 0);
  assertEquals([one.word(left), one.word(left + 8)], [0, 0]);
  assertEquals(one.call("nanosleep", one.words(0, 0), 0), 0);
  assertEquals(one.call("nanosleep", one.words(0, 1e9), 0), Errno.EINVAL);
  assertEquals(one.call("nanosleep", NOWHERE, 0), Errno.EFAULT);
  assertEquals(one.call("clock_nanosleep", 1, 1, one.words(0, 5_000_000), 0), "waits");
  one.pass(3);
  assertEquals(one.outcome, 0);
  assertEquals(one.call("clock_nanosleep", 1, 1, one.words(0, 1_000_000), 0), 0);
  assertEquals(one.call("clock_nanosleep", 77, 0, one.words(0, 1), 0), Errno.EINVAL);
  assertEquals(one.call("clock_nanosleep", 1, 0, NOWHERE, 0), Errno.EFAULT);
});

Deno.test("the system says what it is, gives random bytes, and takes what is to be logged", () => {
  const one = alone();
  one.machine.remember();
  const at = one.room(512);
  assertEquals(one.call("uname", at), 0);
  assertEquals(one.readText(at, 10), "RT-Thread\0");
  assertEquals(one.call("uname", NOWHERE), Errno.EFAULT);
  assertEquals(one.call("getrandom", at, 8, 0), 8);
  assert(one.word(at) !== 0);
  assertEquals(one.call("getrandom", NOWHERE, 8, 0), Errno.EFAULT);
  assertEquals(one.call("sys_log", one.text("said"), 4), 0);
  assertEquals(one.call("sys_log", NOWHERE, 4), Errno.EFAULT);
  assertEquals(one.machine.of("debuglog").map(({ text }) => text), ["said"]);
  assertEquals(one.call("prlimit64", 0, 0), Errno.ENOSYS);
  assertEquals(one.number(200), Errno.ENOSYS);
  assertEquals(one.number(0xdeadbeef), Errno.ENOSYS);
  // The number of the call is gone when it is answered.
  assertEquals(one.thread.context.get(17), 0);
});

Deno.test("every call about files, time and the system was answered well, and refused", () => {
  coverage.check([...FILE_CALLS, ...NAME_CALLS, ...TIME_CALLS], ["tick_get", "settimeofday"]);
  coverage.check(SYSTEM_CALLS.filter(({ name }) => name !== "prlimit64"));
});
