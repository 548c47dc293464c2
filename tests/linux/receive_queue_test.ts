/**
 * Who waits until there is room in a socket.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { Frames } from "../../cpu/memory/frames.ts";
import { InFlight } from "../../kernel/linux/fs/in_flight.ts";
import { ReceiveQueue } from "../../kernel/linux/fs/receive_queue.ts";
import { MachineMemory } from "../../kernel/linux/machine_memory.ts";
import { WaitQueue } from "../../kernel/linux/wait_queue.ts";

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
