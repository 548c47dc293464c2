/**
 * What lies in pipes and sockets is memory of the machine: there is so much of it and no more, and all
 * of it comes back.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { assemble } from "../../guests/assembler.ts";
import { HELD_SHARE } from "../../kernel/linux/bounds.ts";
import { OpenFlag } from "../../kernel/linux/abi/open.ts";
import { OpenPosixQueue, PosixQueue } from "../../kernel/linux/ipc/posix_queue.ts";
import { FileType } from "../../loader/elf.ts";
import { TestLinux } from "../support/linux.ts";

const MEMORY = 64 << 20;
const ENOMEM = 12;
const ENFILE = 23;
const ENOSPC = 28;
const ENOBUFS = 105;

/** A program that makes pairs of ends, and fills each, until it fails, and ends with the error. */
function filler(make: string, length: number): Uint8Array {
  return assemble(
    `
    _start: ${make}
            ecall
            bltz a0, 3f
            la   t0, ends
            lw   s0, 4(t0)
    1:      mv   a0, s0
            la   a1, bytes
            li   a2, ${length}
            li   a7, 64
            ecall
            bgez a0, 1b
            li   t0, -11
            beq  a0, t0, _start
    3:      neg  a0, a0
            li   a7, 94
            ecall
            .data
            .balign 8
    ends:   .word 0, 0
    bytes:  .zero 65536
    `,
    { type: FileType.EXEC },
  );
}

/** Run such a program; answers what it ended with, and the most that was held. */
function fill(image: Uint8Array, memoryBytes = MEMORY): { code: number; most: number } {
  const machine = new TestLinux({ memoryBytes });
  const { memory } = machine.linux;
  let most = 0;
  const { charge } = memory;
  memory.charge = (bytes) => {
    const isHeld = charge.call(memory, bytes);
    most = Math.max(most, memory.held);
    assert(memory.free <= memoryBytes - memory.held, "what is held is not free");
    return isHeld;
  };
  machine.put("/filler", image);
  const { status } = machine.finish("/filler");
  assertEquals(memory.held, 0, "what is left behind comes back");
  return { code: status >> 8, most };
}

/** Nearly all that there can be was held. */
function assertFull(most: number, memoryBytes = MEMORY): void {
  const all = memoryBytes * HELD_SHARE;
  assert(most <= all && most > all - (1 << 17), `${most} of ${all} were held`);
}

const PIPE = "la a0, ends\n li a1, 0x800\n li a7, 59";

for (const length of [65536, 1000]) {
  Deno.test(`pipes full of ${length} bytes at a time are bounded by the machine's memory`, () => {
    const { code, most } = fill(filler(PIPE, length));
    assert(code === ENOMEM || code === ENFILE, `it ends with ${code}`);
    assertFull(most);
  });
}

for (const [type, length] of [[1, 65536], [1, 1000], [2, 1], [2, 1000], [5, 65536]] as const) {
  const make = `li a0, 1\n li a1, ${type | 0x800}\n li a2, 0\n la a3, ends\n li a7, 199`;
  Deno.test(`sockets of kind ${type} full of ${length} bytes at a time are bounded by it, too`, () => {
    const { code, most } = fill(filler(make, length));
    assert(code === ENOMEM || code === ENOBUFS, `it ends with ${code}`);
    assertFull(most);
  });
}

Deno.test("messages in queues are bounded by it, however short they are", () => {
  const machine = new TestLinux({ memoryBytes: MEMORY });
  const { memory, messageQueues } = machine.linux;
  const sender = `
    _start: li   a0, 0
            li   a1, 0x380
            li   a7, 186
            ecall
            bltz a0, 2f
            mv   s0, a0
    1:      mv   a0, s0
            la   a1, message
            li   a2, 1
            li   a3, 0x800
            li   a7, 189
            ecall
            beqz a0, 1b
            li   t0, -11
            beq  a0, t0, _start
    2:      neg  a0, a0
            li   a7, 94
            ecall
            .data
            .balign 8
    message: .dword 1, 0
  `;
  machine.put("/sender", assemble(sender, { type: FileType.EXEC }));
  assertEquals(machine.finish("/sender").status, ENOMEM << 8);
  assertFull(memory.held);
  for (const queue of [...messageQueues.all()]) queue.removed();
  assertEquals(memory.held, 0, "what was in a queue that is gone comes back");
});

