/**
 * Text that is safe inside HTML.
 *
 * @module
 */

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** Text as HTML shows it, whatever is in it. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (one) => ENTITIES[one]!);
}
