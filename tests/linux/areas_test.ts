/**
 * Every area of libc-test has a program of ours that tries it, or a reason why none does.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { areaRows, AREAS } from "../../scripts/tables/areas.ts";
import { programs } from "../support/programs.ts";

/**
 * How many programs libc-test's two folders have: 135 that are static with musl, six that want libraries
 * or crypt, and one that only older versions have.
 */
const FUNCTIONAL = 73;
const REGRESSION = 69;

const texts = new Map(programs().map(({ file, text }) => [file, text]));

for (const [folder, areas] of Object.entries(AREAS)) {
  Deno.test(`each area of libc-test's ${folder} is tried by a program that is there, or says why not`, () => {
    for (const [name, cover] of Object.entries(areas)) {
      if (typeof cover === "string") {
        assert(cover.length > 20, `${folder}/${name} gives no reason`);
        continue;
      }
      assert(Object.keys(cover).length > 0, `${folder}/${name} has neither`);
      for (const [file, words] of Object.entries(cover)) {
        const text = texts.get(file);
        assert(text !== undefined, `${folder}/${name}: there is no ${file}`);
        const lacks = words.split(" ").filter((word) => !text.includes(word));
        assertEquals(lacks, [], `${folder}/${name}: ${file}`);
      }
    }
  });
}

Deno.test("the areas are as many as libc-test has programs", () => {
  assertEquals(Object.keys(AREAS.functional!).length, FUNCTIONAL);
  assertEquals(Object.keys(AREAS.regression!).length, REGRESSION);
});

Deno.test("few areas are left without a program", () => {
  const left = areaRows().filter(({ programs }) => programs === "").map(({ area }) => area);
  assertEquals(left, [
    "functional/crypt",
    "regression/fpclassify-invalid-ld80",
    "common/mtest, print, rand, utf8, path, runtest",
    "api/main",
  ]);
});
