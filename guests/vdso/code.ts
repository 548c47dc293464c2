/**
 * The vDSO's machine code, as text for the assembler: a stub for each call of the kernel, and the
 * calls that need no kernel or more than one.
 *
 * @module
 */
import { CONSTANT_OFFSETS } from "./constants.ts";

/** A call of the kernel: its name, and the number that the kernel knows it by. */
export interface KernelCall {
  /** Such as `zx_channel_read`. */
  readonly name: string;
  /** What goes in `t0`. */
  readonly number: number;
}

/** The label behind the `ecall` of a kernel call: where the kernel returns to. */
export function returnLabel(name: string): string {
  return `${name}$sysret`;
}

/** Calls that other calls are made of; programs do not see them. */
const INTERNAL: readonly string[] = [
  "zx_channel_call_noretry",
  "zx_channel_call_finish",
  "zx_channel_call_etc_noretry",
  "zx_channel_call_etc_finish",
  "zx_cprng_draw_once",
  "zx_clock_get_monotonic_via_kernel",
  "zx_clock_get_boot_via_kernel",
  "zx_ticks_get_via_kernel",
  "zx_ticks_get_boot_via_kernel",
];

/** A function in the vDSO: its text, and the kernel calls without which it makes no sense. */
interface VdsoFunction {
  readonly needs: readonly string[];
  readonly text: string;
}

const load = (instruction: string, register: string, constant: keyof typeof CONSTANT_OFFSETS) => `
  la t1, constants
  ${instruction} ${register}, ${CONSTANT_OFFSETS[constant]}(t1)`;

const constant = (instruction: string, name: keyof typeof CONSTANT_OFFSETS): VdsoFunction => ({
  needs: [],
  text: `${load(instruction, "a0", name)}\n  ret`,
});

/** Ticks with an offset, in nanoseconds: whole seconds' worth first, so that nothing overflows. */
const clock = (offset: keyof typeof CONSTANT_OFFSETS): VdsoFunction => ({
  needs: [],
  text: `
  la t1, constants
  rdtime a0
  ld t2, ${CONSTANT_OFFSETS[offset]}(t1)
  add a0, a0, t2
  ld t2, ${CONSTANT_OFFSETS.numerator}(t1)
  ld t3, ${CONSTANT_OFFSETS.denominator}(t1)
  remu t4, a0, t3
  divu a0, a0, t3
  mul a0, a0, t2
  mul t4, t4, t2
  divu t4, t4, t3
  add a0, a0, t4
  ret`,
});

const ticks = (offset: keyof typeof CONSTANT_OFFSETS): VdsoFunction => ({
  needs: [],
  text: `${load("ld", "t2", offset)}
  rdtime a0
  add a0, a0, t2
  ret`,
});

/** A call that is answered INTERNAL_INTR_RETRY goes on with another call, as often as it takes. */
const channelCall = (name: string): VdsoFunction => ({
  needs: [`${name}_noretry`, `${name}_finish`],
  text: `
  addi sp, sp, -64
  sd ra, 0(sp)
  sd s0, 8(sp)
  sd s1, 16(sp)
  sd s2, 24(sp)
  sd s3, 32(sp)
  mv s0, a2
  mv s1, a3
  mv s2, a4
  mv s3, a5
  call ${name}_noretry
1:
  li t0, -6
  bne a0, t0, 1f
  mv a0, s0
  mv a1, s1
  mv a2, s2
  mv a3, s3
  call ${name}_finish
  j 1b
1:
  ld ra, 0(sp)
  ld s0, 8(sp)
  ld s1, 16(sp)
  ld s2, 24(sp)
  ld s3, 32(sp)
  addi sp, sp, 64
  ret`,
});

/**
 * Functions of the vDSO's own. What it can answer without the kernel it always does, even where the
 * kernel has such a call for others; what needs the kernel, it does where the kernel itself does not.
 */
