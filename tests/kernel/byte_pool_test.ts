import { assertEquals } from "@std/assert";
import { BytePool } from "../../kernel/object/byte_pool.ts";

Deno.test("arrays from a pool are each in a buffer of its own, of their length, and nobody else's", () => {
  const pool = new BytePool();
  const taken = new Set<ArrayBufferLike>();
  for (let at = 0; at < 200; at++) {
    for (const length of [0, 8, 512, 513]) {
      const { buffer } = pool.take(length);
      assertEquals([buffer.byteLength, taken.has(buffer)], [length, false]);
      taken.add(buffer);
    }
  }
});

Deno.test("an array that is given back to a pool is taken again; a copy has what was copied", () => {
  const pool = new BytePool();
  const first = pool.take(4);
  first.set([9, 9, 9, 9]);
  pool.give(first);
  const copy = pool.copy(Uint8Array.of(1, 2, 3, 4));
  assertEquals([copy === first, [...copy]], [true, [1, 2, 3, 4]]);
  assertEquals(pool.take(4) === copy, false);
});

Deno.test("a pool keeps no more than a few arrays of a length, and none that are long", () => {
  const pool = new BytePool();
  const given: Uint8Array[] = Array.from({ length: 100 }, () => new Uint8Array(8));
  const long = new Uint8Array(1000);
  for (const bytes of [...given, long]) pool.give(bytes);
  const again = Array.from({ length: 100 }, () => pool.take(8));
  assertEquals(again.filter((bytes) => given.includes(bytes)).length, 64);
  assertEquals(pool.take(1000) === long, false);
});
