/**
 * Who shows which pages of a content: so that a change reaches exactly the mappings it concerns.
 *
 * @module
 */
import { PageRuns } from "./page_runs.ts";

/** Something that shows a run of pages, and may have to stop. */
export interface Viewer {
  /** The first page it shows. */
  readonly firstPage: number;
  /** The page behind the last one it shows. */
  readonly endPage: number;
  /** Pages have other frames now, or none: look again when they are touched. */
  forget(first: number, end: number): void;
  /** The frame at a page must not be written to any more without asking again. */
  makeReadOnly(page: number): void;
  /** Pages are cut off: what was copied of them goes, too. */
  cutOff?(first: number, end: number): void;
}

/** Everybody who shows pages. */
export class Viewers extends PageRuns<Viewer> {}
