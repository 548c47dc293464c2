/**
 * The pages that commands write, in a real browser, on a wide screen and on a narrow one.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path";
import { loadProgram } from "../../lab/load_program.ts";
import { judge } from "../../scripts/arena.ts";
import { ownFixtures } from "../../scripts/arena/fixture.ts";
import { arenaPage } from "../../scripts/arena/page.ts";
import { comparePage } from "../../scripts/compare/page.ts";
import { sizesOf, Twins, userlandExec } from "../../scripts/compare/twins.ts";
import { ARENA_MODELS } from "../../lab/arena.ts";
import { LOAD_MODELS } from "../../lab/load_models.ts";
import type { PageLook } from "../support/page_look.ts";
import { missing } from "../support/tool.ts";

const LOOKER = fromFileUrl(new URL("../support/page_look.ts", import.meta.url));
const WIDTHS = ["1280", "390"];
const PAGE_MAX = 1 << 20;

const chromium = missing("chromium") ?? missing("deno");

/** The comparison of a program in every model. */
function page(dynamic: boolean): string {
  const twins = new Twins({ name: "hello", dynamic });
  const columns = Object.keys(LOAD_MODELS).map((model) => {
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

/** What a browser sees of a page at each width. */
async function looksAt(html: string): Promise<PageLook[]> {
  const path = Deno.makeTempFileSync({ suffix: ".html" });
  try {
    Deno.writeTextFileSync(path, html);
    const command = new Deno.Command("deno", { args: ["run", "-A", LOOKER, path, ...WIDTHS] });
    const { success, stdout, stderr } = await command.output();
    const text = new TextDecoder();
    assert(success, text.decode(stderr));
    return JSON.parse(text.decode(stdout));
  } finally {
    Deno.removeSync(path);
  }
}

/** The comparison of a static program, as it is seen; looked at once. */
const staticLooks = chromium ? Promise.resolve([]) : looksAt(page(false));

const PAGES: Readonly<Record<string, () => string | Promise<string>>> = {
  "the comparison of a static program": () => page(false),
  "the comparison of a dynamic program": () => page(true),
  "the arena": async () => arenaPage(ARENA_MODELS, await judge(ownFixtures(), ARENA_MODELS)),
};

for (const [name, make] of Object.entries(PAGES)) {
  Deno.test({
    name: `${name} is readable in a browser, wide and narrow${
      chromium ? ` (skipped: ${chromium})` : ""
    }`,
    ignore: chromium !== undefined,
    fn: async () => {
      const html = await make();
      assert(html.length < PAGE_MAX);
      const looks = name.includes("static") ? await staticLooks : await looksAt(html);
      for (const { width, scrollWidth, complaints, overlaps, cut, focus } of looks) {
        const at = `at ${width}`;
        assertEquals({ complaints, overlaps, cut }, { complaints: [], overlaps: [], cut: [] }, at);
        assertEquals(scrollWidth, width, at);
        const order = focus.map((one) => one.order);
        assertEquals(order, order.toSorted((a, b) => a - b), `${at} the focus goes down the page`);
        assert(focus.every(({ isMarked, isTipInside }) => isMarked && isTipInside), at);
      }
    },
  });
}

Deno.test({
  name: `who comes to a mapping by keyboard is told who made it${
    chromium ? ` (skipped: ${chromium})` : ""
  }`,
  ignore: chromium !== undefined,
  fn: async () => {
    const [look] = await staticLooks;
    assertEquals(look!.focus[0]!.text, "Skip to the models");
    const tips = look!.focus.filter(({ tip }) => tip !== "").map(({ tip }) => tip);
    for (const words of ["launcher: zx_vmar_map", "kernel: elf_map", "userland_exec: mmap"]) {
      assert(tips.some((tip) => tip.includes(words)), words);
    }
  },
});
