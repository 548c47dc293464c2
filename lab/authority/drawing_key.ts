/**
 * The key below a drawing of authority: what its shapes, its arrows and its letters mean.
 *
 * @module
 */
import { type Look, READ_INK, WRITE_INK } from "./drawing_look.ts";
import { meaningsOf } from "./rights_letters.ts";

/** What is used in a drawing, and so is to be explained. */
export interface Used {
  /** What the nodes look like. */
  readonly looks: ReadonlySet<Look>;
  /** The rights that stand there as letters. */
  readonly rights: number;
  /** Whether somewhere it says `all`. */
  readonly hasAll: boolean;
  /** Whether something is on its way. */
  readonly hasWaiting: boolean;
}

/** An entry: a small picture, or none, and what it means. */
interface Entry {
  readonly picture: string;
  readonly text: string;
}

const INK = "#333333";
const [PICTURE_WIDTH, LINE_HEIGHT, GAP] = [26, 18, 16];
/** What letters of Helvetica at this size take, small ones and capitals. */
const [SMALL, CAPITAL] = [5, 7];
const MARGIN = 14;
const WIDTH_MIN = 480;

/** The outlines of shapes, twenty wide and twelve high. */
const OUTLINES: Readonly<Record<string, string>> = {
  box: "M0 0H20V12H0Z",
  round: "M3 0H17Q20 0 20 3V9Q20 12 17 12H3Q0 12 0 9V3Q0 0 3 0Z",
  cylinder: "M2 2V10Q2 12 10 12T18 10V2Q18 0 10 0T2 2Q2 4 10 4T18 2",
  folder: "M0 2H8V0H16V2H20V12H0Z",
  note: "M0 0H15L20 5V12H0ZM15 0V5H20",
  box3d: "M0 3L4 0H20V9L16 12H0ZM0 3H16V12M16 3L20 0",
  tab: "M0 3V0H8V3H20V12H0V3H8",
  ellipse: "M0 6A10 6 0 1 1 20 6A10 6 0 1 1 0 6Z",
};

/** An SVG drawing with its key below it. */
export function withKey(svg: string, used: Used): string {
  const size = /<svg width="(\d+)pt" height="(\d+)pt"\s+viewBox="0\.00 0\.00 ([\d.]+) ([\d.]+)"/
    .exec(svg);
  if (!size) return svg;
  const [width, height] = [Math.max(Number(size[3]), WIDTH_MIN), Number(size[4])];
  const rows = [entriesOfShapes(used), entriesOfLines(used), entriesOfLetters(used)].flatMap((
    row,
  ) => wrapped(row, width - 2 * MARGIN));
  const whole = height + MARGIN + rows.length * LINE_HEIGHT + MARGIN;
  const key = rows.map((row, at) => rowText(row, height + MARGIN + at * LINE_HEIGHT)).join("\n");
  const head = `<svg width="${width}pt" height="${whole}pt" viewBox="0.00 0.00 ${width} ${whole}"`;
  const paper = `<rect width="${width}" height="${whole}" fill="white"/>`;
  const rule = `<path d="M${MARGIN} ${height}H${width - MARGIN}" stroke="#bbbbbb"/>`;
  const font = 'font-family="Helvetica,Arial,sans-serif" font-size="10" fill="#222222"';
  return svg.replace(size[0], head).replace(/(<svg[^>]*>)/, `$1\n${paper}`)
    .replace(/<\/svg>\s*$/, `<g id="key" ${font}>\n${rule}\n${key}\n</g>\n</svg>\n`);
}

function entriesOfShapes({ looks }: Used): Entry[] {
  return [...looks].map(({ shape, fill, isRound, meaning }) => {
    const outline = OUTLINES[isRound ? "round" : shape] ?? OUTLINES.ellipse!;
    return { picture: `<path d="${outline}" fill="${fill}" stroke="${INK}"/>`, text: meaning };
  });
}

function entriesOfLines({ hasWaiting }: Used): Entry[] {
  const line = (ink: string, more: string) =>
    `<path d="M0 6H14" stroke="${ink}" stroke-width="1.5"/>${more}`;
  const entries = [
    {
      picture: line(WRITE_INK, `<path d="M20 6L12 2V10Z" fill="${WRITE_INK}"/>`),
      text: "can write: heads are where bytes can go",
    },
    {
      picture: line(READ_INK, `<path d="M20 6L12 2V10Z" fill="${READ_INK}"/>`),
      text: "can only read",
    },
    {
      picture: line(INK, `<path d="M20 6L15 3L10 6L15 9Z" fill="white" stroke="${INK}"/>`),
      text: "other rights alone",
    },
  ];
  const dashed = `<path d="M0 6H20" stroke="${INK}" stroke-dasharray="4 3"/>`;
  return hasWaiting ? [...entries, { picture: dashed, text: "on its way in a message" }] : entries;
}

function entriesOfLetters({ rights, hasAll }: Used): Entry[] {
  const all = hasAll ? ["all: every right that making it gives"] : [];
  return [...meaningsOf(rights), ...all].map((text) => ({ picture: "", text }));
}

function widthOf({ picture, text }: Entry): number {
  const capitals = text.match(/[A-Z_]/g)?.length ?? 0;
  const letters = text.length * SMALL + capitals * (CAPITAL - SMALL);
  return (picture === "" ? 0 : PICTURE_WIDTH) + letters + GAP;
}

/** Entries in rows that are no wider than this. */
function wrapped(entries: readonly Entry[], width: number): Entry[][] {
  const rows: Entry[][] = [];
  let left = 0;
  for (const entry of entries) {
    if (rows.length === 0 || left < widthOf(entry) - GAP) {
      rows.push([]);
      left = width;
    }
    rows.at(-1)!.push(entry);
    left -= widthOf(entry);
  }
  return rows;
}

function rowText(row: readonly Entry[], y: number): string {
  let x = MARGIN;
  return row.map((entry) => {
    const at = x;
    x += widthOf(entry);
    const { picture, text } = entry;
    const shift = picture === "" ? 0 : PICTURE_WIDTH;
    const shown = picture && `<g transform="translate(${at} ${y})">${picture}</g>`;
    return `${shown}<text x="${at + shift}" y="${y + 10}">${text}</text>`;
  }).join("");
}
