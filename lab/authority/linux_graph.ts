/**
 * Who holds what on a running Linux: descriptors, descriptors on their way in messages, paths with
 * their permissions, and who each process is.
 *
 * Of files that are the host's only those are known that somebody has looked up; what `/proc` makes
 * up is left out. A name that processes can connect to is an end of a pair that whoever may write
 * there holds.
 *
 * What follows from it is an upper bound, and Linux itself is stricter in these:
 *
 * - A path is judged by its file alone; a directory on the way may be closed to a process.
 * - A process is every user and every group that it could make itself, all at once, and its threads
 *   are one with all their tables.
 * - Who may execute a file that lends its owner is that owner, and not only the program in the file.
 * - One of the capabilities that lead to everything in the end counts as everything from the start.
 * - Who may trace by its users and groups traces, whether or not the other one can be looked into.
 *
 * It is the bound of its moment: an owner can change permissions, a name can be bound, and a file can
 * be moved, which is another moment. `linux_check.ts` holds every moment against the one before.
 *
 * @module
 */
import { Right } from "../../kernel/abi.ts";
import { Capability } from "../../kernel/linux/abi/capability.ts";
import { CAPABILITIES, type Credentials } from "../../kernel/linux/credentials.ts";
import { Directory, uppermost } from "../../kernel/linux/fs/directory.ts";
import { FileKind, type Inode } from "../../kernel/linux/fs/inode.ts";
import type { OpenFile } from "../../kernel/linux/fs/open_file.ts";
import { Socket } from "../../kernel/linux/fs/socket.ts";
import { SocketInode } from "../../kernel/linux/fs/socket_inode.ts";
import { SyntheticDirectory } from "../../kernel/linux/fs/synthetic.ts";
import type { Group } from "../../kernel/linux/group.ts";
import type { Linux } from "../../kernel/linux/linux.ts";
import type { AuthorityGraph, GraphObject, GraphProgram, Holding } from "./authority_graph.ts";
import { LINUX_SOCKET } from "./closure.ts";
import type { FileStanding, LinuxStanding } from "./linux_standing.ts";

/** The first identity of what has none of its own: more than any of a process. */
const FIRST = 2 ** 40;
const WRITING = 0o222;
const EVERYBODY: FileStanding = { owner: 0, group: 0, mode: 0o777 };
/** With any of these there is no file and no process that one could not come to. */
const MIGHTY = [
  Capability.CHOWN,
  Capability.DAC_OVERRIDE,
  Capability.FOWNER,
  Capability.SETGID,
  Capability.SETUID,
  Capability.SYS_PTRACE,
  Capability.SYS_ADMIN,
];

type Building = Map<number, GraphObject>;

/** Takes pictures of one Linux, in which the same thing has the same identity. */
export class LinuxGraphs {
  readonly #linux: Linux;
  readonly #koids = new WeakMap<object, number>();
  /** For sockets that are connected and have a name as well: what comes by that. */
  readonly #inboxes = new Map<Socket, number>();
  #next = FIRST;

  /** Of this Linux. */
  constructor(linux: Linux) {
    this.#linux = linux;
  }

