/**
 * The address space of a process is made when somebody first asks for it; nobody can tell.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { Status } from "../../kernel/abi.ts";
import { zx } from "../../kernel/client.ts";
import { ScriptKernel } from "../support/scripts.ts";

/** What becomes of a machine with one process, whose memory is looked at at some time, or never. */
function lifeWith(look: "first" | "running" | "never", listening: "always" | "late" | "never") {
  const machine = new ScriptKernel();
  const { realm, rootJob } = machine.kernel;
  const census = [JSON.stringify(realm.census())];
  const events: string[] = [];
  const listen = () => realm.log.listen((event) => events.push(JSON.stringify(event)));
  if (listening === "always") listen();
  const koids: number[] = [];
  const process = machine.spawn("one", function* (process) {
    if (look === "running") process.space.touch(0, 1);
    const { out } = (yield* zx.eventCreate({})) as { out: number };
    koids.push(process.handleTable.get(out)!.object.koid);
    census.push(JSON.stringify(realm.census()));
    yield* zx.nanosleep({ deadline: 1 });
  });
  if (look === "first") process.memory.write(0, new Uint8Array(1));
  census.push(JSON.stringify(realm.census()));
  if (listening === "late") listen();
  machine.run();
  census.push(JSON.stringify(realm.census()));
  assertEquals(rootJob.processes.size, 0);
  koids.push(process.space.root.koid);
  return { koids, census, events };
}

Deno.test("when the memory of a process is first looked at changes no identity, count or event", () => {
  for (const listening of ["always", "late", "never"] as const) {
    const [never, ...others] = (["never", "first", "running"] as const).map((look) =>
      lifeWith(look, listening)
    );
    assertEquals(others, [never, never] as typeof others, listening);
    assertEquals(never!.census[0], never!.census.at(-1), "nothing is left");
  }
});

Deno.test("a process that has ended shows no memory, whether anybody looked at it before or not", () => {
  const machine = new ScriptKernel();
  const { realm } = machine.kernel;
  const before = JSON.stringify(realm.census());
  const [one, other] = ["one", "other"].map((name) =>
    machine.spawn(name, function* () {
      yield* zx.nanosleep({});
    })
  );
  assertEquals(one!.space.root.alive, true);
  machine.run();
  one!.kill();
  other!.kill();
  const events: string[] = [];
  realm.log.listen(({ kind }) => events.push(kind));
  for (const process of [one!, other!]) {
    assertEquals([process.space.root.alive, process.space.root.dead], [false, true]);
    assertEquals(process.memory.read(4096, new Uint8Array(1)), Status.NOT_FOUND);
    assertEquals(process.view, process.space);
  }
  assertEquals(events, []);
  assertEquals(JSON.stringify(realm.census()), before);
});
