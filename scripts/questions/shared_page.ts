/**
 * Why do two segments share one page of the file, and why is the ELF header mapped?
 *
 * @module
 */
import type { LoadMapping } from "../../lab/load/report.ts";
import { loadSharedFile, type SharedFile } from "./shared_file.ts";
import { readAuxiliary } from "./stack_image.ts";
import {
  hex,
  loadsOf,
  mappingAt,
  printAnswers,
  question,
  titleOf,
  type Witness,
  witnesses,
} from "./witness.ts";

/** Where one page of the file is seen. */
export interface SharedPage {
  /** The model. */
  readonly title: string;
  /** The page of the file. */
  readonly page: number;
  /** The segments with bytes in that page, as ranges of the file. */
  readonly segments: readonly string[];
  /** Where it is seen. */
  readonly places: readonly string[];
  /** Where the ELF header is seen; undefined if nowhere. */
  readonly header: number | undefined;
  /** What the program is told of where its program headers are; 0 if nothing. */
  readonly toldHeaders: number;
  /** Who has made a copy of them there; empty if nobody has. */
  readonly copiedBy: string;
  /** Where no page is shared: what comes of a file in which one is, and of its twin without. */
  readonly tried: { readonly shared: SharedFile; readonly apart: SharedFile } | null;
}

const PAGE = 4096;
const AT_PHDR = 3;

/** Where it is seen in every model. */
export function sharedPages(): SharedPage[] {
  return witnesses().map((witness) => {
    const loads = loadsOf(witness).filter(({ fileSize }) => fileSize > 0);
    const page = sharedPageOf(witness);
    const inPage = loads.filter(({ offset, fileSize }) =>
      Math.floor(offset / PAGE) <= page && Math.floor((offset + fileSize - 1) / PAGE) >= page
    );
    const places = witness.report.mappings.filter((one) =>
      isOfProgram(witness, one) &&
      loads.some(({ address }) => shows(witness, one, address, page))
    );
    const first = loads.find(({ offset }) => offset === 0);
    const header = first && biasOf(witness) + first.address;
    const toldHeaders = readAuxiliary(witness.photograph).get(AT_PHDR) ?? 0;
    const copy = mappingAt(witness, toldHeaders);
    return {
      title: titleOf(witness),
      page,
      segments: inPage.map(({ offset, fileSize }) => `${hex(offset)}-${hex(offset + fileSize)}`),
      places: places.map(({ address, access }) => `${hex(address)} ${access}`),
      header: header !== undefined && mappingAt(witness, header) ? header : undefined,
      toldHeaders,
      copiedBy: copy?.name === "[phdr]" ? `${copy.who}: ${copy.how}` : "",
      tried: inPage.length > 1 ? null : {
        shared: loadSharedFile(witness.model),
        apart: loadSharedFile(witness.model, true),
      },
    };
  });
}

/** Print it. */
export default question(
  "shared_page",
  "Why do two segments share one page of the file, and why is the ELF header mapped?",
  () => {
    const answers = sharedPages().map((one) => {
      const { title, page, segments, places, header, toldHeaders, copiedBy, tried } = one;
      const shared = segments.length > 1
        ? `page ${page} of the file has bytes of ${segments.length} segments: ${
          segments.join(", ")
        }`
        : `no page of the file has bytes of two segments: the linker left room between them`;
      const why = segments.length > 1
        ? [
          `it is seen at ${places.join(" and ")}: files are mapped in whole pages, and an address`,
          "and its place in the file differ by whole pages, so the linker need leave no room",
        ]
        : [];
      const head = header === undefined
        ? "the ELF header is mapped nowhere: no segment has it"
        : `the ELF header is at ${
          hex(header)
        }: the first segment begins with the file's first byte`;
      const told = toldHeaders === 0
        ? []
        : copiedBy !== ""
        ? [`AT_PHDR ${hex(toldHeaders)} is a copy of the program headers, made by ${copiedBy}`]
        : header === undefined
        ? [
          `AT_PHDR says ${hex(toldHeaders)} all the same: nobody has looked whether they are there`,
        ]
        : [`there the program finds its headers: AT_PHDR ${hex(toldHeaders)}`];
      return [title, shared, ...why, ...triedLines(tried), head, ...told];
    });
    printAnswers(answers);
  },
);

function triedLines(tried: SharedPage["tried"]): string[] {
  if (tried === null) return [];
  const { shared, apart } = tried;
  const without = `without, it ${endOf(apart)}`;
  if (shared.exitCode === undefined) {
    return [`a file in which they share one is refused: ${shared.reason}; ${without}`];
  }
  const places = shared.places.map(({ address, access }) => `${hex(address)} ${access}`);
  return [
    `a file in which they share one ${endOf(shared)}; ${without}`,
    `its page is seen at ${places.join(" and ")}, in a copy each`,
  ];
}

function endOf({ exitCode, reason }: SharedFile): string {
  return exitCode === undefined ? `is refused: ${reason}` : `ends with ${exitCode}`;
}

/** The first page of the file with bytes of most segments. */
function sharedPageOf(witness: Witness): number {
  const counts = new Map<number, number>();
  for (const { offset, fileSize } of loadsOf(witness).filter((one) => one.fileSize > 0)) {
    const end = Math.floor((offset + fileSize - 1) / PAGE);
    for (let page = Math.floor(offset / PAGE); page <= end; page++) {
      counts.set(page, (counts.get(page) ?? 0) + 1);
    }
  }
  return [...counts].reduce((best, one) => one[1] > best[1] ? one : best)[0];
}

function isOfProgram({ report }: Witness, { name }: LoadMapping): boolean {
  return name !== "zeros" && !/stack|vdso|vvar|bss/.test(name) && report.mappings.length > 0;
}

/** Whether a mapping shows a page of the file, for a segment at an address. */
function shows(witness: Witness, one: LoadMapping, address: number, page: number): boolean {
  const segment = loadsOf(witness).find((other) => other.address === address)!;
  const start = biasOf(witness) + address - address % PAGE;
  const first = Math.floor(segment.offset / PAGE);
  const at = start + (page - first) * PAGE;
  const last = Math.floor((segment.offset + segment.fileSize - 1) / PAGE);
  return page >= first && page <= last && at >= one.address && at < one.address + one.length;
}

function biasOf({ report, header }: Witness): number {
  return report.start.entry - header.entry;
}
