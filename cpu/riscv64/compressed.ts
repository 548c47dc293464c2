/**
 * The 16-bit instructions of RV64C, each as the 32-bit instruction that it stands for.
 *
 * @module
 */
import type { Instruction } from "../instruction.ts";
import type { Mnemonic } from "./semantics.ts";

/** How a 16-bit instruction is encoded, and what it stands for. */
export interface ShortEncoding {
  /** What it is called. */
  readonly name: string;
  /** The bits that are always the same. */
  readonly match: number;
  /** Which bits those are. */
  readonly mask: number;
  /** The 32-bit instruction that it stands for. */
  readonly stands: Mnemonic;
  /** How its operands are found, as the table has it. */
  readonly operands: string;
}

/**
 * Name, fixed bits, the instruction it stands for, and its operands.
 *
 * Registers `d`, `s` and `t` are rd, rs1 and rs2, in capitals floating-point ones: `f7` is the number
 * in five bits from bit 7 on, `p7` the one in three bits from there, plus 8; else the number itself.
 * An immediate is `i` (unsigned) or `j` (signed): `12[5]6[4:0]` finds its bit 5 in bit 12 of the
 * instruction, and its bits 4 to 0 from bit 6 downwards. `!x` keeps out what has zero for `x`. The
 * first row that fits counts.
 */
const ROWS = `
c.addi4spn 0000 addi  d=p2 s=2 i=12[5:4|9:6|2|3] !i
c.fld      2000 fld   D=p2 s=p7 i=12[5:3]6[7:6]
c.lw       4000 lw    d=p2 s=p7 i=12[5:3]6[2|6]
c.ld       6000 ld    d=p2 s=p7 i=12[5:3]6[7:6]
c.fsd      a000 fsd   T=p2 s=p7 i=12[5:3]6[7:6]
c.sw       c000 sw    t=p2 s=p7 i=12[5:3]6[2|6]
c.sd       e000 sd    t=p2 s=p7 i=12[5:3]6[7:6]
c.addi     0001 addi  d=f7 s=f7 j=12[5]6[4:0]
c.addiw    2001 addiw d=f7 s=f7 j=12[5]6[4:0] !d
c.li       4001 addi  d=f7 s=0 j=12[5]6[4:0]
c.addi16sp 6101 addi  d=2 s=2 j=12[9]6[4|6|8:7|5] !j
c.lui      6001 lui   d=f7 j=12[17]6[16:12] !j
c.srli     8001 srli  d=p7 s=p7 i=12[5]6[4:0]
c.srai     8401 srai  d=p7 s=p7 i=12[5]6[4:0]
c.andi     8801 andi  d=p7 s=p7 j=12[5]6[4:0]
c.sub      8c01 sub   d=p7 s=p7 t=p2
c.xor      8c21 xor   d=p7 s=p7 t=p2
c.or       8c41 or    d=p7 s=p7 t=p2
c.and      8c61 and   d=p7 s=p7 t=p2
c.subw     9c01 subw  d=p7 s=p7 t=p2
c.addw     9c21 addw  d=p7 s=p7 t=p2
c.j        a001 jal   d=0 j=12[11|4|9:8|10|6|7|3:1|5]
c.beqz     c001 beq   s=p7 t=0 j=12[8|4:3]6[7:6|2:1|5]
c.bnez     e001 bne   s=p7 t=0 j=12[8|4:3]6[7:6|2:1|5]
c.slli     0002 slli  d=f7 s=f7 i=12[5]6[4:0]
c.fldsp    2002 fld   D=f7 s=2 i=12[5]6[4:3|8:6]
c.lwsp     4002 lw    d=f7 s=2 i=12[5]6[4:2|7:6] !d
c.ldsp     6002 ld    d=f7 s=2 i=12[5]6[4:3|8:6] !d
c.jr       8002 jalr  d=0 s=f7 !s
c.mv       8002 add   d=f7 s=0 t=f2 !t
c.ebreak   9002 ebreak
c.jalr     9002 jalr  d=1 s=f7
c.add      9002 add   d=f7 s=f7 t=f2 !t
c.fsdsp    a002 fsd   T=f2 s=2 i=12[5:3|8:6]
c.swsp     c002 sw    t=f2 s=2 i=12[5:2|7:6]
c.sdsp     e002 sd    t=f2 s=2 i=12[5:3|8:6]
`;

