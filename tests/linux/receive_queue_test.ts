/**
 * Who waits until there is room in a socket, and what is lost in sockets that end.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { Frames } from "../../cpu/memory/frames.ts";
import { Family, SocketType } from "../../kernel/linux/abi/socket.ts";
import { InFlight } from "../../kernel/linux/fs/in_flight.ts";
import { ReceiveQueue } from "../../kernel/linux/fs/receive_queue.ts";
import { Socket } from "../../kernel/linux/fs/socket.ts";
import { ALONE } from "../../kernel/linux/fs/socket_message.ts";
import { MachineMemory } from "../../kernel/linux/machine_memory.ts";
import { WaitQueue } from "../../kernel/linux/wait_queue.ts";
import { TestLinux } from "../support/linux.ts";

Deno.test("of those who found a socket full, and have gone since, nothing is kept", () => {
  const memory = new MachineMemory(new Frames(1 << 20));
  const full = new ReceiveQueue({ memory, inFlight: new InFlight() });
  let woken = 0;
  const waiting = Array.from({ length: 100 }, () => new WaitQueue());
  for (const queue of waiting) {
    queue.add({ wake: () => woken++ });
    full.hope(queue);
  }
  for (let one = 0; one < 100_000; one++) full.hope(new WaitQueue());
  assert(full.hopeful < 1000, `${full.hopeful} are kept`);
  full.tellOfRoom();
  assertEquals([woken, full.hopeful], [waiting.length, 0]);
});

Deno.test("sockets that lie in each other, however deep, end one after the other", () => {
  const { linux } = new TestLinux({ memoryBytes: 256 << 20 });
  const options = { family: Family.UNIX, type: SocketType.STREAM, flags: 0 };
  const before = linux.memory.files;
  let last: Socket | null = null;
  for (let depth = 0; depth < 10_000; depth++) {
    const [one, other] = [new Socket(linux, options).hold(), new Socket(linux, options).hold()];
    Socket.join(one, other);
    assertEquals(one.send(new Uint8Array(1), { ...ALONE, files: last ? [last] : [] }), 1);
    last?.drop();
    one.drop();
    last = other;
  }
  assertEquals([linux.memory.files - before, linux.inFlight.size], [10_000, 9_999]);
  last!.drop();
  assertEquals([linux.memory.files - before, linux.inFlight.size, linux.memory.held], [0, 0, 0]);
});
