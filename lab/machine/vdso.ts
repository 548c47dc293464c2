/**
 * The vDSO of the Zircon personality, built from its table of calls: the same for every machine.
 *
 * @module
 */
import { buildVdso, constantBytes, type Vdso } from "../../guests/vdso.ts";
import { invariant } from "../../kernel/invariant.ts";
import type { Realm } from "../../kernel/object/realm.ts";
import { PAGE_SIZE } from "../../kernel/ports.ts";
import { SyscallTable } from "../../kernel/syscall/table.ts";
import { Vmo } from "../../kernel/vm/vmo.ts";
import { ZIRCON_ROWS } from "../../kernel/zircon/rows.ts";

/** The version that the vDSO tells programs. */
const VERSION = "zandbox 0.1.0";

/** Nanoseconds are the machine's ticks. */
const TICKS_PER_SECOND = 1_000_000_000;

const BUILT: { vdso?: Vdso } = {};

/** The vDSO; built when it is first wanted. */
export function zirconVdso(): Vdso {
  return BUILT.vdso ??= buildVdso(
    new SyscallTable(ZIRCON_ROWS).rows.map(({ name }, number) => ({ name, number })),
  );
}

/** The memory object with the vDSO in it, one for each kernel, with what it tells programs. */
export function vdsoObject(realm: Realm): Vmo {
  const vdso = zirconVdso();
  const vmo = Vmo.create(realm, vdso.image.length);
  invariant(typeof vmo !== "number", "the vDSO is small");
  const constants = constantBytes({
    cpus: 1,
    features: 0,
    dcacheLine: 64,
    icacheLine: 64,
    pageSize: PAGE_SIZE,
    ticksPerSecond: TICKS_PER_SECOND,
    monotonicOffset: 0,
    bootOffset: 0,
    physicalMemory: realm.memory.totalFrames * PAGE_SIZE,
    version: VERSION,
  });
  vmo.write(0, vdso.image);
  vmo.write(vdso.constantsOffset, constants);
  vmo.name = "vdso/stable";
  vmo.vdsoCode = { offset: vdso.codeOffset, length: vdso.codeSize };
  vmo.hold();
  return vmo;
}
