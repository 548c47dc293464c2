import { assertEquals } from "@std/assert";
import { ByteSlab } from "../../kernel/object/byte_slab.ts";

const LENGTHS = [0, 1, 7, 512, 513, 300, 4096, 5];

Deno.test("arrays that are cut lie beside each other and share no byte", () => {
  const slab = new ByteSlab();
  const cut: Uint8Array[] = [];
  for (let round = 0; round < 50; round++) {
    for (const length of LENGTHS) {
      const bytes = slab.cut(length);
      assertEquals(bytes, new Uint8Array(length));
      cut.push(bytes.fill(cut.length));
    }
  }
  cut.forEach((bytes, at) => assertEquals(bytes, new Uint8Array(bytes.length).fill(at)));
});

Deno.test("a copy has the bytes that were there, and stays when they change", () => {
  const slab = new ByteSlab();
  const source = Uint8Array.from({ length: 700 }, (_, at) => at);
  const wanted = source.slice();
  const small = slab.copy(source, 3, 9);
  const large = slab.copy(source, 1);
  source.fill(0);
  assertEquals(small, wanted.slice(3, 9));
  assertEquals(large, wanted.slice(1));
});
