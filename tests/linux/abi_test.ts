/**
 * The numbers of Linux's calls, and the names that a trace takes from them.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { StackFlag } from "../../kernel/linux/abi/signal.ts";
import { Wait, WaitWhom } from "../../kernel/linux/abi/process.ts";
import { openText } from "../../lab/strace/file_flags.ts";
import { flagSet, maskText, nameIn, nameText, prefixed } from "../../lab/strace/flag_set.ts";

const FOLDER = new URL("../../kernel/linux/abi/", import.meta.url);

/** Every set of numbers by the name of its constant, those in sets of sets too. */
async function sets(): Promise<Map<string, Readonly<Record<string, number>>>> {
  const found = new Map<string, Readonly<Record<string, number>>>();
  const add = (name: string, value: unknown) => {
    if (typeof value !== "object" || value === null) return;
    const numbers = Object.values(value).every((one) => typeof one === "number");
    if (numbers) found.set(name, value as Record<string, number>);
    else for (const [part, inner] of Object.entries(value)) add(`${name}.${part}`, inner);
  };
  for (const { name } of Deno.readDirSync(FOLDER)) {
    const module: Record<string, unknown> = await import(new URL(name, FOLDER).href);
    for (const [constant, value] of Object.entries(module)) add(constant, value);
  }
  return found;
}

Deno.test("in a set of numbers each has one name", async () => {
  const all = await sets();
  const twice = [...all].filter(([, names]) =>
    new Set(Object.values(names)).size < Object.keys(names).length
  );
  assertEquals(twice, []);
  assertEquals(all.get("OwnCode.CLD")?.STOPPED, 5);
});

Deno.test("every number of a set is found by its name, and stands in a mask", async () => {
  for (const [constant, names] of await sets()) {
    for (const [name, value] of Object.entries(names)) {
      assertEquals(nameIn(names, value), name, constant);
      assertEquals(nameText(flagSet("P_", names), value), `P_${name}`, constant);
    }
  }
});

Deno.test("the highest bit has its name like the others, and what has none is a number", () => {
  const stack = flagSet("SS_", StackFlag);
  assertEquals(maskText(stack, 0x80000001), "SS_ONSTACK|SS_AUTODISARM");
  assertEquals(maskText(stack, 0x80000041), "SS_ONSTACK|SS_AUTODISARM|0x40");
  assertEquals(maskText(stack, 0x40), "0x40 /* SS_??? */");
});

Deno.test("of flags that hold others' bits the larger one is named", () => {
  assertEquals(openText(0o4010002), "O_RDWR|O_SYNC");
  assertEquals(openText(0o10002), "O_RDWR|O_DSYNC");
  assertEquals(openText(0o20200001), "O_WRONLY|O_TMPFILE");
  assertEquals(openText(0o200000), "O_RDONLY|O_DIRECTORY");
});

Deno.test("names that begin differently stand in one set", () => {
  const set = flagSet("", { ...prefixed("W", Wait), ...prefixed("__W", WaitWhom) });
  assertEquals(maskText(set, 0x40000003), "WNOHANG|WSTOPPED|__WALL");
});
