/**
 * QEMU's user-mode emulator, as a stranger to compare with.
 *
 * @module
 */
import { missing } from "./tool.ts";

const NAMES = ["qemu-riscv64", "qemu-riscv64-static"] as const;

/** Why there is no QEMU to compare with; undefined if there is. */
export const WITHOUT_QEMU: string | undefined = NAMES.every((name) => missing(name) !== undefined)
  ? missing(NAMES[1])
  : undefined;

/** Run a static program; answers what it wrote. */
export function runQemu(elf: Uint8Array): Uint8Array {
  const name = NAMES.find((one) => missing(one) === undefined)!;
  const path = Deno.makeTempFileSync({ dir: "/tmp" });
  try {
    Deno.writeFileSync(path, elf, { mode: 0o755 });
    const { success, stdout, stderr } = new Deno.Command(name, { args: [path] }).outputSync();
    if (!success) throw new Error(`${name}: ${new TextDecoder().decode(stderr)}`);
    return stdout;
  } finally {
    Deno.removeSync(path);
  }
}
