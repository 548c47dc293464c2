/**
 * The pages that commands write, in a real browser, on a wide screen and on a narrow one.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { loadProgram } from "../../lab/load/program.ts";
import { judge } from "../../scripts/arena.ts";
import { ownFixtures } from "../../scripts/arena/fixture.ts";
import { arenaPage } from "../../scripts/arena/page.ts";
import { comparePage } from "../../scripts/compare/page.ts";
import { sizesOf, Twins, userlandExec } from "../../scripts/compare/twins.ts";
import { ARENA_MODELS } from "../../lab/load/arena.ts";
import { MODEL_NAMES } from "../../lab/load/models.ts";
import type { PageLook } from "../support/page_look.ts";
import { missing } from "../support/tool.ts";

const LOOKER = fromFileUrl(new URL("../support/page_look.ts", import.meta.url));
const PAGE_MAX = 1 << 20;

const chromium = missing("chromium") ?? missing("deno");

/** The comparison of a program in every model. */
function page(dynamic: boolean): string {
  const twins = new Twins({ name: "hello", dynamic });
  const columns = MODEL_NAMES.map((model) => {
    const twin = twins.for(model);
    if (typeof twin === "string") {
      return { model, report: null, output: "", reason: twin, photograph: null, sizes: {} };
    }
    const args = ["hello", "<b>&", "two words"];
    const request = { ...twin, args, loader: userlandExec(), timeout: 1e9, clock: () => 0 };
    return { model, sizes: sizesOf(twin, "hello"), ...loadProgram(model, request) };
  });
  return comparePage("hello <one>", columns);
}

const PAGES: Readonly<Record<string, () => string | Promise<string>>> = {
  "the comparison of a static program": () => page(false),
  "the comparison of a dynamic program": () => page(true),
  "the arena": async () => arenaPage(ARENA_MODELS, await judge(ownFixtures(), ARENA_MODELS)),
};

/** What a browser sees of every page at each width, by the page's name; it is started once. */
async function lookAtAll(): Promise<Record<string, PageLook[]>> {
  const folder = Deno.makeTempDirSync();
  try {
    for (const [at, make] of Object.values(PAGES).entries()) {
      const html = await make();
      assert(html.length < PAGE_MAX);
      Deno.writeTextFileSync(`${folder}/${at}.html`, html);
    }
    const paths = Object.keys(PAGES).map((_, at) => `${folder}/${at}.html`);
    const command = new Deno.Command("deno", { args: ["run", "-A", LOOKER, ...paths] });
    const { success, stdout, stderr } = await command.output();
    const text = new TextDecoder();
    assert(success, text.decode(stderr));
    const looks: PageLook[][] = JSON.parse(text.decode(stdout));
    return Object.fromEntries(Object.keys(PAGES).map((name, at) => [name, looks[at]!]));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

const looks = chromium ? {} : await lookAtAll();

for (const name of Object.keys(PAGES)) {
  Deno.test({
    name: `${name} is readable in a browser, wide and narrow${
      chromium ? ` (skipped: ${chromium})` : ""
    }`,
    ignore: chromium !== undefined,
    fn: () => {
      assertEquals(looks[name]!.map(({ width }) => width), [1280, 390]);
      for (
        const { width, scrollWidth, complaints, overlaps, cut, focus, tipsOutside } of looks[name]!
      ) {
        const at = `at ${width}`;
        const none = { complaints: [], overlaps: [], cut: [], tipsOutside: [] };
        assertEquals({ complaints, overlaps, cut, tipsOutside }, none, at);
        assertEquals(scrollWidth, width, at);
        const order = focus.map((one) => one.order);
        assertEquals(order, order.toSorted((a, b) => a - b), `${at} the focus goes down the page`);
        assert(focus.every(({ isMarked }) => isMarked), at);
      }
    },
  });
}

Deno.test({
  name: `who comes to a mapping by keyboard is told who made it${
    chromium ? ` (skipped: ${chromium})` : ""
  }`,
  ignore: chromium !== undefined,
  fn: () => {
    const [look] = looks["the comparison of a static program"]!;
    assertEquals(look!.focus[0]!.text, "Skip to the models");
    const tips = look!.focus.filter(({ tip }) => tip !== "").map(({ tip }) => tip);
    for (const words of ["launcher: zx_vmar_map", "kernel: elf_map", "userland_exec: mmap"]) {
      assert(tips.some((tip) => tip.includes(words)), words);
    }
  },
});
