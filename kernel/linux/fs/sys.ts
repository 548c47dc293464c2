/**
 * /sys: what the kernel knows of its devices, as files. Here these are one processor and the network
 * that the machine has to itself.
 *
 * @module
 */
import { FileSystemKind } from "../abi/stat.ts";
import { OpenFlag } from "../abi/open.ts";
import { PROCESSORS_MAX } from "../bounds.ts";
import { Errno } from "../errno.ts";
import type { Linux } from "../linux.ts";
import { PAGE_SIZE } from "../../ports.ts";
import type { Directory } from "./directory.ts";
import type { FileSystem } from "./file_system.ts";
import { Loopback } from "./loopback.ts";
import { cover, directoryAt } from "./mounting.ts";
import { directoryIn, SyntheticDirectory, SyntheticFile, SyntheticLink } from "./synthetic.ts";

type Values = Readonly<Record<string, string | number>>;

const DIRECTORY_MODE = 0o755;

/** Let /sys be seen. */
export function mountSys(linux: Linux): void {
  const fs = linux.createFileSystem("sysfs", FileSystemKind.SYSFS_MAGIC);
  const { EACCES, EOPNOTSUPP, EPERM } = Errno;
  fs.refusals = { isFirst: false, create: EACCES, add: EPERM, take: EPERM, unnamed: EOPNOTSUPP };
  const top = new SyntheticDirectory(fs);
  for (const [path, values] of Object.entries(SHOWN)) {
    const directory = directoryIn(top, path, DIRECTORY_MODE);
    for (const [name, value] of Object.entries(values)) directory.put(name, shown(fs, value));
  }
  const settings = directoryIn(top, INTERFACE);
  for (const [name, value] of Object.entries(INTERFACE_SETTINGS)) {
    settings.put(name, setting(fs, value));
  }
  for (const [path, target] of Object.entries(LINKS)) linkAt(top, path, target);
  cover(linux, directoryAt(linux, "/sys"), top);
}

/** A file that can only be read: not even who may do anything opens it for more. */
function shown(fs: FileSystem, value: string | number): SyntheticFile {
  const mayOpen = (flags: number) =>
    (flags & OpenFlag.ACCESS) === OpenFlag.RDONLY ? 0 : Errno.EACCES;
  return new SyntheticFile(fs, () => `${value}\n`, { size: PAGE_SIZE, mayLook: mayOpen });
}

/** A file that others write to, to change what it tells; that cannot be changed here. */
function setting(fs: FileSystem, value: string | number): SyntheticFile {
  return new SyntheticFile(fs, () => `${value}\n`, { size: PAGE_SIZE, take: () => Errno.EPERM });
}

function linkAt(top: Directory, path: string, target: string): void {
  const end = path.lastIndexOf("/");
  const directory = directoryIn(top, path.slice(0, end), DIRECTORY_MODE);
  directory.put(path.slice(end + 1), new SyntheticLink(directory.fs, () => target));
}

const CPU = "devices/system/cpu";
const INTERFACE = `devices/virtual/net/${Loopback.NAME}`;
/** That somebody has no number. */
const NONE = -1;

/** Who shares something with the only processor: itself, as a mask and as a list. */
function alone(name: string): Values {
  return { [`${name}_cpus`]: 1, [`${name}_cpus_list`]: 0 };
}

/** What has been counted of an interface through which nothing of the network goes. */
const COUNTS = [
  "collisions",
  "multicast",
  ...["bytes", "compressed", "dropped", "errors", "fifo_errors", "packets"]
    .flatMap((name) => [`rx_${name}`, `tx_${name}`]),
  ...["crc", "frame", "length", "missed", "over"].map((name) => `rx_${name}_errors`),
  ...["aborted", "carrier", "heartbeat", "window"].map((name) => `tx_${name}_errors`),
  "rx_nohandler",
];

/** What can be read, by directory and by name. */
const SHOWN: Readonly<Record<string, Values>> = {
  block: {},
  bus: {},
  class: {},
  dev: {},
  devices: {},
  firmware: {},
  fs: {},
  kernel: { address_bits: 64, cpu_byteorder: "little" },
  module: {},
  power: {},
  [CPU]: {
    enabled: 0,
    isolated: "",
    kernel_max: PROCESSORS_MAX - 1,
    offline: "",
    online: 0,
    possible: 0,
    present: 0,
  },
  [`${CPU}/cpu0`]: { cpu_capacity: 1024 },
  [`${CPU}/cpu0/topology`]: {
    ...alone("cluster"),
    cluster_id: NONE,
    ...alone("core"),
    core_id: 0,
    core_siblings: 1,
    core_siblings_list: 0,
    ...alone("package"),
    physical_package_id: 0,
    thread_siblings: 1,
    thread_siblings_list: 0,
  },
  [INTERFACE]: {
    addr_assign_type: 0,
    addr_len: 6,
    address: "00:00:00:00:00:00",
    broadcast: "00:00:00:00:00:00",
    carrier_changes: 0,
    dev_id: "0x0",
    dev_port: 0,
    dormant: 0,
    ifindex: Loopback.INDEX,
    iflink: Loopback.INDEX,
    link_mode: 0,
    name_assign_type: 2,
    operstate: "unknown",
    type: Loopback.TYPE,
  },
  [`${INTERFACE}/statistics`]: Object.fromEntries(COUNTS.map((name) => [name, 0])),
};

/** What root could change elsewhere. */
const INTERFACE_SETTINGS: Values = {
  carrier: 1,
  flags: `0x${Loopback.SETTINGS.toString(16)}`,
  ifalias: "",
  mtu: Loopback.MTU,
  netdev_group: 0,
  tx_queue_len: Loopback.QUEUE,
};

/** Where links lead. */
const LINKS: Readonly<Record<string, string>> = {
  "bus/cpu/devices/cpu0": `../../../${CPU}/cpu0`,
  [`class/net/${Loopback.NAME}`]: `../../${INTERFACE}`,
  [`${CPU}/cpu0/subsystem`]: "../../../../bus/cpu",
  [`${INTERFACE}/subsystem`]: "../../../../class/net",
};