/** Copies bits of an instruction to bits of an operand: from, to. */
type Wires = readonly (readonly [from: number, to: number])[];

/** A row of the table, ready to be compared and read. */
interface Row extends ShortEncoding {
  readonly fields: ReadonlyMap<string, (bits: number) => number>;
  readonly nonZero: readonly string[];
}

const TABLE: readonly Row[] = ROWS.trim().split("\n").map(readRow);

/** Every 16-bit instruction. */
export const SHORT_ENCODINGS: readonly ShortEncoding[] = TABLE;

/** Each encoding is decoded once; there are not many. */
const DECODED = new Map<number, Instruction<Mnemonic> | null>();

/** What 16 bits mean; null where they are no instruction. */
export function expand(bits: number): Instruction<Mnemonic> | null {
  const known = DECODED.get(bits);
  if (known !== undefined) return known;
  const instruction = decodeShort(bits);
  DECODED.set(bits, instruction);
  return instruction;
}

function decodeShort(bits: number): Instruction<Mnemonic> | null {
  const row = TABLE.find(({ mask, match, fields, nonZero }) =>
    (bits & mask) === match && nonZero.every((field) => fields.get(field)!(bits) !== 0)
  );
  if (row === undefined) return null;
  const read = (part: string) => row.fields.get(part)?.(bits);
  const float = (part: string) => {
    const register = read(part);
    return register === undefined ? undefined : register + 32;
  };
  return {
    name: row.stands,
    rd: read("d") ?? float("D") ?? 0,
    rs1: read("s") ?? 0,
    rs2: read("t") ?? float("T") ?? 0,
    rs3: 0,
    imm: read("i") ?? read("j") ?? 0,
    length: 2,
    mode: 0,
  };
}

function readRow(text: string): Row {
  const [name, match, stands, ...operands] = text.split(/\s+/);
  const fields = new Map<string, (bits: number) => number>();
  let taken = 0;
  for (const operand of operands.filter((one) => !one.startsWith("!"))) {
    const [part, source] = operand.split("=") as [string, string];
    const wires = wiresOf(source);
    for (const [from] of wires) taken |= 1 << from;
    fields.set(part, reader(part, source, wires));
  }
  return {
    name: name!,
    match: parseInt(match!, 16),
    mask: 0xffff & ~taken,
    stands: stands as Mnemonic,
    operands: operands.join(" "),
    fields,
    nonZero: operands.filter((one) => one.startsWith("!")).map((one) => one.slice(1)),
  };
}

function wiresOf(source: string): Wires {
  const register = /^([fp])(\d+)$/.exec(source);
  if (register) {
    const from = Number(register[2]);
    return Array.from({ length: register[1] === "f" ? 5 : 3 }, (_, bit) => [from + bit, bit]);
  }
  return [...source.matchAll(/(\d+)\[([^\]]+)\]/g)].flatMap(([, top, parts]) => {
    const bits = parts!.split("|").flatMap((part) => {
      const [high, low] = part.split(":").map(Number) as [number, number?];
      return Array.from({ length: high - (low ?? high) + 1 }, (_, down) => high - down);
    });
    return bits.map((to, down) => [Number(top) - down, to] as const);
  });
}

function reader(part: string, source: string, wires: Wires): (bits: number) => number {
  if (wires.length === 0) return () => Number(source);
  const base = source.startsWith("p") ? 8 : 0;
  const top = 1 << Math.max(...wires.map(([, to]) => to));
  return (bits) => {
    const value = wires.reduce((sum, [from, to]) => sum | ((bits >>> from) & 1) << to, base);
    return part === "j" && (value & top) !== 0 ? value - 2 * top : value;
  };
}
