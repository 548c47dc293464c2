/**
 * What a launched program is told and where it finds itself, byte for byte, as `golden.json` keeps it.
 *
 * A change of the vDSO's size or of the guests moves addresses: look at the difference, and keep the
 * new text if it is what was meant.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { bootstrapOf } from "../support/bootstrap.ts";
import golden from "./golden.json" with { type: "json" };

const ENVIRON = ["HOME=/", "PATH=/bin"];

Deno.test("a static program's map and bootstrap message are as they were, to the byte", () => {
  assertEquals(bootstrapOf(["bin/hello", "123"], ENVIRON), golden.static);
});

Deno.test("a dynamic program's map and both its messages are as they were, to the byte", () => {
  assertEquals(bootstrapOf(["bin/hello_dynamic", "123"], ENVIRON), golden.dynamic);
});
