/**
 * The loader service: a process that gives others the libraries they ask for, out of a boot image.
 *
 * It holds the image, the right to make memory executable, and the ends of its clients' channels.
 *
 * @module
 */
import { failed, Pa, Signal, Status } from "../../kernel/abi.ts";
import { type Operation, type Program, zx } from "../../kernel/client.ts";
import { type BootFile, openBootfs, openFile } from "./bootfs.ts";
import { LoaderMethod, message, readHeader, readStringBody, statusBody } from "./fidl.ts";
import { readStartup } from "./startup.ts";

/** What it answers from. */
interface Library {
  readonly image: number;
  readonly vmex: number;
  readonly files: ReadonlyMap<string, BootFile>;
}

/** One client: its channel, and where it wants names looked up first. */
interface Client {
  readonly channel: number;
  config: string;
}

/** The service's program; its startup handles are the image, the right and its first client. */
export function* loaderService(bootstrap: number): Program {
  const startup = yield* readStartup(bootstrap);
  if (typeof startup === "string") return;
  const image = startup.take(Pa.VMO_BOOTFS);
  const vmex = startup.take(Pa.SYSTEM_RESOURCE);
  const channel = startup.take(Pa.USER0);
  const files = yield* openBootfs(image);
  if (typeof files === "string") return;
  const clients: Client[] = [{ channel, config: "" }];
  while (clients.length > 0) {
    yield* serveNext({ image, vmex, files }, clients);
  }
}

/** Wait for any client, and answer it once. */
function* serveNext(library: Library, clients: Client[]): Operation<void> {
  const signals = Signal.READABLE | Signal.PEER_CLOSED;
  const items = clients.map(({ channel }) => ({ handle: channel, signals }));
  const woken = yield* zx.objectWaitMany({ items });
  if (woken.status !== Status.OK) return void clients.splice(0);
  for (const [at, pending] of [...woken.pending.entries()].reverse()) {
    if ((pending & signals) === 0) continue;
    const client = clients[at]!;
    const goes = yield* serve(library, client, clients);
    if (goes) continue;
    clients.splice(clients.indexOf(client), 1);
    yield* zx.handleClose({ handle: client.channel });
  }
}

/** Answer one message; false when the client is done. */
function* serve(library: Library, client: Client, clients: Client[]): Operation<boolean> {
  const read = yield* zx.channelRead({ handle: client.channel });
  if (failed(read)) return false;
  const header = readHeader(read.bytes);
  if (!header || header.ordinal === LoaderMethod.DONE) {
    yield* zx.handleCloseMany({ handles: read.handles });
    return false;
  }
  const answer = yield* answerTo(library, client, clients, read);
  const handles = answer.handle === 0 ? [] : [answer.handle];
  const bytes = message(header, statusBody(answer.status, answer.handle !== 0));
  const status = yield* zx.channelWrite({ handle: client.channel, bytes, handles });
  return status === Status.OK;
}

function* answerTo(
  library: Library,
  client: Client,
  clients: Client[],
  { bytes, handles }: { readonly bytes: Uint8Array; readonly handles: readonly number[] },
): Operation<{ status: number; handle: number }> {
  const { ordinal } = readHeader(bytes)!;
  const [handle] = handles;
  if (ordinal === LoaderMethod.CLONE && handle !== undefined) {
    clients.push({ channel: handle, config: client.config });
    yield* zx.handleCloseMany({ handles: handles.slice(1) });
    return { status: Status.OK, handle: 0 };
  }
  yield* zx.handleCloseMany({ handles });
  const name = readStringBody(bytes);
  if (name === undefined) return { status: Status.INVALID_ARGS, handle: 0 };
  if (ordinal === LoaderMethod.LOAD_OBJECT) return yield* find(library, client, name);
  if (ordinal !== LoaderMethod.CONFIG) return { status: Status.NOT_SUPPORTED, handle: 0 };
  client.config = name;
  return { status: Status.OK, handle: 0 };
}

/** Look a name up: in the configured folder, in `lib/`, then as a path of the image. */
function* find({ image, vmex, files }: Library, { config }: Client, name: string) {
  const folder = config.replace(/!$/, "");
  const only = config.endsWith("!");
  const paths = [
    ...(folder === "" ? [] : [`lib/${folder}/${name}`]),
    ...(only ? [] : [`lib/${name}`, name]),
  ];
  const path = paths.find((one) => files.has(one));
  if (path === undefined) return { status: Status.NOT_FOUND, handle: 0 };
  const opened = yield* openFile(image, name, files.get(path)!, vmex);
  return failed(opened) ? { status: opened, handle: 0 } : { status: Status.OK, handle: opened.out };
}
