/**
 * Where in its table a compiled function is looked up by its address: said once for who fills the
 * table and once for the code that looks.
 *
 * @module
 */
import { Tlb } from "./layout.ts";
import { Arith, binary, i32, type Node } from "./node.ts";
import { Type } from "./wasm.ts";

/** Halfwords of eight kilobytes have entries side by side; pages further up are shuffled among them. */
const NEAR = 3;
const FAR = 9;

/** The offset of an address's entry. */
export function callIndex(address: number): number {
  return ((address << NEAR) ^ (address >>> FAR)) & Tlb.CALL_MASK;
}

/** The same for code, from the low half of an address. */
export function callIndexOf(low: Node): Node {
  const near = binary(Arith.I32_SHL, Type.I32, low, i32(NEAR));
  const far = binary(Arith.I32_SHR_U, Type.I32, low, i32(FAR));
  const mixed = binary(Arith.I32_XOR, Type.I32, near, far);
  return binary(Arith.I32_AND, Type.I32, mixed, i32(Tlb.CALL_MASK));
}
