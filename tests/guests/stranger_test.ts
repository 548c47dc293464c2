/**
 * Programs that clang's own driver makes for Fuchsia, with its own idea of flags, run here.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { runGuest } from "../support/guest_machine.ts";
import { missing } from "../support/tool.ts";

const clang = missing("clang-19") ?? missing("ld.lld-19") ?? missing("deno");

/** Recursion, the heap, threads, thread-local variables, and a buffer that a canary guards. */
const PROGRAM = `
#include <stdio.h>
#include <stdlib.h>
#include <threads.h>

struct list { struct list* next; int value; };
static _Thread_local int local = 3;

__attribute__((noinline)) static int sum(const struct list* one) {
  return one ? one->value + sum(one->next) : 0;
}

static int run(void* argument) {
  char buffer[64];
  local += (int)(long)argument;
  snprintf(buffer, sizeof buffer, "thread %d", local);
  puts(buffer);
  return local;
}

int main(int argc, char** argv) {
  struct list* head = 0;
  thrd_t thread;
  int result = 0;
  for (int i = 1; i <= 10; i++) {
    struct list* one = malloc(sizeof *one);
    *one = (struct list){head, i};
    head = one;
  }
  printf("%d arguments, %s\\n", argc, argv[argc - 1]);
  if (thrd_create(&thread, run, (void*)4l) == thrd_success) thrd_join(thread, &result);
  printf("joined %d, here %d\\n", result, local);
  return sum(head);
}
`;

for (const flags of [["-O0"], ["-O2"], ["-O2", "-ftls-model=global-dynamic", "-fPIC"]]) {
  Deno.test({
    name: `clang's driver makes a program with ${flags.join(" ")} that runs${
      clang ? ` (skipped: ${clang})` : ""
    }`,
    ignore: clang !== undefined,
    fn: async () => {
      const folder = await Deno.makeTempDir();
      try {
        const file = await build(folder, flags);
        const { printed, codes } = runGuest(["bin/stranger", "x"], {
          files: { "bin/stranger": file },
        });
        assertEquals(printed, "2 arguments, x\nthread 7\njoined 7, here 3\n");
        assertEquals(codes.get("stranger"), 55);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

async function build(folder: string, flags: readonly string[]): Promise<Uint8Array> {
  await run("deno", ["run", "-A", "scripts/guests.ts", `--sysroot=${folder}/sysroot`]);
  await Deno.writeTextFile(`${folder}/program.c`, PROGRAM);
  await run("clang-19", [
    "--target=riscv64-unknown-fuchsia",
    `--sysroot=${folder}/sysroot`,
    "-fuse-ld=/usr/bin/ld.lld-19",
    "-nodefaultlibs",
    ...flags,
    `${folder}/program.c`,
    "-lc",
    "-lzircon",
    "-o",
    `${folder}/program`,
  ]);
  return await Deno.readFile(`${folder}/program`);
}

async function run(tool: string, args: readonly string[]): Promise<void> {
  const cwd = new URL("../..", import.meta.url);
  const { code, stderr } = await new Deno.Command(tool, { args: [...args], cwd }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
}
