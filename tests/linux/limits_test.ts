/**
 * Programs that want more than there is: each is stopped by an error that Linux has for it, and the
 * machine goes on with as much memory as before.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { assemble } from "../../guests/assembler.ts";
import { Semaphores, TASKS_MAX } from "../../kernel/linux/bounds.ts";
import { FileType } from "../../loader/elf.ts";
import { TestLinux } from "../support/linux.ts";
import { encode, tinyElf } from "../support/tiny_elf.ts";

const ENOMEM = 12;
const EAGAIN = 11;
const EMFILE = 24;
const ENOSPC = 28;

/** A program that makes a call until it fails, and ends with the error. */
function untilItFails(prepare: string, extra = ""): Uint8Array {
  return assemble(
    `
    _start: ${extra}
    1:      ${prepare}
            ecall
            bgez a0, 1b
            neg  a0, a0
            li   a7, 94
            ecall
    `,
    { type: FileType.EXEC },
  );
}

/** Run a program to its end, then a good one; answers the code that the first ended with. */
function codeOf(image: Uint8Array): number {
  const machine = new TestLinux({ memoryBytes: 64 << 20 });
  machine.put("/greedy", image);
  machine.put("/good", encode(tinyElf(2)));
  machine.finish("/good");
  const free = () => machine.linux.realm.memory.freeFrames;
  const before = free();
  const { status } = machine.finish("/greedy");
  machine.linux.shutDown();
  assertEquals(machine.finish("/good").status, 42 << 8);
  assert(before - free() < 64, `${before - free()} frames are lost`);
  return status >> 8;
}

Deno.test("a process that forks without end gets EAGAIN, and all it made can be ended", () => {
  const machine = new TestLinux({ memoryBytes: 256 << 20 });
  machine.put("/good", encode(tinyElf(2)));
  // Parent and child go on forking; whoever fails waits.
  machine.put(
    "/bomb",
    assemble(
      `
      _start: li   a7, 220
              li   a0, 17
              li   a1, 0
              ecall
              bgez a0, _start
              li   a7, 133
              la   a0, set
              li   a1, 8
              ecall
              .data
      set:    .dword 0
      `,
      { type: FileType.EXEC },
    ),
  );
  const bomb = machine.start({ path: "/bomb" });
  assert(typeof bomb !== "number");
  machine.run(bomb, machine.kernel.realm.now + 40_000_000);
  assert(machine.linux.tasks.size <= TASKS_MAX, `${machine.linux.tasks.size} tasks`);
  assert(machine.linux.tasks.size > TASKS_MAX / 2, `only ${machine.linux.tasks.size} tasks`);
  machine.linux.shutDown();
  assertEquals(machine.linux.tasks.size, 0);
  assertEquals(machine.finish("/good").status, 42 << 8);
});

Deno.test("a process that maps memory and writes to it without end gets ENOMEM or is killed", () => {
  const grow = untilItFails(
    `li   a7, 222
     li   a0, 0
     li   a1, 1048576
     li   a2, 3
     li   a3, 0x8022
     li   a4, -1
     li   a5, 0`,
  );
  const machine = new TestLinux({ memoryBytes: 64 << 20 });
  machine.put("/greedy", grow);
  machine.put("/good", encode(tinyElf(2)));
  const { status } = machine.finish("/greedy");
  assert(status === ENOMEM << 8 || (status & 0x7f) === 9, `it ends with ${status}`);
  assertEquals(machine.finish("/good").status, 42 << 8);
});

Deno.test("a process that writes to more memory than there is is ended, and that is counted", () => {
  const machine = new TestLinux({ memoryBytes: 16 << 20 });
  const greedy = `
    _start: li   a7, 222
            li   a0, 0
            li   a1, 0x1000000000
            li   a2, 3
            li   a3, 0x4022
            li   a4, -1
            li   a5, 0
            ecall
            li   t0, 4096
    1:      sd   t0, 0(a0)
            add  a0, a0, t0
            j    1b
  `;
  machine.put("/greedy", assemble(greedy, { type: FileType.EXEC }));
  assertEquals(machine.linux.shortages, 0);
  assertEquals(machine.finish("/greedy").status, 9);
  assertEquals(machine.linux.shortages, 1);
});

Deno.test("a process that opens files without end gets EMFILE", () => {
  assertEquals(codeOf(untilItFails("li a7, 23\n li a0, 0")), EMFILE);
});

Deno.test("a process that makes threads without end gets EAGAIN", () => {
  const thread = untilItFails(
    `li   a7, 220
     li   a0, 0x50f00
     mv   a1, sp
     ecall
     bnez a0, 2f
     3: li a7, 124
     ecall
     j 3b
     2: li a7, 172
     bltz a0, 4f
     j 5f
     4: neg a0, a0
     li a7, 94
     5: nop`,
  );
  assertEquals(codeOf(thread), EAGAIN);
});

Deno.test("a process that makes memory by key without end gets ENOSPC or ENOMEM", () => {
  const code = codeOf(untilItFails(
    `li   a7, 194
     li   a0, 0
     li   a1, 4096
     li   a2, 0x380`,
  ));
  assert(code === ENOMEM || code === ENOSPC, `it ends with ${code}`);
});

Deno.test("a process that makes sets of counts without end gets ENOSPC where all have too many", () => {
  const machine = new TestLinux({ memoryBytes: 64 << 20 });
  const image = untilItFails(
    `li   a7, 190
     li   a0, 0
     li   a1, ${Semaphores.IN_SET}
     li   a2, 0x380`,
  );
  machine.put("/greedy", image);
  assertEquals(machine.finish("/greedy").status, ENOSPC << 8);
  const inAll = [...machine.linux.semaphores.all()].reduce((sum, { all }) => sum + all.length, 0);
  assertEquals(inAll, Semaphores.IN_ALL - Semaphores.IN_ALL % Semaphores.IN_SET);
});

/** A program that writes without end to what a call answers. */
function endlessWriter(open: string): Uint8Array {
  return untilItFails(
    `mv   a0, s0
     li   a7, 64
     la   a1, bytes
     li   a2, 65536`,
    `${open}
     mv   s0, a0
     .data
     name: .asciz "endless"
     .balign 8
     bytes: .zero 65536
     .text`,
  );
}

Deno.test("a file that is written without end answers ENOSPC", () => {
  assertEquals(codeOf(endlessWriter("la a0, name\n li a1, 0\n li a7, 279\n ecall")), ENOSPC);
});

Deno.test("output without end stops at what the machine has room for, with ENOSPC", () => {
  const machine = new TestLinux({ memoryBytes: 64 << 20, outputBytes: 1_000_000 });
  machine.put("/talker", endlessWriter("li a0, 1"));
  const { status, output } = machine.finish("/talker");
  assertEquals(status, ENOSPC << 8);
  assertEquals(output.length, 1_000_000);
});
