/**
 * The vDSO of the Zircon personality, built from its table of calls: the same for every machine.
 *
 * @module
 */
import { buildVdso, type Vdso } from "../guests/vdso.ts";
import { SyscallTable } from "../kernel/syscall/table.ts";
import { ZIRCON_ROWS } from "../kernel/zircon/rows.ts";

const BUILT: { vdso?: Vdso } = {};

/** The vDSO; built when it is first wanted. */
export function zirconVdso(): Vdso {
  return BUILT.vdso ??= buildVdso(
    new SyscallTable(ZIRCON_ROWS).rows.map(({ name }, number) => ({ name, number })),
  );
}
