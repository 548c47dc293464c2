/**
 * Looks at a page in a real browser and prints what it saw, as JSON: run by tests, since a browser
 * takes more permissions than tests have.
 *
 * @module
 */
import { type Browser, chromium, type Page } from "playwright-core";

/** What was seen at one width. */
export interface PageLook {
  /** How wide the window was. */
  readonly width: number;
  /** How wide the page would be. */
  readonly scrollWidth: number;
  /** Errors and warnings of the console, and requests to anywhere. */
  readonly complaints: readonly string[];
  /** Texts that lie on one another. */
  readonly overlaps: readonly string[];
  /** Texts that go beyond the window. */
  readonly cut: readonly string[];
  /** What is shown about a thing that has the focus, and goes beyond the window. */
  readonly tipsOutside: readonly string[];
  /** What the key for the next thing leads to, in order, on the widest screen. */
  readonly focus: readonly Focus[];
}

/** A thing that has the focus. */
export interface Focus {
  /** Its number among all elements of the page. */
  readonly order: number;
  /** What it says. */
  readonly text: string;
  /** Whether it is marked as having the focus. */
  readonly isMarked: boolean;
  /** What is shown because of it. */
  readonly tip: string;
}

type Texts = Pick<PageLook, "scrollWidth" | "overlaps" | "cut">;

const WIDTHS = [1280, 390];

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Runs in the page: where texts are, and which of them lie on one another. */
const SEE_TEXTS = String.raw`(() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const boxes = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.textContent.trim();
    const parent = node.parentElement;
    if (text === "" || !parent.checkVisibility() || parent.closest(".skip,.hidden")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      if (box.width > 0) boxes.push({ text: text.slice(0, 40), box });
    }
  }
  boxes.sort((a, b) => a.box.top - b.box.top);
  const overlaps = [];
  boxes.forEach(({ text, box }, at) => {
    for (let next = at + 1; next < boxes.length; next++) {
      const other = boxes[next];
      if (other.box.top >= box.bottom - 3) break;
      const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
      const down = Math.min(box.bottom, other.box.bottom) - other.box.top;
      if (across > 2 && down > 5) overlaps.push(text + " / " + other.text);
    }
  });
  const cut = boxes.filter(({ box }) => box.right > innerWidth + 1 || box.left < -1)
    .map(({ text }) => text);
  return { scrollWidth: document.documentElement.scrollWidth, overlaps, cut };
})()`;

/** Runs in the page: what has the focus; null if nothing has. */
const SEE_FOCUS = String.raw`(() => {
  const active = document.activeElement;
  if (!active || active === document.body) return null;
  const tip = active.querySelector(".tip");
  return {
    order: [...document.querySelectorAll("*")].indexOf(active),
    text: active.textContent.trim().slice(0, 40),
    isMarked: getComputedStyle(active).outlineStyle !== "none",
    tip: tip?.checkVisibility() ? tip.textContent : "",
  };
})()`;

/** Runs in the page: the tips that go beyond the window when they are shown. */
const SEE_TIPS = String.raw`(() => {
  const outside = [];
  for (const tip of document.querySelectorAll(".tip")) {
    tip.style.display = "block";
    const box = tip.getBoundingClientRect();
    if (box.left < 0 || box.right > innerWidth) outside.push(tip.textContent);
    tip.style.display = "";
  }
  return outside;
})()`;

if (import.meta.main) {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: FLAGS });
  try {
    const looks: PageLook[][] = [];
    for (const path of Deno.args) {
      const seen: PageLook[] = [];
      for (const width of WIDTHS) seen.push(await look(browser, path, width));
      looks.push(seen);
    }
    await Deno.stdout.write(new TextEncoder().encode(JSON.stringify(looks)));
  } finally {
    await browser.close();
  }
}

async function look(browser: Browser, path: string, width: number): Promise<PageLook> {
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  const complaints: string[] = [];
  page.on("console", (message) => void complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => void complaints.push(String(error)));
  page.on("request", (request) => {
    if (!/^(file|data):/.test(request.url())) complaints.push(request.url());
  });
  await page.goto(`file://${path}`);
  const seen = await page.evaluate<Texts>(SEE_TEXTS);
  // The order is that of the page's source, the same at each width; a key press takes its time.
  const focus = width === WIDTHS[0] ? await focusOrder(page) : [];
  const tipsOutside = await page.evaluate<string[]>(SEE_TIPS);
  await page.close();
  return { width, complaints, ...seen, focus, tipsOutside };
}

/** What the tabulator key leads to, until it leads out of the page. */
async function focusOrder(page: Page): Promise<Focus[]> {
  const all: Focus[] = [];
  for (;;) {
    await page.keyboard.press("Tab");
    const now = await page.evaluate<Focus | null>(SEE_FOCUS);
    if (now === null || all.length > 400) return all;
    all.push(now);
  }
}
