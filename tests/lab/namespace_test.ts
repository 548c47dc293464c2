/**
 * Namespaces: what a program can call by a path, in generators and in machine code.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { scenario, type World, zirconProgram, zirconVdso, zx } from "@zandbox/zandbox";

Deno.test("a program reaches what its namespace has, under that path and with those rights", async () => {
  const reader = scenario("reader", (world) => {
    const [notes, secret] = [world.vmo("notes", "milk"), world.vmo("secret", "S3CRET")];
    const bell = world.event("bell");
    world.program("reader", [bell], function* (bell, namespace) {
      yield* zx.vmoRead({ handle: namespace["/data/notes"]!, offset: 0, bufferSize: 4 });
      yield* zx.vmoWrite({
        handle: namespace["/data/notes"]!,
        offset: 0,
        buffer: new Uint8Array(1),
      });
      yield* zx.vmoRead({ handle: namespace["/secret"] ?? 0, offset: 0, bufferSize: 4 });
      yield* zx.objectSignal({ handle: bell, set: 1 << 24 });
    }, { namespace: { "/data/notes": notes.only("READ") } });
    world.sometimes("it reads", (view) => view.used("reader", notes, "READ"));
    world.never("it writes", (view) => view.used("reader", notes, "WRITE"));
    world.never("it reads the secret", (view) => view.used("reader", secret, "READ"));
    world.sometimes("it goes on", (view) => (view.signals(bell) & 1 << 24) !== 0);
  });
  const report = await reader.explore();
  assertEquals(report.verdict, "holds", `${report}`);
  const story = reader.run().facts.story.join("\n");
  assertMatch(story, /vmoWrite\(notes, .*ACCESS_DENIED[^]*vmoRead\(.*BAD_HANDLE/);
  const held = [...reader.authority().held].map(({ object }) => object);
  assertEquals([...new Set(held)].sort(), ["bell", "notes"]);
});

/** Reads its first message, and ends with how many names it has, times 100, and what they begin with. */
const NAMES = zirconProgram(
  `_start:
     li   a1, 0
     la   a2, message
     la   a3, handles
     mv   s0, a2
     li   a4, 256
     li   a5, 16
     li   a6, 0
     li   a7, 0
     call zx_channel_read
     lw   t0, 28(s0)           # where the names are
     lw   t1, 32(s0)           # how many there are
     add  t0, t0, s0
     lbu  t0, 1(t0)            # what is behind the first slash
     li   t2, 1000
     mul  t1, t1, t2
     add  a0, t0, t1
     call zx_process_exit
     .bss
     .balign 8
   message: .zero 256
   handles: .zero 64`,
  zirconVdso(),
);

Deno.test("machine code finds the paths of its namespace in its bootstrap message", async () => {
  const codes: (number | undefined)[] = [];
  const guest = scenario("guest", (world) => {
    const [data, log] = [world.vmo("data"), world.event("log")];
    world.elf("guest", NAMES, [], { namespace: { "/data": data, "/svc/log": log } });
    world.eventually("it ends", (view) => {
      codes.push(view.exitCode("guest"));
      return !view.alive("guest");
    });
  });
  const report = await guest.explore();
  assertEquals(report.verdict, "holds", `${report}`);
  assertEquals(new Set(codes), new Set([2000 + "d".charCodeAt(0)]));
});

const ODD: Readonly<Record<string, (world: World) => Readonly<Record<string, never>>>> = {
  "data": (world) => ({ "data": world.event("bell") as never }),
  "/": (world) => ({ "/": world.event("bell") as never }),
  "/data/": (world) => ({ "/data/": world.event("bell") as never }),
  "/data/../secret": (world) => ({ "/data/../secret": world.event("bell") as never }),
  "/none": () => ({ "/none": undefined as never }),
};

for (const [path, namespace] of Object.entries(ODD)) {
  Deno.test(`a namespace cannot have ${path}, and why is told with the line`, () => {
    const odd = scenario("odd", (world) => {
      world.program("p", [], function* () {}, { namespace: namespace(world) });
    });
    const report = odd.run();
    assertEquals(report.exitCode, 2);
    assertMatch(`${report}`, /(is no path such as|and no handle) .*\(namespace_test\.ts:\d+\)/);
  });
}
