/**
 * Runs a bare 32-bit multiboot image in v86, the other processor that runs in a JavaScript engine.
 *
 * @module
 */
import { V86 } from "v86";

/** Longer than this nobody waits. */
const PATIENCE_MS = 120_000;

/** How long the image takes until it says that it is done; null if it never does. */
export async function runV86(path: string): Promise<number | null> {
  const image = await Deno.readFile(path);
  const wasm = await Deno.readFile(new URL("./v86.wasm", import.meta.resolve("v86")));
  const start = performance.now();
  const emulator = new V86({
    wasm_fn: async (imports: WebAssembly.Imports) =>
      (await WebAssembly.instantiate(wasm, imports)).instance.exports,
    memory_size: 64 << 20,
    multiboot: { buffer: image.buffer },
    autostart: true,
    disable_speaker: true,
  });
  const done = await new Promise<boolean>((resolve) => {
    const patience = setTimeout(() => resolve(false), PATIENCE_MS);
    emulator.add_listener("serial0-output-byte", (byte: number) => {
      if (byte !== 46) return;
      clearTimeout(patience);
      resolve(true);
    });
  });
  const ms = performance.now() - start;
  await emulator.destroy();
  return done ? ms : null;
}
