/**
 * The machine's own terminal among files: `/dev/console`.
 *
 * @module
 */
import type { Linux } from "../linux.ts";
import { deviceNumber } from "../device_number.ts";
import { Device } from "./device.ts";
import { directoryAt } from "./mounting.ts";
import { OpenFlag } from "../abi/open.ts";
import { OpenTerminal } from "./open_terminal.ts";
import type { Terminal } from "./terminal.ts";
import { mayOpen } from "./terminal_session.ts";

/** A terminal as a device. */
function deviceOf(linux: Linux, terminal: Terminal, number: number): Device {
  return new Device(
    linux.rootFs,
    number,
    (inode, flags, place) =>
      mayOpen(terminal, linux.current) || new OpenTerminal(terminal, inode, flags, place),
    0o620,
  );
}

/** Give a terminal its name in /dev. */
export function showTerminal(linux: Linux, terminal: Terminal): void {
  const directory = directoryAt(linux, "/dev");
  directory.put("console", deviceOf(linux, terminal, deviceNumber(5, 1)));
}

/** A terminal that is open to be read and written. */
export function openTerminal(linux: Linux, terminal: Terminal): OpenTerminal {
  const directory = directoryAt(linux, "/dev");
  const inode = directory.lookup("console") as Device;
  const place = { directory, name: "console", inode, slash: false };
  return new OpenTerminal(terminal, inode, OpenFlag.RDWR, place);
}
