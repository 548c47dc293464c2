/**
 * Writing a page to a file, or saying why that cannot be.
 *
 * @module
 */
import { printError } from "../command.ts";

/** Write the page; what else a command shows is there whatever happens. */
export function writePage(path: string, page: string): void {
  try {
    if (path.startsWith("out/")) Deno.mkdirSync("out", { recursive: true });
    Deno.writeTextFileSync(path, page);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const isElsewhere = error instanceof Deno.errors.NotCapable;
    const reason = isElsewhere ? "pages go below out/, as --html=out/page.html" : error.name;
    printError(`the page cannot be written to ${path}: ${reason}`);
  }
}
