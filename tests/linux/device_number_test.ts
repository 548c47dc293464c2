/**
 * The numbers of devices, and what they are made of.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { deviceNumber, majorOf, minorOf } from "../../kernel/linux/device_number.ts";

Deno.test("the number of a device keeps both of its parts, however large they are", () => {
  for (
    const [major, minor] of [[0, 1], [5, 1], [136, 255], [136, 256], [136, 4095], [4095, 0xfffff]]
  ) {
    const device = deviceNumber(major!, minor!);
    assertEquals([majorOf(device), minorOf(device)], [major, minor]);
  }
});

Deno.test("devices have the numbers that programs write for them", () => {
  assertEquals([deviceNumber(5, 1), deviceNumber(136, 300)], [0x501, 0x10882c]);
});
