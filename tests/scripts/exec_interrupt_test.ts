/**
 * Ctrl-C on the host reaches the Linux program that `deno task exec` runs, as a signal.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { assemble } from "../../guests/assembler.ts";
import { FileType } from "../../loader/elf.ts";

const ROOT = fromFileUrl(new URL("../..", import.meta.url));

/** Says that it has begun, after `first`, and then does `rest` for ever. */
function program(first: string, rest: string): Uint8Array {
  return assemble(
    `
    _start: ${first}
            li   a0, 1
            la   a1, text
            li   a2, 6
            li   a7, 64
            ecall
    1:      ${rest}
            j    1b
    note:   li   a0, 9
            li   a7, 94
            ecall
            .data
    text:   .ascii "begun\\n"
            .balign 8
    action: .dword note, 0, 0
    byte:   .dword 0
    `,
    { type: FileType.EXEC },
  );
}

const HANDLES = `li a0, 2
  la a1, action
  li a2, 0
  li a3, 8
  li a7, 134
  ecall`;
const READS = `li a0, 0
  la a1, byte
  li a2, 1
  li a7, 63
  ecall`;

/** Counts how often Ctrl-C is pressed, and ends with that number when nobody types any more. */
const COUNTER = assemble(
  `
  _start: ${HANDLES}
          li   a0, 1
          la   a1, text
          li   a2, 6
          li   a7, 64
          ecall
  1:      ${READS}
          bnez a0, 1b
          la   t0, count
          ld   a0, 0(t0)
          li   a7, 94
          ecall
  note:   la   t0, count
          ld   t1, 0(t0)
          addi t1, t1, 1
          sd   t1, 0(t0)
          ret
          .data
  text:   .ascii "begun\\n"
          .balign 8
  action: .dword note, 0, 0
  byte:   .dword 0
  count:  .dword 0
  `,
  { type: FileType.EXEC },
);

/** Start a program, send the command a signal once it has begun; answers how it ended. */
async function interrupted(
  image: Uint8Array,
  signal: Deno.Signal = "SIGINT",
  then: (child: Deno.ChildProcess) => void = () => {},
): Promise<number> {
  const folder = await Deno.makeTempDir({ dir: "/tmp" });
  try {
    await Deno.writeFile(`${folder}/program`, image);
    const child = new Deno.Command("deno", {
      args: ["run", "--allow-read", "scripts/exec.ts", "--model=linux", `${folder}/program`],
      cwd: ROOT,
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    let out = "";
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      if (!out.includes("begun\n") && (out + text).includes("begun\n")) {
        child.kill(signal);
        then(child);
      }
      out += text;
    }
    const { code } = await child.status;
    await child.stdin.close().catch(() => {});
    return code;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

for (const [where, rest] of [["goes round", "nop"], ["waits for input", READS]] as const) {
  Deno.test(`Ctrl-C ends a program that ${where}, with 128 and its number`, async () => {
    assertEquals(await interrupted(program("", rest)), 130);
  });

  Deno.test(`a program that ${where} can handle Ctrl-C`, async () => {
    assertEquals(await interrupted(program(HANDLES, rest)), 9);
  });
}

Deno.test("a Ctrl-C that somebody passes on who got it too is one, and another one is another", async () => {
  const code = await interrupted(COUNTER, "SIGINT", (child) => {
    // So soon that nothing else happens between, and not so soon that the host makes them one.
    for (const until = performance.now() + 8; performance.now() < until;);
    child.kill("SIGINT");
    setTimeout(() => child.kill("SIGINT"), 400);
    setTimeout(() => void child.stdin.close().catch(() => {}), 800);
  });
  assertEquals(code, 2);
});

for (const [signal, number] of [["SIGQUIT", 3], ["SIGTERM", 15], ["SIGHUP", 1]] as const) {
  Deno.test(`${signal} is the program's, and ends it with 128 and its number`, async () => {
    assertEquals(await interrupted(program("", READS), signal), 128 + number);
  });
}