  /** Who holds what now. */
  take(): AuthorityGraph {
    const objects: Building = new Map();
    this.#inboxes.clear();
    this.#addTree(objects, uppermost(this.#linux.root), "");
    for (const [name, socket] of [...this.#linux.namedSockets, ...this.#linux.ports.all()]) {
      this.#addName(objects, socket, { name: JSON.stringify(name), file: EVERYBODY });
    }
    const living = [...this.#linux.groups.values()].filter(({ ended }) => !ended);
    const names = namesOf(living);
    const programs = living.map((group, at) => this.#program(objects, group, names[at]!));
    return { programs, objects };
  }

  /** The identity of what a descriptor refers to, as the graph has it. */
  koidOf(file: OpenFile): number {
    // What has no place is itself, and not the file below it.
    const isNamed = file.place !== null || file.inode.kind === FileKind.FIFO;
    return this.#koid(!(file instanceof Socket) && isNamed ? file.inode : file);
  }

  /** The identity of a file that has a path, as the graph has it. */
  koidOfInode(inode: Inode): number {
    return this.#koid(inode);
  }

  #koid(thing: object): number {
    const known = this.#koids.get(thing);
    if (known !== undefined) return known;
    this.#koids.set(thing, this.#next);
    return this.#next++;
  }

  #program(objects: Building, group: Group, name: string): GraphProgram {
    const tasks = [...group.tasks.values()];
    const linux = standingOf(tasks.map(({ credentials }) => credentials));
    const tables = new Set(tasks.map(({ files }) => files));
    const handles = [...tables].flatMap((table) =>
      [...table.descriptors()].flatMap((descriptor) =>
        this.#holdings(objects, table.get(descriptor)!).map((one): Holding => ({
          ...one,
          closesOnExec: table.closesOnExec(descriptor),
        }))
      )
    );
    const job = `user ${linux.users.join(", ")}`;
    const mapped = this.#mapped(objects, group);
    return {
      name,
      koid: group.process.koid,
      job,
      makesChannels: true,
      handles: [...handles, ...mapped],
      linux,
    };
  }

  /** Files that a process sees in its memory, with a descriptor or without. */
  #mapped(objects: Building, { mm }: Group): Holding[] {
    return mm.vmas.all.flatMap(({ file, shared, name }): Holding[] => {
      if (!file || name !== "") return [];
      const write = shared && file.writable ? Right.WRITE : 0;
      const koid = this.#addOpen(objects, file);
      return [{ koid, rights: Right.READ | write, closesOnExec: true }];
    });
  }

  #holdings(objects: Building, file: OpenFile): Holding[] {
    const koid = this.#addOpen(objects, file);
    const rights = rightsOf(file) | Right.DUPLICATE | Right.TRANSFER;
    const inbox = file instanceof Socket ? this.#inboxes.get(file) : undefined;
    return [{ koid, rights }, ...(inbox === undefined ? [] : [{ koid: inbox, rights }])];
  }

  #addOpen(objects: Building, file: OpenFile): number {
    if (file instanceof Socket) return this.#addSocket(objects, file);
    const koid = this.koidOf(file);
    if (!objects.has(koid)) {
      objects.set(koid, plain(file.path(this.#linux.root), typeOf(file.inode)));
    }
    return koid;
  }

  #addSocket(objects: Building, socket: Socket): number {
    const koid = this.#koid(socket);
    if (objects.has(koid)) return koid;
    const peer = socket.peer ? this.#koid(socket.peer) : 0;
    const waiting: Holding[] = [];
    objects.set(koid, { ...plain(socket.label, LINUX_SOCKET), peer, waiting });
    for (const file of [...socket.filesWaiting, ...socket.backlog ?? []]) {
      waiting.push(...this.#holdings(objects, file));
    }
    if (socket.peer) this.#addSocket(objects, socket.peer);
    return koid;
  }

  /** A name that can be connected to, and the socket that is found by it. */
  #addName(
    objects: Building,
    socket: Socket,
    { name, file }: { readonly name: string; readonly file: FileStanding },
  ): void {
    const koid = this.#addSocket(objects, socket);
    const end = this.#koid(socket.inode);
    // Who may write to the name may connect, and then write and read.
    const mode = (file.mode & WRITING) | (file.mode & WRITING) << 1;
    const inbox = socket.peer ? this.#koid(socket.queue) : koid;
    if (inbox === koid) objects.set(koid, { ...objects.get(koid)!, peer: end });
    else {
      this.#inboxes.set(socket, inbox);
      objects.set(inbox, { ...plain(`messages to ${name}`, LINUX_SOCKET), peer: end });
    }
    objects.set(end, {
      ...plain(`connection to ${name}`, LINUX_SOCKET),
      peer: inbox,
      file: { ...file, mode },
    });
  }

  #addTree(objects: Building, directory: Directory, path: string): void {
    if (directory instanceof SyntheticDirectory) return;
    // As the directory itself has them: nobody else is asked, and the host least of all.
    for (const [name, { inode }] of Directory.prototype.entries.call(directory)) {
      const here = `${path}/${name}`;
      const file = standingOfInode(inode);
      if (inode instanceof Directory) this.#addTree(objects, uppermost(inode), here);
      if (inode instanceof SocketInode && inode.socket) {
        this.#addName(objects, inode.socket, { name: here, file });
      }
      if (inode.kind === FileKind.SYMLINK || inode instanceof SocketInode) continue;
      const koid = this.#koid(inode);
      // A file of several names is called by the first.
      if (!objects.has(koid)) objects.set(koid, { ...plain(here, typeOf(inode)), file });
    }
  }
}

/** Whose a file is, and who may use it. */
export function standingOfInode({ uid, gid, mode }: Inode): FileStanding {
  return { owner: uid, group: gid, mode: mode & 0o7777 };
}

/** What a descriptor of an open file lets one do. */
export function rightsOf(file: OpenFile): number {
  return (file.readable ? Right.READ : 0) | (file.writable ? Right.WRITE : 0);
}

/** Who the threads of a process are, all of them together. */
export function standingOf(all: readonly Credentials[]): LinuxStanding {
  const users = [...new Set(all.flatMap(({ uid, euid, suid, fsuid }) => [uid, euid, suid, fsuid]))];
  const groups = [
    ...new Set(all.flatMap(({ gid, egid, sgid, fsgid, groups }) => {
      return [gid, egid, sgid, fsgid, ...groups];
    })),
  ];
  const permitted = all.reduce((sum, one) => sum | one.permitted | one.effective, 0n) &
    CAPABILITIES;
  const groupsKept = all.map(({ groups }) => groups);
  const always = groups.filter((one) => groupsKept.every((kept) => kept.includes(one)));
  const own = [...new Set(all.flatMap(({ gid, egid, sgid }) => [gid, egid, sgid]))];
  const isMighty = MIGHTY.some((one) => permitted & (1n << BigInt(one)));
  const readsAll = (permitted & (1n << BigInt(Capability.DAC_READ_SEARCH))) !== 0n;
  return { users, groups, always, own, readsAll, privileged: isMighty || users.includes(0) };
}

/** What people call processes: their command's name, with a number where there are several. */
function namesOf(groups: readonly Group[]): string[] {
  const plain = groups.map(({ leader, tasks }) => {
    return leader?.comm ?? [...tasks.values()][0]?.comm ?? "process";
  });
  return plain.map((name, at) => {
    const isShared = plain.indexOf(name) !== plain.lastIndexOf(name);
    return isShared ? `${name} ${groups[at]!.pid}` : name;
  });
}

function plain(name: string, type: string): GraphObject {
  return { name, type, peer: 0, waiting: [], children: [] };
}

const TYPES: Readonly<Record<number, string>> = {
  [FileKind.FIFO]: "pipe",
  [FileKind.CHARACTER]: "device",
  [FileKind.BLOCK]: "device",
  [FileKind.DIRECTORY]: "directory",
};

function typeOf({ kind }: Inode): string {
  return TYPES[kind] ?? "file";
}
