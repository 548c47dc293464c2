/**
 * `deno task exec --model=linux`: folders of the host, input, output, exit codes, and what is said
 * where something is wrong.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { assemble } from "../../guests/assembler.ts";
import { FileType } from "../../loader/elf.ts";
import { denoTask } from "../support/command_line.ts";

/** Copies the file that is named first to descriptor 1, writes to that file, ends with 7. */
const COPIER = assemble(
  `
  _start: ld   a1, 16(sp)
          li   a0, -100
          li   a2, 2
          li   a7, 56
          ecall
          bltz a0, 1f
          mv   s0, a0
          la   a1, bytes
          li   a2, 64
          li   a7, 63
          ecall
          mv   a2, a0
          li   a0, 1
          la   a1, bytes
          li   a7, 64
          ecall
          mv   a0, s0
          ecall
          li   a0, 7
          li   a7, 94
          ecall
  1:      neg  a0, a0
          li   a7, 94
          ecall
          .data
  bytes:  .zero 64
  `,
  { type: FileType.EXEC },
);

/** Run something in a folder that has a program and a note. */
async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = Deno.makeTempDirSync();
  try {
    Deno.mkdirSync(`${folder}/shown`);
    Deno.writeFileSync(`${folder}/copier`, COPIER);
    Deno.writeTextFileSync(`${folder}/shown/note`, "from the host\n");
    await use(folder);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

const run = (...words: string[]) => denoTask("exec", "--model=linux", ...words);

/** Have the host's shell do something; answers what it printed and how it ended. */
function shell(text: string): { readonly code: number; readonly out: string } {
  const { code, stdout } = new Deno.Command("env", { args: ["sh", "-c", text] }).outputSync();
  return { code, out: new TextDecoder().decode(stdout) };
}

Deno.test("a folder that is bound is seen at its path, and stays as it was", () =>
  inFolder(async (folder) => {
    const bind = `--bind=${folder}/shown:/mnt/host`;
    const { code, out } = await run(bind, `${folder}/copier`, "/mnt/host/note");
    assertEquals({ code, out }, { code: 7, out: "from the host\n" });
    assertEquals(Deno.readTextFileSync(`${folder}/shown/note`), "from the host\n");
  }));

Deno.test("without it there is no such file", () =>
  inFolder(async (folder) => {
    assertEquals((await run(`${folder}/copier`, "/mnt/host/note")).code, 2);
  }));

/** Prints what the program that is started is named by, its own path, and ends with 0. */
const NAMED = assemble(
  `
  _start: ld   a1, 8(sp)
          li   a0, 1
          li   a2, 5
          li   a7, 64
          ecall
          li   a0, -100
          la   a1, own
          la   a2, bytes
          li   a3, 64
          li   a7, 78
          ecall
          mv   a2, a0
          li   a0, 1
          la   a1, bytes
          li   a7, 64
          ecall
          li   a0, 0
          li   a7, 94
          ecall
          .data
  own:    .asciz "/proc/self/exe"
  bytes:  .zero 64
  `,
  { type: FileType.EXEC },
);

Deno.test("a program below the root goes by its path there, through links that lead nowhere else", () =>
  inFolder(async (folder) => {
    for (const name of ["bin", "usr", "usr/lib", "etc"]) Deno.mkdirSync(`${folder}/${name}`);
    Deno.writeFileSync(`${folder}/usr/lib/named`, NAMED, { mode: 0o755 });
    Deno.writeFileSync(`${folder}/bin/unmarked`, NAMED, { mode: 0o644 });
    shell(`cd ${folder} && ln -s /etc/named bin/which && ln -s ../../usr/lib/named etc/named`);
    shell(`cd ${folder} && ln -s loop bin/loop`);
    const said: string[] = [];
    for (
      const name of [
        "/bin/which",
        "which",
        "/usr/lib/named",
        "/bin/loop",
        "loop",
        "/bin",
        "unmarked",
      ]
    ) {
      const { code, out, err } = await run(`--root=${folder}`, name);
      said.push(`${code}: ${(out + err).replaceAll(folder, "ROOT")}`);
    }
    assertEquals(said, [
      "0: which/usr/lib/named",
      "0: which/usr/lib/named",
      "0: named/usr/lib/named",
      "2: there is no file /bin/loop, neither here nor below ROOT\n",
      "2: there is no file loop, neither here nor below ROOT\n",
      "2: /bin is a folder, not a program\n",
      "1: unmarked cannot be executed: EACCES; chmod +x makes a file one that may be\n",
    ]);
  }));

Deno.test("a file of the host is found although there is a root", () =>
  inFolder(async (folder) => {
    const { code } = await run(`--root=${folder}/shown`, `${folder}/copier`, "/note");
    assertEquals(code, 7);
  }));

Deno.test("a folder that is not there, or a path that is none, is a sentence and code 2", () =>
  inFolder(async (folder) => {
    const missing = await run("--bind=/not/there:/mnt", `${folder}/copier`);
    assertEquals([missing.code, missing.err], [
      2,
      "--bind=/not/there:/mnt: /not/there is no folder\n",
    ]);
    const odd = await run(`--bind=${folder}:mnt`, `${folder}/copier`);
    assertEquals(odd.code, 2);
    assertMatch(odd.err, /the path in the machine begins with a slash\n$/);
  }));

Deno.test("--strace shows calls on standard error alone", () =>
  inFolder(async (folder) => {
    const { out, err } = await run("--strace", `${folder}/copier`, "/none");
    assertEquals(out, "");
    assertMatch(
      err,
      /^execve\("\/tmp\/[^"]*copier", \["copier", "\/none"\], 0x[0-9a-f]+ \/\* 3 vars \*\/\) = 0\nopenat\(AT_FDCWD, "\/none", O_RDWR\) += -1 ENOENT \(No such file or directory\)\nexit_group\(2\) += \?\n\+\+\+ exited with 2 \+\+\+\n$/,
    );
  }));

Deno.test("--help names every flag", async () => {
  const { code, out } = await denoTask("exec", "--help");
  assertEquals(code, 0);
  for (const flag of ["--model", "--root", "--memory", "--bind", "--env", "--strace", "--seed"]) {
    assertMatch(out, new RegExp(`^  ${flag}`, "m"));
  }
});

/** Writes to each of 8,192 pages that it maps, and ends with 0. */
const WRITER = assemble(
  `
  _start: li   a0, 0
          li   a1, 0x2000000
          li   a2, 3
          li   a3, 0x4022
          li   a4, -1
          li   a5, 0
          li   a7, 222
          ecall
          li   t0, 8192
          li   t1, 4096
  1:      sd   t0, 0(a0)
          add  a0, a0, t1
          addi t0, t0, -1
          bnez t0, 1b
          li   a0, 0
          li   a7, 94
          ecall
  `,
  { type: FileType.EXEC },
);

Deno.test("--memory is what the machine has: a program that wants more is ended, and it says so", () =>
  inFolder(async (folder) => {
    const file = `${folder}/writer`;
    Deno.writeFileSync(file, WRITER);
    const ended = await run("--memory=16M", file);
    const said = "it wanted more memory than the machine has; --memory=SIZE is how much";
    assertEquals([ended.code, ended.err], [137, `${file} was ended by SIGKILL: ${said}\n`]);
    const { code, err } = await run("--memory=64m", file);
    assertEquals([code, err], [0, ""]);
  }));

Deno.test("a script whose interpreter is not there says which one it wants", () =>
  inFolder(async (folder) => {
    Deno.writeTextFileSync(`${folder}/script`, "#! /no/such thing\n");
    const { code, err } = await run(`${folder}/script`);
    assertEquals(
      [code, err],
      [1, `${folder}/script cannot be executed: ENOENT; it wants /no/such, which is not there\n`],
    );
  }));

Deno.test("what is no program for RISC-V is a sentence and code 2", () =>
  inFolder(async (folder) => {
    const foreign = COPIER.slice();
    foreign[18] = 62;
    Deno.writeFileSync(`${folder}/foreign`, foreign);
    Deno.writeTextFileSync(`${folder}/text`, "text\n");
    Deno.writeTextFileSync(`${folder}/empty`, "");
    const said: string[] = [];
    for (const name of ["none", "shown", "empty", "text", "foreign"]) {
      const { code, err } = await run(`${folder}/${name}`);
      said.push(`${code}: ${err.replaceAll(folder, "")}`);
    }
    assertEquals(said, [
      "2: there is no file /none\n",
      "2: /shown is a folder, not a program\n",
      "2: /empty is empty, not a program\n",
      "2: /text is no ELF file; a scenario runs with: deno task run /text\n",
      "2: /foreign is a program for x86-64; only RISC-V programs run here\n",
    ]);
  }));

Deno.test("a file that only begins like a program is refused with the kernel's own answer", () =>
  inFolder(async (folder) => {
    Deno.writeFileSync(`${folder}/short`, COPIER.slice(0, 40));
    const { code, err } = await run(`${folder}/short`);
    assertEquals([code, err], [1, `${folder}/short cannot be executed: ENOEXEC\n`]);
  }));

Deno.test("a program that waits for input gets it although another one never rests", () =>
  inFolder(async (folder) => {
    const busy = assemble(
      `
      _start: li   a0, 17
              li   a1, 0
              li   a7, 220
              ecall
      1:      beqz a0, 1b
              li   a0, 0
              mv   a1, sp
              li   a2, 8
              li   a7, 63
              ecall
              addi a0, a0, 7
              li   a7, 94
              ecall
      `,
      { type: FileType.EXEC },
    );
    Deno.writeFileSync(`${folder}/busy`, busy);
    assertEquals((await run(`${folder}/busy`)).code, 7, "there was nothing to read");
  }));

/** Ends with the error that reading descriptor 0 answers. */
const READER = assemble(
  `
  _start: li   a0, 0
          mv   a1, sp
          li   a2, 8
          li   a7, 63
          ecall
          neg  a0, a0
          li   a7, 94
          ecall
  `,
  { type: FileType.EXEC },
);

Deno.test("standard input that is a folder is one that cannot be read, as with Linux", () =>
  inFolder((folder) => {
    Deno.writeFileSync(`${folder}/reader`, READER);
    const command = `deno task --quiet exec --model=linux ${folder}/reader`;
    assertEquals(shell(`${command} < ${folder}`), { code: 21, out: "" });
    assertEquals(shell(`${command} < /dev/null`), { code: 0, out: "" });
    return Promise.resolve();
  }));

Deno.test("a program that ends by a signal ends the command with 128 and its number", () =>
  inFolder(async (folder) => {
    const traps = assemble("_start: ebreak", { type: FileType.EXEC });
    Deno.writeFileSync(`${folder}/traps`, traps);
    const { code, err } = await run(`${folder}/traps`);
    assertEquals(code, 128 + 5);
    assertMatch(err, /was ended by SIGTRAP; --strace shows what it did\n$/);
  }));

Deno.test("a program that RT-Smart kills says why, and that it was made for something else", () =>
  inFolder(async (folder) => {
    const { code, err } = await denoTask("exec", "--model=rtsmart", `${folder}/copier`);
    assertEquals(code, 255);
    assertMatch(
      err,
      /copier was killed: instruction page fault at 0x\w+, pc 0x\w+; its first instruction is not where RT-Smart has programs\n$/,
    );
  }));
