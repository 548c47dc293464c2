/**
 * The C library: what it formats, reads and allocates, by programs that check it themselves.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { clangMissing, compile } from "../support/clang.ts";
import { runGuest } from "../support/guest_machine.ts";

const clang = clangMissing();
const skipped = clang ? ` (skipped: ${clang})` : "";

/** Each call of printf, and what it has to print. */
const FORMATS: readonly (readonly [call: string, printed: string])[] = [
  ['"%d %i %u", -5, 0, 4000000000u', "-5 0 4000000000"],
  [
    '"%ld %lld %zu", -9223372036854775807l - 1, 1ll << 40, (size_t)7',
    "-9223372036854775808 1099511627776 7",
  ],
  ['"%x %X %#x %o %#x", 255, 255, 255, 8, 0', "ff FF 0xff 10 0"],
  ['"%hhd %hd %hhu", 200, 70000, 511', "-56 4464 255"],
  ['"[%5d] [%-5d] [%05d] [%+d] [% d]", 42, 42, 42, 42, 42', "[   42] [42   ] [00042] [+42] [ 42]"],
  ['"[%.3d] [%6.3d] [%-6.3d] [%06d]", 7, 7, -7, -7', "[007] [   007] [-007  ] [-00007]"],
  ['"[%s] [%6s] [%-6s] [%.2s]", "abc", "abc", "abc", "abc"', "[abc] [   abc] [abc   ] [ab]"],
  ['"[%*d] [%-*d] [%.*s]", 4, 1, 4, 1, 1, "xy"', "[   1] [1   ] [x]"],
  ['"%c%c [%3c] %%", 72, 105, 33', "Hi [  !] %"],
  ['"%p %p", (void*)0x1000, (void*)0', "0x1000 0x0"],
  ['"%s", (char*)0', "(null)"],
  ['"%.0d|%d", 0, 0', "|0"],
];

Deno.test({
  name: `printf formats numbers and text as C says${skipped}`,
  ignore: clang !== undefined,
  fn: async () => {
    const calls = FORMATS.map(([call]) => `printf(${call}); printf("\\n");`).join("\n");
    const text = `#include <stdio.h>\nint main(void) {\n${calls}\nreturn 0;\n}\n`;
    const file = await compile(text, ["-O1", "-w"]);
    const { printed } = runGuest(["bin/program"], { files: { "bin/program": file } });
    assertEquals(printed.trimEnd().split("\n"), FORMATS.map(([, wanted]) => wanted));
  },
});

const CHECKS = `
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <threads.h>

#define CHECK(what) do { if (!(what)) { printf("wrong: %s\\n", #what); wrong++; } } while (0)
static int wrong;

static void strings(void) {
  char buffer[32];
  CHECK(strlen("abc") == 3 && strnlen("abc", 2) == 2 && strcmp("a", "b") < 0);
  CHECK(strncmp("abcd", "abxx", 2) == 0 && !strchr("abc", 'x') && *strrchr("abab", 'a') == 'a');
  CHECK(strchr("abc", 0)[0] == 0 && memchr("abc", 'c', 2) == 0 && memcmp("ab", "ac", 2) < 0);
  memset(buffer, 'x', sizeof buffer);
  CHECK(strncpy(buffer, "ab", 5)[4] == 0 && buffer[5] == 'x');
  for (int i = 0; i < 32; i++) buffer[i] = i;
  memmove(buffer + 3, buffer, 20);
  CHECK(buffer[3] == 0 && buffer[22] == 19 && buffer[23] == 23);
  memmove(buffer, buffer + 3, 20);
  CHECK(buffer[0] == 0 && buffer[19] == 19);
  CHECK(snprintf(buffer, 4, "%d", 123456) == 6 && !strcmp(buffer, "123"));
}

static void numbers(void) {
  char* end;
  CHECK(strtol("  -42x", &end, 10) == -42 && *end == 'x');
  CHECK(strtol("0x1f", 0, 0) == 31 && strtol("077", 0, 0) == 63 && strtol("z", 0, 36) == 35);
  CHECK(strtoul("18446744073709551615", 0, 10) == -1ul && atoi("12ab") == 12);
  CHECK(strtol("xyz", &end, 10) == 0 && *end == 'x');
}

static void heap(void) {
  static unsigned char* blocks[200];
  static size_t sizes[200];
  unsigned state = 7;
  for (int round = 0; round < 3000; round++) {
    state = state * 1664525 + 1013904223;
    int at = state >> 8 & 127;
    size_t size = state % 64 == 0 ? 40000 + state % 100000 : state >> 16 & 1023;
    if (blocks[at]) {
      for (size_t i = 0; i < sizes[at]; i += 97) CHECK(blocks[at][i] == (unsigned char)at);
      if (round % 3) {
        blocks[at] = realloc(blocks[at], size + 1);
        for (size_t i = 0; i < size && i < sizes[at]; i += 97) CHECK(blocks[at][i] == (unsigned char)at);
      } else {
        free(blocks[at]);
        blocks[at] = malloc(size + 1);
      }
    } else {
      blocks[at] = calloc(1, size + 1);
      for (size_t i = 0; i < size; i += 89) CHECK(blocks[at][i] == 0);
    }
    sizes[at] = size;
    memset(blocks[at], at, size);
    CHECK(((size_t)blocks[at] & 15) == 0);
  }
  void* aligned = aligned_alloc(256, 100);
  CHECK(aligned && ((size_t)aligned & 255) == 0);
  memset(aligned, 1, 100);
  free(aligned);
  // Volatile, since a compiler may take a block that nobody uses to be there.
  void* volatile too_large = malloc((size_t)-1);
  CHECK(!too_large);
  too_large = calloc((size_t)1 << 40, (size_t)1 << 40);
  CHECK(!too_large);
}

static mtx_t lock;
static cnd_t changed;
static int turn;

static int player(void* argument) {
  int me = (int)(long)argument;
  for (int i = 0; i < 50; i++) {
    mtx_lock(&lock);
    while (turn % 3 != me) cnd_wait(&changed, &lock);
    turn++;
    cnd_broadcast(&changed);
    mtx_unlock(&lock);
  }
  return me;
}

static void threads(void) {
  thrd_t all[3];
  mtx_init(&lock, mtx_plain);
  cnd_init(&changed);
  for (long i = 0; i < 3; i++) CHECK(thrd_create(&all[i], player, (void*)i) == thrd_success);
  for (int i = 0; i < 3; i++) {
    int result = -1;
    CHECK(thrd_join(all[i], &result) == thrd_success && result == i);
  }
  CHECK(turn == 150);
}

static void last(void) { puts("at the end"); }

int main(void) {
  atexit(last);
  strings();
  numbers();
  heap();
  threads();
  CHECK(getenv("NAME") && !strcmp(getenv("NAME"), "value") && !getenv("NAM"));
  printf("%d wrong", wrong);
  putchar('\\n');
  return wrong;
}
`;

for (const flags of ["-O0", "-O2"]) {
  Deno.test({
    name: `strings, numbers, heap and threads keep their promises at ${flags}${skipped}`,
    ignore: clang !== undefined,
    fn: async () => {
      const file = await compile(CHECKS, [flags]);
      const options = { files: { "bin/program": file }, environ: ["NAME=value"] };
      const { printed, codes } = runGuest(["bin/program"], options);
      assertEquals([printed, codes.get("program")], ["0 wrong\nat the end\n", 0]);
    },
  });
}