const FUNCTIONS: Readonly<Record<string, VdsoFunction>> = {
  zx_system_get_num_cpus: constant("lwu", "cpus"),
  zx_system_get_page_size: constant("lwu", "pageSize"),
  zx_system_get_dcache_line_size: constant("lwu", "dcacheLine"),
  zx_system_get_physmem: constant("ld", "physicalMemory"),
  zx_ticks_per_second: constant("ld", "ticksPerSecond"),
  zx_ticks_get: ticks("monotonicOffset"),
  zx_ticks_get_boot: ticks("bootOffset"),
  zx_clock_get_monotonic: clock("monotonicOffset"),
  zx_clock_get_boot: clock("bootOffset"),
  // A string's address and length, as a structure of two words is returned.
  zx_system_get_version_string: {
    needs: [],
    text: `
  la t1, constants
  addi a0, t1, ${CONSTANT_OFFSETS.version}
  lwu a1, ${CONSTANT_OFFSETS.versionLength}(t1)
  ret`,
  },
  // Feature kind 0 is what the processor has; the others are not known here.
  zx_system_get_features: {
    needs: [],
    text: `
  bnez a0, 1f
  ${load("lwu", "t2", "features")}
  sw t2, 0(a1)
  li a0, 0
  ret
1:
  li a0, -2
  ret`,
  },
  // The sum stays within 64 bits: what would be later than the end of time is the end of time.
  zx_deadline_after: {
    needs: [],
    text: `
  addi sp, sp, -16
  sd ra, 0(sp)
  sd a0, 8(sp)
  call zx_clock_get_monotonic
  ld t1, 8(sp)
  ld ra, 0(sp)
  addi sp, sp, 16
  add t2, a0, t1
  slt t3, t2, a0
  slti t4, t1, 0
  beq t3, t4, 1f
  li t2, -1
  srli t2, t2, 1
  add t2, t2, t4
1:
  mv a0, t2
  ret`,
  },
  zx_channel_call: channelCall("zx_channel_call"),
  zx_channel_call_etc: channelCall("zx_channel_call_etc"),
  // The kernel draws 256 bytes at most in one call, and cannot fail but for a bad address.
  zx_cprng_draw: {
    needs: ["zx_cprng_draw_once"],
    text: `
  addi sp, sp, -32
  sd ra, 0(sp)
  sd s0, 8(sp)
  sd s1, 16(sp)
  mv s0, a0
  mv s1, a1
1:
  beqz s1, 1f
  li a1, 256
  bgeu s1, a1, 2f
  mv a1, s1
2:
  mv a0, s0
  add s0, s0, a1
  sub s1, s1, a1
  call zx_cprng_draw_once
  beqz a0, 1b
  ebreak
1:
  ld ra, 0(sp)
  ld s0, 8(sp)
  ld s1, 16(sp)
  addi sp, sp, 32
  ret`,
  },
};

/** The code as text, and which of its labels programs may call. */
export interface VdsoCode {
  /** What the assembler gets. */
  readonly text: string;
  /** The functions' names. */
  readonly exports: readonly string[];
  /** The names of the kernel's calls that it makes. */
  readonly stubbed: readonly string[];
}

/** Write the code for the kernel's calls. */
export function vdsoCode(calls: readonly KernelCall[]): VdsoCode {
  const listed = calls.map(({ name }) => name);
  const own = Object.entries(FUNCTIONS).filter(([name, { needs }]) =>
    needs.length === 0 || (!listed.includes(name) && needs.every((need) => listed.includes(need)))
  );
  const ownNames = own.map(([name]) => name);
  const stubbed = calls.filter(({ name }) => !ownNames.includes(name));
  const stubs = stubbed.map(({ name, number }) => `
${name}:
  li t0, ${number}
  ecall
${returnLabel(name)}:
  ret`);
  const names = [...stubbed.map(({ name }) => name), ...ownNames];
  return {
    text: [...stubs, ...own.map(([name, { text }]) => `${name}:${text}`)].join("\n"),
    exports: names.filter((name) => !INTERNAL.includes(name)),
    stubbed: stubbed.map(({ name }) => name),
  };
}
