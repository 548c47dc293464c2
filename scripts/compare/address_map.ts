/**
 * An address space as a drawing: every mapping to scale, lowest first, with the gaps said in words.
 *
 * @module
 */
import type { LoadMapping, LoadReport } from "../../lab/load_report.ts";
import { escapeHtml } from "./html.ts";

const UNITS = ["bytes", "KiB", "MiB", "GiB", "TiB"];

/** The drawing: mappings as focusable bars; one as long as `longest` is as wide as the column. */
export function addressMap({ mappings }: LoadReport, longest: number): string {
  const items = mappings.map((one, at) => {
    const before = mappings[at - 1];
    const end = before ? before.address + before.length : one.address;
    const gap = one.address > end
      ? `<li class="gap">${sizeText(one.address - end)} of nothing</li>`
      : "";
    return gap + bar(one, longest);
  });
  return `<ul class="map">${items.join("")}</ul>`;
}

function bar(mapping: LoadMapping, longest: number): string {
  const { address, length, access, name, backing, who, how } = mapping;
  const from = address.toString(16);
  const maker = `${who}: ${how}`;
  const title = escapeHtml(
    `${from}-${(address + length).toString(16)}, made by ${maker}, shows ${backing}`,
  );
  const kind = backing.replace(" ", "-");
  const width = (100 * length / longest).toFixed(2);
  return `<li tabindex="0" title="${title}"><code>${access}</code> <b>${escapeHtml(name)}</b> ${
    sizeText(length)
  }<i class="bar ${kind}" style="width:${width}%"></i><small>${from} · ${backing} · ${
    escapeHtml(maker)
  }</small></li>`;
}

/** A number of bytes in the unit that fits it. */
function sizeText(bytes: number): string {
  const at = Math.min(UNITS.length - 1, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
  const amount = bytes / 1024 ** at;
  return `${amount < 10 && !Number.isInteger(amount) ? amount.toFixed(1) : Math.round(amount)} ${
    UNITS[at]
  }`;
}
