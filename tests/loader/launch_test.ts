import { assertEquals, assertStringIncludes } from "@std/assert";
import { Machine } from "../../lab/mod.ts";
import { zirconProgram } from "../../guests/zircon_program.ts";
import { zirconVdso } from "../../lab/machine/vdso.ts";

Deno.test("a program is launched over channels, and userboot ends with its exit code", () => {
  const codes: number[] = [];
  const machine = new Machine();
  machine.listen((event) => event.kind === "process-exit" && codes.push(event.code));
  const files = {
    "bin/program": zirconProgram("_start: li a0, 42\n call zx_process_exit", zirconVdso()),
  };
  machine.boot({ files, args: ["bin/program"] });
  machine.run();
  assertEquals(codes, [42, 42, 0, 0]);
});

Deno.test("a program that is not there is refused with its name, and nothing is left", () => {
  let printed = "";
  const machine = new Machine({ print: (text) => printed += text });
  machine.boot({ files: {}, args: ["bin/nothing"] });
  machine.run();
  assertStringIncludes(printed, "bin/nothing");
});

Deno.test("the same seed gives the same addresses, another seed others", () => {
  const places = (seed: number) => {
    const found: number[] = [];
    const machine = new Machine({ seed });
    machine.listen((event) => event.kind === "map" && found.push(event.address));
    const files = {
      "bin/program": zirconProgram("_start: li a0, 0\n call zx_process_exit", zirconVdso()),
    };
    machine.boot({ files, args: ["bin/program"] });
    machine.run();
    return found.join();
  };
  assertEquals(places(1), places(1));
  assertEquals(places(1) === places(2), false);
});
