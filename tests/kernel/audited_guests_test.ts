/**
 * Real programs, from the boot of user space to their end, keep every law of the kernel's books.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { Machine } from "../../lab/machine/machine.ts";
import { isRefusal } from "../../loader/zircon/refusal.ts";
import { guestFiles } from "../../scripts/guest_files.ts";
import { Audit } from "../support/audit.ts";

const GUESTS: readonly (readonly string[])[] = [
  ["bin/hello", "Ada"],
  ["bin/hello_dynamic"],
  ["bin/thread_storm"],
  ["bin/fault"],
  ["bin/wx_probe"],
  ["bin/pager_client"],
  ["bin/spawner"],
];

Deno.test("programs that are booted, launched and ended keep every law after each of their calls", () => {
  const machine = new Machine({ memoryBytes: 64 << 20 });
  const audit = new Audit(machine.kernel, { known: [machine.vdso], sweepEvery: 100 });
  try {
    machine.open(guestFiles());
    for (const args of GUESTS) {
      const program = machine.launch({ args });
      assert(!isRefusal(program), `${args[0]} is launched`);
      machine.run({ until: machine.kernel.realm.now + 1e9 });
      program[Symbol.dispose]();
    }
    audit.end();
    assertEquals(audit.calls >= machine.kernel.system.syscalls, true);
    assertEquals(audit.calls > 500, true, `${audit.calls} calls`);
  } finally {
    audit.leave();
  }
});
