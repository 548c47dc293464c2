/**
 * Scripts: which first lines name an interpreter, and what it is given.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { errnoName } from "../../kernel/linux/errno.ts";
import { encode, tinyElf } from "../support/tiny_elf.ts";
import { TestLinux } from "../support/linux.ts";

/** The arguments that the interpreter of a script is given, or why the script cannot be executed. */
function argumentsOf(script: string, prepare: (machine: TestLinux) => void = () => {}) {
  const machine = new TestLinux();
  machine.put("/i", encode(tinyElf(2)));
  machine.put("/s", new TextEncoder().encode(script));
  prepare(machine);
  const group = machine.start({ path: "/s", args: ["zero", "one", "two"], directory: "/" });
  if (typeof group === "number") return errnoName(group);
  const { mm, leader } = group;
  const { args, argsEnd } = mm.strings;
  const bytes = mm.memory.bytes(args, argsEnd - args) as Uint8Array;
  const words = new TextDecoder().decode(bytes).split("\0").slice(0, -1);
  return `${leader!.comm}: ${words.join("|")}`;
}

const LINES: Readonly<Record<string, string>> = {
  "#!/i\n": "s: /i|/s|one|two",
  "#!/i": "s: /i|/s|one|two",
  "#! \t/i \t\n": "s: /i|/s|one|two",
  "#!/i -a  -b \n": "s: /i|-a  -b|/s|one|two",
  "#!i\n": "s: i|/s|one|two",
  "#!/i\r\n": "ENOENT",
  "#!\n": "ENOEXEC",
  "#!   \n": "ENOEXEC",
  "# !/i\n": "ENOEXEC",
  "#!": "EACCES",
  "#!/tmp\n": "EACCES",
  "#!/missing\n": "ENOENT",
  [`#!/i ${"x".repeat(300)}\n`]: `s: /i|${"x".repeat(250)}|/s|one|two`,
  [`#!${"/".repeat(252)}i z\n`]: `s: ${"/".repeat(252)}i|/s|one|two`,
  [`#!${"/".repeat(253)}i z\n`]: "ENOEXEC",
  [`#!/${"i".repeat(300)}\n`]: "ENOEXEC",
};

for (const [line, expected] of Object.entries(LINES)) {
  const shown = JSON.stringify(line.length > 40 ? `${line.slice(0, 20)}…` : line);
  Deno.test(`a script that begins with ${shown}: ${expected.slice(0, 40)}`, () => {
    assertEquals(argumentsOf(line), expected);
  });
}

Deno.test("five scripts lead to a program, and six are too many", () => {
  const chain = (length: number) => (machine: TestLinux) => {
    for (let level = 1; level < length; level++) {
      const next = level === length - 1 ? "/i" : `/s${level + 1}`;
      machine.put(`/s${level}`, new TextEncoder().encode(`#!${next}\n`));
    }
  };
  assertEquals(argumentsOf("#!/s1\n", chain(5)), "s: /i|/s4|/s3|/s2|/s1|/s|one|two");
  assertEquals(argumentsOf("#!/s1\n", chain(6)), "ELOOP");
  assertEquals(argumentsOf("#!/s\n"), "ELOOP");
});

Deno.test("binfmt_misc runs what begins so, or is called so", () => {
  const prepare = (machine: TestLinux) => {
    const bytes = new TextEncoder().encode("\0asm");
    machine.misc.register({ name: "wasm", interpreter: "/i", magic: { bytes } });
  };
  assertEquals(argumentsOf("\0asm\x01\0\0\0", prepare), "s: /i|/s|one|two");
  assertEquals(argumentsOf("\0elf", prepare), "ENOEXEC");
});
