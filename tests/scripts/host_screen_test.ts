/**
 * Newlines on their way to the host's terminal, which adds returns to them.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { HostScreen } from "../../scripts/exec/host_screen.ts";

/** What the host's terminal makes of pieces, with its own returns. */
function seen(...pieces: readonly string[]): string {
  const screen = new HostScreen();
  const shown = pieces.map((piece) => screen.translate(new TextEncoder().encode(piece)));
  return shown.map((bytes) => new TextDecoder().decode(bytes)).join("").replaceAll("\n", "\r\n");
}

Deno.test("a newline that returns is one, however it comes", () => {
  assertEquals(seen("a\r\nb\r\n"), "a\r\nb\r\n");
  assertEquals(seen("a\r", "\nb"), "a\r\r\nb");
  assertEquals(seen("\r\n\r\n"), "\r\n\r\n");
});

Deno.test("a newline that does not return goes down and nowhere else", () => {
  assertEquals(seen("a\nb"), "a\vb");
  assertEquals(seen("a\r", "b", "\nc"), "a\rb\vc");
  assertEquals(seen("\r\n\n"), "\r\n\v");
  assertEquals(seen("a\r", "", "\n"), "a\r\r\n");
});

Deno.test("a return alone stays one", () => {
  assertEquals(seen("10%\r20%\r\r\n"), "10%\r20%\r\r\n");
});
