/**
 * Calls about memory and shared memory, and about channels.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { CHANNEL_CALLS } from "../../kernel/rtsmart/calls/channels.ts";
import { MEMORY_CALLS } from "../../kernel/rtsmart/calls/memory.ts";
import { Errno, RtError } from "../../kernel/rtsmart/error.ts";
import { CallCoverage, Caller } from "../support/rtsmart_caller.ts";

const NOWHERE = 16;
const FOREVER = -1;
const CREAT = 0o100;
const EXCL = 0o200;
const PAGE = 4096;
const FIXED = 0x10;
const ANONYMOUS = 0x20;
const PRIVATE = 2;
const SHARED = 1;
const coverage = new CallCoverage();
const alone = (options = {}) => Caller.alone(options, coverage);

function frames(one: Caller): number {
  return one.machine.rtsmart.realm.memory.freeFrames;
}

Deno.test("brk of nothing gives a page and its end, and every page has its frame at once", () => {
  const one = alone();
  const { heap } = one.machine.rtsmart.layout;
  const before = frames(one);
  assertEquals(one.call("brk", 0), heap + PAGE);
  assertEquals(before - frames(one), 1);
  assertEquals(one.call("brk", heap + 3 * PAGE + 1), heap + 4 * PAGE);
  assertEquals(before - frames(one), 4);
  // There is no way back.
  assertEquals(one.call("brk", heap + PAGE), heap + 4 * PAGE);
  assertEquals(before - frames(one), 4);
  assertEquals(one.call("brk", heap), -1);
  assertEquals(one.call("brk", one.machine.rtsmart.layout.heapEnd + PAGE), -1);
  // More than there is: nothing of it stays.
  assertEquals(one.call("brk", heap + 0x1000_0000), -1);
  assertEquals(before - frames(one), 4);
});

Deno.test("where the arguments are at the heap's beginning brk comes behind them", () => {
  const one = alone({ generation: "A" });
  const { heap, stackEnd } = one.machine.rtsmart.layout;
  assertEquals(heap, stackEnd);
  assertEquals(one.call("brk", 0), heap + 2 * PAGE);
});

Deno.test("mmap2 gives zeros that cost nothing until they are written, whatever protection is asked", () => {
  const one = alone();
  const before = frames(one);
  const at = one.call("mmap2", 0, 3 * PAGE, 0, PRIVATE | ANONYMOUS, -1, 0);
  assert(typeof at === "number" && at > 0);
  assertEquals(one.word(at), 0);
  assertEquals(before - frames(one), 0);
  assertEquals(one.lwp.memory.writeU32(at + PAGE, 1), 0);
  assertEquals(before - frames(one), 1);
  assertEquals(one.call("munmap", at, 3 * PAGE), 0);
  assertEquals(before - frames(one), 0);
  assertEquals(typeof one.lwp.memory.bytes(at, 1), "number");
  assertEquals(one.call("munmap", at, 0), Errno.EINVAL);
  assertEquals(one.call("munmap", at + 1, PAGE), Errno.EINVAL);
  assertEquals(one.call("munmap", NOWHERE * PAGE, PAGE), Errno.EINVAL);
});

Deno.test("mmap2 goes where it is told if there is room, and elsewhere if it need not be there", () => {
  const one = alone();
  const wanted = 0x2_5000_0000;
  const map = (address: number, flags: number, length = PAGE) =>
    one.call("mmap2", address, length, 3, flags, -1, 0);
  assertEquals(map(wanted, PRIVATE), wanted);
  assertEquals(map(wanted, PRIVATE), wanted + PAGE);
  assertEquals(map(wanted, PRIVATE | FIXED), wanted);
  assertEquals(map(wanted + 5, PRIVATE | FIXED), Errno.EINVAL);
  // Within a page it is as good as the page.
  assertEquals(map(wanted + 0x100_0000 + 5, PRIVATE), wanted + 0x100_0000 + 5);
  assertEquals(map(0, PRIVATE, 0), Errno.EINVAL);
  assertEquals(map(0x1000, PRIVATE | FIXED), Errno.EINVAL);
  assertEquals(map(0, PRIVATE, 2 ** 40), Errno.ENOMEM);
  assertEquals(one.call("mremap", wanted, PAGE), -1);
  assertEquals(one.call("madvise", wanted, PAGE, 0), Errno.ENOSYS);
});

Deno.test("mmap2 refuses zeros where less than a megabyte is free", () => {
  const one = alone({ memoryBytes: 4 << 20 });
  const { heap } = one.machine.rtsmart.layout;
  const map = () => one.call("mmap2", 0, PAGE, 3, PRIVATE | ANONYMOUS, -1, 0);
  assert(map() as number > 0);
  for (let times = 0; times < 64 && frames(one) * PAGE >= 1 << 20; times++) {
    one.call("brk", (one.call("brk", 0) as number) + 16 * PAGE);
  }
  assert(frames(one) > 0 && one.lwp.image.endHeap > heap);
  assertEquals(map(), Errno.ENOMEM);
});

Deno.test("mmap2 shows a file's pages, copied by the first write", () => {
  const one = alone();
  const bytes = new Uint8Array(2 * PAGE).fill(1, 0, PAGE).fill(2, PAGE);
  const file = one.machine.put("/tmp/file", bytes);
  assertEquals(one.call("open", one.text("/tmp/file"), 2, 0), 3);
  const at = one.call("mmap2", 0, 2 * PAGE, 1, PRIVATE, 3, 1) as number;
  assertEquals([...one.read(at, 2)], [2, 2]);
  file.writeAt(PAGE, Uint8Array.of(7));
  assertEquals(one.read(at, 1)[0], 7);
  one.lwp.memory.write(at, Uint8Array.of(9));
  assertEquals([file.readAt(PAGE, 1)[0], one.read(at, 2)[1]], [7, 2]);
  // Behind the file's end there are zeros.
  assertEquals(one.read(at + PAGE, 1)[0], 0);
  const shared = one.call("mmap2", 0, 2 * PAGE, 1, SHARED, 3, 1) as number;
  one.lwp.memory.write(shared, Uint8Array.of(8));
  assertEquals(file.readAt(PAGE, 1)[0], 8);
  assertEquals(typeof one.lwp.memory.bytes(shared + PAGE, 1), "number");
  assertEquals(one.call("mmap2", 0, PAGE, 1, SHARED, 99, 0), Errno.EBADF);
  assertEquals(one.call("mmap2", 0, PAGE, 1, SHARED, 0, 0), Errno.EINVAL);
});

Deno.test("without a page cache no file is mapped, and the later loader loads nothing", () => {
  const first = alone({ generation: "A", hasPageCache: false });
  first.machine.put("/tmp/file", new Uint8Array(PAGE));
  assertEquals(first.call("open", first.text("/tmp/file"), 2, 0), 3);
  assertEquals(first.call("mmap2", 0, PAGE, 1, PRIVATE, 3, 0), Errno.EPERM);
  const lwp = first.machine.start({ path: "/bin/caller" });
  assert(typeof lwp !== "number");
});

Deno.test("shared memory is two to some power of pages, found by a key whatever size is asked", () => {
  const one = alone();
  const before = frames(one);
  assertEquals(one.call("shmget", 5, PAGE, 0), -1);
  assertEquals(one.call("shmget", 5, 3 * PAGE, 1), 0);
  assertEquals(before - frames(one), 4);
  assertEquals(one.call("shmget", 5, 1, 0), 0);
  assertEquals(one.call("shmget", 6, 1, 1), 1);
  assertEquals(one.call("shmget", 7, 0, 1), -1);
  assertEquals(one.call("shmget", 7, 5 << 20, 1), -1);
  const at = one.call("shmat", 0, 0) as number;
  assertEquals(one.lwp.aspace.at(at)!.end - at, 4 * PAGE);
  assertEquals(one.call("shmat", 0, 0x2_5000_0000), 0x2_5000_0000);
  assertEquals(one.call("shmat", 0, 5), 0);
  assertEquals(one.call("shmat", 9, 0), 0);
  one.lwp.memory.writeU64(at, 77);
  assertEquals(one.word(0x2_5000_0000), 77);
  assertEquals(one.call("shmrm", 0), 0);
  assertEquals(one.call("shmget", 5, 1, 0), 0);
  assertEquals(one.call("shmdt", at), 0);
  assertEquals(one.call("shmdt", at), -1);
  assertEquals(one.call("shmdt", one.lwp.image.args), -1);
  assertEquals(one.call("shmdt", 0x2_5000_0000), 0);
  assertEquals(one.call("shmrm", 0), 0);
  assertEquals(one.call("shmrm", 0), -1);
  assertEquals(one.call("shmget", 5, 1, 0), -1);
  one.call("shmrm", 1);
  assertEquals(frames(one), before);
});

Deno.test("there are 64 pieces of shared memory", () => {
  const one = alone();
  for (let key = 0; key < 64; key++) assertEquals(one.call("shmget", key, 1, 1), key);
  assertEquals(one.call("shmget", 64, 1, 1), -1);
});

/** A message in a program's memory: a kind and two words. */
function message(one: Caller, type: number, first: number, second = 0): number {
  return one.words(0, type, first, second);
}

