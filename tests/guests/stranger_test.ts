/**
 * Programs that clang's own driver makes for Fuchsia, with its own idea of flags, run here.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { clangMissing, compile } from "../support/clang.ts";
import { runGuest } from "../support/guest_machine.ts";

const clang = clangMissing();

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
      const file = await compile(PROGRAM, flags);
      const { printed, codes } = runGuest(["bin/stranger", "x"], {
        files: { "bin/stranger": file },
      });
      assertEquals(printed, "2 arguments, x\nthread 7\njoined 7, here 3\n");
      assertEquals(codes.get("stranger"), 55);
    },
  });
}
