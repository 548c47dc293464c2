import { assertEquals } from "@std/assert";
import { decodeProcessArgs, encodeProcessArgs, Pa, paHandle } from "../../kernel/abi.ts";

const ARGS = {
  handleInfo: [paHandle(Pa.PROC_SELF), paHandle(Pa.FD, 1)],
  args: ["hello", "--loud"],
  environ: ["HOME=/"],
  names: ["/svc"],
};

Deno.test("a processargs message says after decoding what it said before encoding", () => {
  assertEquals(decodeProcessArgs(encodeProcessArgs(ARGS), 2), ARGS);
});

Deno.test("a processargs message begins with its header, word for word", () => {
  const message = encodeProcessArgs(ARGS);
  const view = new DataView(message.buffer);
  const words = Array.from({ length: 11 }, (_, at) => view.getUint32(at * 4, true));
  assertEquals(words, [0x4150585d, 0x1000, 36, 44, 2, 57, 1, 64, 1, 0x01, 0x10030]);
});

Deno.test("a processargs message cut anywhere is refused with a sentence, or is still whole", () => {
  const message = encodeProcessArgs(ARGS);
  for (let size = 0; size < message.length; size++) {
    assertEquals(typeof decodeProcessArgs(message.subarray(0, size), 2), "string");
  }
});