Deno.test("a channel is opened by a name that everybody knows", () => {
  const one = alone();
  const name = one.text("service");
  assertEquals(one.call("channel_open", name, 0), -1);
  assertEquals(one.call("channel_open", name, CREAT), 3);
  const other = new Caller(one.machine, coverage);
  assertEquals(other.call("channel_open", other.text("service"), 0), 3);
  assertEquals(other.call("channel_open", other.text("service"), CREAT | EXCL), -1);
  assertEquals(one.call("channel_open", NOWHERE, 0), Errno.EFAULT);
  assertEquals(one.call("channel_close", 3), 0);
  assertEquals(one.call("channel_close", 3), RtError.EIO);
  assertEquals(one.call("channel_close", 0), RtError.EIO);
  assertEquals(one.call("read", 0, NOWHERE, 8), Errno.EFAULT);
  assertEquals(one.machine.rtsmart.channels.size, 1);
  assertEquals(other.call("close", 3), 0);
  assertEquals(one.machine.rtsmart.channels.size, 0);
});

Deno.test("messages that nobody answers wait in order, and tell the kernel's address of their sender", () => {
  const one = alone();
  one.call("channel_open", one.text("c"), CREAT);
  const at = one.room(32);
  assertEquals(one.call("channel_recv_timeout", 3, at, 0), RtError.ETIMEOUT);
  assertEquals(one.call("channel_send", 3, message(one, 0, 11)), 0);
  assertEquals(one.call("channel_send", 3, message(one, 1, 22, 5)), 0);
  assertEquals(one.call("channel_recv_timeout", 3, at, 0), 0);
  assertEquals([one.word(at), one.word(at + 16)], [one.thread.address, 11]);
  assertEquals(one.call("channel_recv_timeout", 3, at, FOREVER), 0);
  assertEquals([one.word(at + 8), one.word(at + 16), one.word(at + 24)], [1, 22, 5]);
  assertEquals(one.call("channel_recv_timeout", 3, at, 4), "waits");
  one.pass(4);
  assertEquals(one.outcome, RtError.ETIMEOUT);
  assertEquals(one.call("channel_send", 3, NOWHERE), Errno.EFAULT);
  assertEquals(one.call("channel_send", 9, at), RtError.EIO);
  assertEquals(one.call("channel_recv_timeout", 9, at, 0), RtError.EIO);
});

