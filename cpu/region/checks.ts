/**
 * The checks that accesses of a region are behind: whether the page is there and may be accessed so,
 * and where it lies.
 *
 * @module
 */
import type { Size } from "../algebra.ts";
import type { Control } from "./control.ts";
import { TRANSLATIONS } from "./frame.ts";
import { Access, PAGE_SHIFT, Site, Tlb } from "../layout.ts";
import {
  Arith,
  arith,
  binary,
  i32,
  i64,
  Kind,
  loadFrom,
  local,
  type Node,
  unary,
  wrap,
  write,
} from "../node.ts";
import { Fixed, type Variables } from "./variables.ts";
import { type Code, EMPTY, Op, Type } from "../wasm.ts";

/** What is asked where a place remembers something else; see `MISS`. */
interface Asked {
  readonly base: Node;
  readonly displacement: bigint;
  readonly wanted: number;
  readonly site: number;
}

/** Writes checks. */
export class Checks {
  /** Blocks that are open around what is being written, beside those that `Control` knows. */
  opened = 0;
  readonly #out: Code;
  readonly #variables: Variables;
  readonly #control: Control;

  constructor(out: Code, variables: Variables, control: Control) {
    this.#out = out;
    this.#variables = variables;
    this.#control = control;
  }

  /** Leave the region where an address, which is a variable, is not a multiple of the size. */
  align(address: Node, size: Size): void {
    const out = this.#out;
    write(out, binary(Arith.I32_AND, Type.I32, wrap(address), i32(size - 1)));
    out.mostly(false);
    out.raw([Op.IF, EMPTY]);
    this.#control.exitHere(1);
    out.byte(Op.END);
  }

  /**
   * Let `base + displacement` be accessed, or leave the region. Gives the variable that holds the host
   * address. The base is a variable or a constant.
   */
  check(base: Node, displacement: bigint, span: number, store: boolean): number {
    const site = this.#control.site();
    const access = store ? Access.WRITE : Access.READ;
    if (site === 0) {
      return this.#checkPage(arith(Arith.I64_ADD, Type.I64, base, i64(displacement)), span, access);
    }
    const wanted = access | (span << 8);
    return base.kind === Kind.CONST
      ? this.#checkSite({ base: i64(0), displacement: base.value + displacement, wanted, site })
      : this.#checkSite({ base, displacement, wanted, site });
  }

  /**
   * Compare with what was accessed here last; where that is something else, ask. An address that is
   * known now is only ever there, or nothing is.
   */
  #checkSite(asked: Asked): number {
    const { base, site } = asked;
    const limit = loadFrom(0x29, Type.I64, i32(0), site + Site.LIMIT);
    const first = loadFrom(0x29, Type.I64, i32(0), site + Site.FIRST);
    const isElsewhere = base.kind === Kind.CONST
      ? unary(Arith.I64_EQZ, Type.I32, limit)
      : binary(Arith.I64_GE_U, Type.I32, binary(Arith.I64_SUB, Type.I64, base, first), limit);
    write(this.#out, isElsewhere);
    this.#out.mostly(false);
    this.#out.raw([Op.IF, EMPTY]);
    this.#ask(asked);
    this.#out.byte(Op.END);
    // Behind the check, and not in it: a value that comes from one place is cheaper to V8.
    const addend = loadFrom(0x28, Type.I32, i32(0), site + Site.ADDEND);
    return this.#keep(arith(Arith.I32_ADD, Type.I32, addend, wrap(base)));
  }

  /** Compare with the page's translation; where that is not there, ask. */
  #checkPage(sum: Node, span: number, access: number): number {
    const out = this.#out;
    const host = this.#variables.scoped(Type.I32);
    const address = local(this.#variables.temporary(Type.I64), Type.I64);
    write(out, sum);
    out.op(Op.SET, address.op);
    this.#compareWithPage(address, span, access === Access.WRITE ? Tlb.WRITE : Tlb.READ, host);
    this.#ask({ base: address, displacement: 0n, wanted: access | (span << 8), site: 0 }, host);
    out.byte(Op.END);
    return host;
  }

  #keep(value: Node): number {
    const host = this.#variables.scoped(Type.I32);
    write(this.#out, value);
    this.#out.op(Op.SET, host);
    return host;
  }

  /** Ask whether an access is fine, and leave the region if not; the answer may be kept. */
  #ask({ base, displacement, wanted, site }: Asked, host?: number): void {
    const out = this.#out;
    for (const value of [base, i64(displacement), i32(wanted), i32(site)]) write(out, value);
    out.op(Op.CALL, this.#control.miss);
    if (host !== undefined) out.op(Op.TEE, host);
    out.byte(Arith.I32_EQZ);
    out.mostly(false);
    out.raw([Op.IF, EMPTY]);
    this.#control.exitHere(2 + this.opened);
    out.byte(Op.END);
  }

  /** Set the host address, or open an `else` for where the page's translation is not there. */
  #compareWithPage(address: Node, span: number, table: number, host: number): void {
    const out = this.#out;
    const index = binary(Arith.I32_SHR_U, Type.I32, wrap(address), i32(8));
    const masked = arith(Arith.I32_AND, Type.I32, index, i32(Tlb.PAGE_MASK));
    write(out, arith(Arith.I32_ADD, Type.I32, masked, TRANSLATIONS));
    out.op(Op.TEE, Fixed.ENTRY);
    out.memory(0x29, table);
    const last = arith(Arith.I64_ADD, Type.I64, address, i64(span - 1));
    write(out, arith(Arith.I64_AND, Type.I64, last, i64(-1 << PAGE_SHIFT)));
    out.byte(Arith.I64_EQ);
    out.mostly(true);
    out.byte(Op.IF);
    out.byte(EMPTY);
    const addend = loadFrom(0x28, Type.I32, local(Fixed.ENTRY, Type.I32), table + 8);
    write(out, binary(Arith.I32_ADD, Type.I32, wrap(address), addend));
    out.op(Op.SET, host);
    out.byte(Op.ELSE);
  }
}
