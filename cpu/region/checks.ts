/**
 * The checks that accesses of a region are behind: whether the page is there and may be accessed so,
 * and where it lies.
 *
 * @module
 */
import type { Size } from "../algebra.ts";
import type { Control } from "./control.ts";
import { Access, PAGE_SHIFT, Site, Tlb } from "../layout.ts";
import {
  Arith,
  arith,
  binary,
  i32,
  i64,
  loadFrom,
  local,
  type Node,
  wrap,
  write,
} from "../node.ts";
import { Fixed, type Variables } from "./variables.ts";
import { type Code, EMPTY, Op, Type } from "../wasm.ts";

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
   * Compare with what was accessed here last, or without a place to remember that, with the page's
   * translation. Where that fails ask, and leave the region if the
   * answer is no. Gives the variable that holds the host address.
   */
  check(address: Node, span: number, store: boolean): number {
    const out = this.#out;
    const host = this.#variables.lasting(Type.I32);
    const site = this.#control.site();
    const wanted = (store ? Access.WRITE : Access.READ) | (span << 8);
    if (site === 0) this.#compareWithPage(address, span, store ? Tlb.WRITE : Tlb.READ, host);
    else this.#compareWithSite(address, site);
    write(out, address);
    write(out, i32(wanted));
    write(out, i32(site));
    out.op(Op.GET, Fixed.TLB);
    out.op(Op.CALL, this.#control.miss);
    if (site === 0) out.op(Op.TEE, host);
    out.byte(Arith.I32_EQZ);
    out.mostly(false);
    out.byte(Op.IF);
    out.byte(EMPTY);
    this.#control.exitHere(2 + this.opened);
    out.byte(Op.END);
    out.byte(Op.END);
    // Behind the check, and not in it: a value that comes from one place is cheaper to V8.
    const addend = loadFrom(0x28, Type.I32, i32(0), site + Site.ADDEND);
    if (site !== 0) {
      write(out, binary(Arith.I32_ADD, Type.I32, wrap(address), addend));
      out.op(Op.SET, host);
    }
    return host;
  }

  /** Open an `if` for where the place remembers something else. */
  #compareWithSite(address: Node, site: number): void {
    const out = this.#out;
    const first = loadFrom(0x29, Type.I64, i32(0), site + Site.FIRST);
    write(out, binary(Arith.I64_SUB, Type.I64, address, first));
    write(out, loadFrom(0x29, Type.I64, i32(0), site + Site.LIMIT));
    out.byte(Arith.I64_GE_U);
    out.mostly(false);
    out.byte(Op.IF);
    out.byte(EMPTY);
  }

  /** Set the host address, or open an `else` for where the page's translation is not there. */
  #compareWithPage(address: Node, span: number, table: number, host: number): void {
    const out = this.#out;
    const index = binary(Arith.I32_SHR_U, Type.I32, wrap(address), i32(8));
    const masked = arith(Arith.I32_AND, Type.I32, index, i32(Tlb.PAGE_MASK));
    write(out, arith(Arith.I32_ADD, Type.I32, masked, local(Fixed.TLB, Type.I32)));
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