Deno.test("a message that wants an answer holds the channel until it has one", () => {
  const one = alone();
  one.call("channel_open", one.text("c"), CREAT);
  const asker = one.another();
  const reply = asker.room(32);
  assertEquals(
    asker.call("channel_send_recv_timeout", 3, message(asker, 0, 5), reply, FOREVER),
    "waits",
  );
  const at = one.room(32);
  assertEquals(one.call("channel_reply", 3, at), RtError.ERROR);
  assertEquals(one.call("channel_recv_timeout", 3, at, 0), 0);
  assertEquals(one.call("channel_recv_timeout", 3, at, 0), RtError.ERROR);
  assertEquals(one.call("channel_reply", 3, NOWHERE), Errno.EFAULT);
  assertEquals(one.call("channel_reply", 9, at), RtError.EIO);
  assertEquals(one.call("channel_reply", 3, message(one, 0, 6)), 0);
  assertEquals(asker.outcome, 0);
  assertEquals([asker.word(reply), asker.word(reply + 16)], [one.thread.address, 6]);
  assertEquals(one.call("channel_reply", 3, at), RtError.ERROR);
  assertEquals(one.call("channel_recv_timeout", 3, at, 0), RtError.ETIMEOUT);
  assertEquals(one.machine.rtsmart.channels.messages, 0);
});

