/**
 * Instructions that no processor has: each stands for one or a few that it has.
 *
 * @module
 */

/** A real instruction as it would have been written. */
export type Expansion = readonly [name: string, ...operands: string[]];

type Expand = (operands: readonly string[]) => Expansion[];

interface Pseudo {
  /** How many operands it takes. */
  readonly operands: number;
  /** What it stands for. */
  readonly expand: Expand;
}

/** A template: `$0` is the first operand; several instructions are separated by `;`. */
function template(operands: number, text: string): Pseudo {
  const instructions = text.split(";").map((one) => {
    const [name, ...rest] = one.trim().split(/\s+/);
    return [name!, ...rest] as const;
  });
  const fill = (part: string, values: readonly string[]) =>
    part.replace(/\$(\d)/g, (_, index: string) => values[Number(index)]!);
  return {
    operands,
    expand: (values) =>
      instructions.map(([name, ...rest]) => [name, ...rest.map((part) => fill(part, values))]),
  };
}

const TEMPLATES: Readonly<Record<string, readonly [operands: number, text: string]>> = {
  nop: [0, "addi x0 x0 0"],
  mv: [2, "addi $0 $1 0"],
  not: [2, "xori $0 $1 -1"],
  neg: [2, "sub $0 x0 $1"],
  negw: [2, "subw $0 x0 $1"],
  "sext.w": [2, "addiw $0 $1 0"],
  "zext.b": [2, "andi $0 $1 255"],
  "zext.w": [2, "add.uw $0 $1 x0"],
  seqz: [2, "sltiu $0 $1 1"],
  snez: [2, "sltu $0 x0 $1"],
  sltz: [2, "slt $0 $1 x0"],
  sgtz: [2, "slt $0 x0 $1"],
  sgt: [3, "slt $0 $2 $1"],
  sgtu: [3, "sltu $0 $2 $1"],
  beqz: [2, "beq $0 x0 $1"],
  bnez: [2, "bne $0 x0 $1"],
  blez: [2, "bge x0 $0 $1"],
  bgez: [2, "bge $0 x0 $1"],
  bltz: [2, "blt $0 x0 $1"],
  bgtz: [2, "blt x0 $0 $1"],
  bgt: [3, "blt $1 $0 $2"],
  ble: [3, "bge $1 $0 $2"],
  bgtu: [3, "bltu $1 $0 $2"],
  bleu: [3, "bgeu $1 $0 $2"],
  j: [1, "jal x0 $0"],
  jal: [1, "jal ra $0"],
  jr: [1, "jalr x0 $0 0"],
  jalr: [1, "jalr ra $0 0"],
  ret: [0, "jalr x0 ra 0"],
  call: [1, "auipc ra %pcrel_hi($0); jalr ra ra %pcrel_lo_behind($0)"],
  tail: [1, "auipc t1 %pcrel_hi($0); jalr x0 t1 %pcrel_lo_behind($0)"],
  la: [2, "auipc $0 %pcrel_hi($1); addi $0 $0 %pcrel_lo_behind($1)"],
  lla: [2, "auipc $0 %pcrel_hi($1); addi $0 $0 %pcrel_lo_behind($1)"],
  fence: [0, "fence iorw iorw"],
  csrr: [2, "csrrs $0 $1 x0"],
  csrw: [2, "csrrw x0 $0 $1"],
  csrs: [2, "csrrs x0 $0 $1"],
  csrc: [2, "csrrc x0 $0 $1"],
  csrwi: [2, "csrrwi x0 $0 $1"],
  csrsi: [2, "csrrsi x0 $0 $1"],
  csrci: [2, "csrrci x0 $0 $1"],
  rdcycle: [1, "csrrs $0 cycle x0"],
  rdtime: [1, "csrrs $0 time x0"],
  rdinstret: [1, "csrrs $0 instret x0"],
  frcsr: [1, "csrrs $0 fcsr x0"],
  fscsr: [1, "csrrw x0 fcsr $0"],
  frrm: [1, "csrrs $0 frm x0"],
  fsrm: [1, "csrrw x0 frm $0"],
  frflags: [1, "csrrs $0 fflags x0"],
  fsflags: [1, "csrrw x0 fflags $0"],
  "fmv.s": [2, "fsgnj.s $0 $1 $1"],
  "fabs.s": [2, "fsgnjx.s $0 $1 $1"],
  "fneg.s": [2, "fsgnjn.s $0 $1 $1"],
  "fmv.d": [2, "fsgnj.d $0 $1 $1"],
  "fabs.d": [2, "fsgnjx.d $0 $1 $1"],
  "fneg.d": [2, "fsgnjn.d $0 $1 $1"],
  unimp: [0, ".word 0xc0001073"],
};

const PSEUDOS = new Map(
  Object.entries(TEMPLATES).map(([name, [operands, text]]) => [name, template(operands, text)]),
);

/** The names of all of them, and `li`, whose length depends on its number. */
export const PSEUDO_NAMES: readonly string[] = [...PSEUDOS.keys(), "li"];

/** What a pseudo-instruction stands for; undefined where these operands make it a real one. */
export function expandPseudo(
  name: string,
  operands: readonly string[],
): Expansion[] | undefined {
  const pseudo = PSEUDOS.get(name);
  if (!pseudo || pseudo.operands !== operands.length) return undefined;
  return pseudo.expand(operands);
}

/** How many operands a pseudo-instruction takes; undefined where there is none of that name. */
export function pseudoOperands(name: string): number | undefined {
  return PSEUDOS.get(name)?.operands;
}

/** The shortest way, of those that linkers know, to put a 64-bit number in a register. */
export function expandLi(register: string, number: bigint): Expansion[] {
  const value = BigInt.asIntN(64, number);
  if (fits(12, value)) return [["addi", register, "x0", `${value}`]];
  const low = BigInt.asIntN(12, value);
  if (fits(32, value)) {
    const high = ((value - low) >> 12n) & 0xfffffn;
    const lui: Expansion = ["lui", register, `${high}`];
    return low === 0n ? [lui] : [lui, ["addiw", register, register, `${low}`]];
  }
  // The upper part first, then shifted into place: as far as its trailing zeroes allow.
  let upper = BigInt.asIntN(64, value - low) >> 12n;
  let shift = 12n;
  while ((upper & 1n) === 0n) {
    upper >>= 1n;
    shift++;
  }
  upper = BigInt.asIntN(64 - Number(shift), upper);
  if (shift > 12n && !fits(12, upper) && fits(20, upper)) {
    // One `lui` loads such a number shifted by 12 already.
    upper <<= 12n;
    shift -= 12n;
  }
  const head = expandLi(register, upper);
  const shifted: Expansion[] = [...head, ["slli", register, register, `${shift}`]];
  return low === 0n ? shifted : [...shifted, ["addi", register, register, `${low}`]];
}

function fits(bits: number, value: bigint): boolean {
  return value === BigInt.asIntN(bits, value);
}