/** A program that has counts waited for in a set, so many times or until it fails. */
function waiter(times: number, after: string): Uint8Array {
  return assemble(
    `
    _start: li   a0, 0
            li   a1, 7
            la   a2, limit
            li   a3, 0
            li   a7, 261
            ecall
            li   a0, 0
            li   a7, 20
            ecall
            mv   s0, a0
            li   a0, 0
            li   a1, 0
            li   a7, 19
            ecall
            mv   s3, a0
            li   s2, ${times}
    1:      ${after === "" ? "mv a0, s3\n li a7, 23" : "li a0, 0\n li a1, 0\n li a7, 19"}
            ecall
            mv   s1, a0
            mv   a0, s0
            li   a1, 1
            mv   a2, s1
            la   a3, event
            li   a7, 21
            ecall
            bltz a0, 2f
            ${after}
            addi s2, s2, -1
            bnez s2, 1b
            li   a0, 0
    2:      neg  a0, a0
            li   a7, 94
            ecall
            .data
            .balign 8
    limit:  .dword 0x100000, 0x100000
    event:  .dword 1, 0
    `,
    { type: FileType.EXEC },
  );
}

Deno.test("what is waited for in sets is bounded by it, but not what is closed", () => {
  const { code, most } = fill(waiter(20_000, ""), MEMORY / 4);
  assertEquals(code, ENOSPC);
  assertFull(most, MEMORY / 4);
  const closing = waiter(20_000, "mv a0, s1\n li a7, 57\n ecall");
  assertEquals(fill(closing, MEMORY / 4).code, 0);
});

Deno.test("files that are open are bounded by the machine's memory, and told of", () => {
  const machine = new TestLinux({ memoryBytes: MEMORY });
  const { memory } = machine.linux;
  const before = memory.files;
  const opener = `
    _start: li   a0, 0
            li   a1, 7
            la   a2, limit
            li   a3, 0
            li   a7, 261
            ecall
    1:      li   a0, 0
            li   a1, 0
            li   a7, 19
            ecall
            bgez a0, 1b
            neg  a0, a0
            li   a7, 94
            ecall
            .data
            .balign 8
    limit:  .dword 0x100000, 0x100000
  `;
  machine.put("/opener", assemble(opener, { type: FileType.EXEC }));
  assertEquals(machine.finish("/opener").status, ENFILE << 8);
  assertEquals(memory.files, before, "all of them are closed");
});

Deno.test("messages with priorities are bounded by it, and lost with the last who has their queue", () => {
  const { linux } = new TestLinux({ memoryBytes: MEMORY / 4 });
  const queue = new PosixQueue(linux.queueNames.fs, { mode: 0o600 }, 65536, 8192);
  const file = new OpenPosixQueue(queue, OpenFlag.RDWR, null).hold();
  const message = { priority: 0, bytes: new Uint8Array(8000) };
  const fillIt = () => {
    let answer = 0;
    // An empty queue tells its first sender's listener, of whom there is none here.
    queue.receivers = 1;
    while (answer === 0) answer = queue.put(null as never, message);
    return answer;
  };
  assertEquals(fillIt(), -ENOMEM);
  assertFull(linux.memory.held, MEMORY / 4);
  while (queue.take() !== null);
  assertEquals(linux.memory.held, 0, "what is received is not held");
  fillIt();
  queue.unlinked();
  assert(linux.memory.held > 0, "who has it open can still receive");
  file.drop();
  assertEquals(linux.memory.held, 0);
});