Deno.test("whoever waits first for a message gets it, and only one may wait", () => {
  const one = alone();
  one.call("channel_open", one.text("c"), CREAT);
  const [server, other] = [one.another(), one.another()];
  const at = server.room(32);
  assertEquals(server.call("channel_recv_timeout", 3, at, FOREVER), "waits");
  assertEquals(other.call("channel_recv_timeout", 3, other.room(32), FOREVER), RtError.ERROR);
  assertEquals(one.call("channel_send", 3, message(one, 0, 1)), 0);
  assertEquals(server.outcome, 0);
  assertEquals(server.word(at + 16), 1);
});

Deno.test("a sender that waits no longer takes its message with it", () => {
  const one = alone();
  one.call("channel_open", one.text("c"), CREAT);
  const asker = one.another();
  const ask = () =>
    asker.call("channel_send_recv_timeout", 3, message(asker, 0, 5), asker.room(32), 3);
  const at = one.room(32);
  ask();
  one.pass(3);
  assertEquals(asker.outcome, RtError.ETIMEOUT);
  assertEquals(one.call("channel_recv_timeout", 3, at, 0), RtError.ETIMEOUT);
  ask();
  assertEquals(one.call("channel_recv_timeout", 3, at, 0), 0);
  one.pass(3);
  assertEquals(asker.outcome, RtError.ETIMEOUT);
  assertEquals(one.call("channel_reply", 3, at), RtError.ERROR);
  assertEquals(one.call("channel_recv_timeout", 3, at, 0), RtError.ETIMEOUT);
  assertEquals(asker.call("channel_send_recv_timeout", 9, at, at, 0), RtError.EIO);
  assertEquals(one.machine.rtsmart.channels.messages, 0);
});

Deno.test("a file goes over a channel as a descriptor of the receiver's own", () => {
  const one = alone();
  const other = new Caller(one.machine, coverage);
  one.machine.put("/tmp/file", new TextEncoder().encode("handed over"));
  one.call("channel_open", one.text("c"), CREAT);
  other.call("channel_open", other.text("c"), 0);
  assertEquals(other.call("open", other.text("/tmp/file"), 0, 0), 4);
  assertEquals(other.call("channel_send", 3, message(other, 2, 0, 4)), 0);
  other.call("close", 4);
  const at = one.room(32);
  assertEquals(one.call("channel_recv_timeout", 3, at, 0), 0);
  const fd = one.word(at + 24) % 2 ** 32;
  assertEquals(one.call("read", fd, at, 32), 11);
  assertEquals(one.readText(at, 11), "handed over");
});

Deno.test("when the last descriptor of a channel goes, whoever waits is told, and messages are lost", () => {
  const one = alone();
  one.call("channel_open", one.text("c"), CREAT);
  const [asker, sender] = [one.another(), one.another()];
  assertEquals(sender.call("channel_send", 3, message(sender, 0, 1)), 0);
  asker.call("channel_send_recv_timeout", 3, message(asker, 0, 5), asker.room(32), FOREVER);
  one.call("channel_close", 3);
  assertEquals(asker.outcome, RtError.ERROR);
  assertEquals(one.machine.rtsmart.channels.messages, 0);
  one.call("channel_open", one.text("c"), CREAT);
  assertEquals(asker.call("channel_recv_timeout", 3, asker.room(32), FOREVER), "waits");
  one.call("channel_close", 3);
  assertEquals(asker.outcome, RtError.ERROR);
});

Deno.test("there are 1024 messages, in all channels", () => {
  const one = alone();
  one.call("channel_open", one.text("c"), CREAT);
  const sent = message(one, 0, 1);
  for (let count = 0; count < 1024; count++) assertEquals(one.call("channel_send", 3, sent), 0);
  assertEquals(one.call("channel_send", 3, sent), RtError.ENOMEM);
  assertEquals(one.call("channel_send_recv_timeout", 3, sent, sent, FOREVER), RtError.ENOMEM);
});

Deno.test("every call about memory and channels was answered well, and refused", () => {
  const refusing = ["mremap", "madvise"];
  coverage.check(MEMORY_CALLS.filter(({ name }) => !refusing.includes(name)));
  coverage.check(CHANNEL_CALLS);
});
