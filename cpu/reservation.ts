/**
 * The reserved address of the running registers, as WebAssembly.
 *
 * @module
 */
import { CONTEXT, Registers } from "./layout.ts";
import { Arith, binary, i32, loadFrom, type Node, write } from "./node.ts";
import { type Code, Type } from "./wasm.ts";

/** Whether an address is the reserved one. */
export function isReserved(address: Node): Node {
  const same = binary(
    Arith.I64_EQ,
    Type.I32,
    loadFrom(0x29, Type.I64, i32(0), CONTEXT + Registers.RESERVATION),
    address,
  );
  const some = loadFrom(0x28, Type.I32, i32(0), CONTEXT + Registers.RESERVED);
  return binary(Arith.I32_AND, Type.I32, some, same);
}

/** Reserve an address. */
export function writeReservation(code: Code, address: Node): void {
  write(code, i32(0));
  write(code, address);
  code.memory(0x37, CONTEXT + Registers.RESERVATION);
  writeReserved(code, 1);
}

/** Reserve nothing. */
export function writeUnreserved(code: Code): void {
  writeReserved(code, 0);
}

function writeReserved(code: Code, value: number): void {
  write(code, i32(0));
  write(code, i32(value));
  code.memory(0x36, CONTEXT + Registers.RESERVED);
}
