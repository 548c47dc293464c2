/**
 * /proc/sysvipc: the objects that processes find by keys, as tables.
 *
 * @module
 */
import type { IpcObject } from "../ipc/ipc_object.ts";
import type { Linux } from "../linux.ts";
import type { Directory } from "./directory.ts";
import type { FileSystem } from "./file_system.ts";
import { SyntheticDirectory, SyntheticFile } from "./synthetic.ts";

/** A field: what is in it, and how wide it is at least. */
type Field = readonly [value: number | string, width: number];

const HEADS = {
  msg: "       key      msqid perms      cbytes       qnum lspid lrpid   uid   gid  cuid  cgid" +
    "      stime      rtime      ctime\n",
  sem: "       key      semid perms      nsems   uid   gid  cuid  cgid      otime      ctime\n",
  shm:
    "       key      shmid perms                  size  cpid  lpid nattch   uid   gid  cuid  cgid" +
    "      atime      dtime      ctime                   rss                  swap\n",
} as const;
const TIME = 10;

/** The directory of the tables. */
export function ipcDirectory(linux: Linux, fs: FileSystem): Directory {
  const directory = new SyntheticDirectory(fs);
  const put = (name: keyof typeof HEADS, rows: () => string[]) =>
    directory.put(name, new SyntheticFile(fs, () => HEADS[name] + rows().join("")));
  put("msg", () => queueRows(linux));
  put("sem", () => semaphoreRows(linux));
  put("shm", () => memoryRows(linux));
  return directory;
}

function row(fields: readonly Field[]): string {
  return `${fields.map(([value, width]) => `${value}`.padStart(width)).join(" ")}\n`;
}

function headOf({ key, id, mode }: IpcObject): readonly Field[] {
  return [[key | 0, 10], [id, 10], [mode.toString(8), 5]];
}

function ownersOf({ uid, gid, creator }: IpcObject): readonly Field[] {
  return [uid, gid, creator.uid, creator.gid].map((one) => [one, 5]);
}

function queueRows({ messageQueues }: Linux): string[] {
  return [...messageQueues.all()].map((one) =>
    row([
      ...headOf(one),
      [one.bytes, 11],
      [one.length, 10],
      [one.sent.pid, 5],
      [one.received.pid, 5],
      ...ownersOf(one),
      [one.sent.at, TIME],
      [one.received.at, TIME],
      [one.changed, TIME],
    ])
  );
}

function semaphoreRows({ semaphores }: Linux): string[] {
  return [...semaphores.all()].map((one) =>
    row([
      ...headOf(one),
      [one.all.length, 10],
      ...ownersOf(one),
      [one.operatedAt, TIME],
      [one.changed, TIME],
    ])
  );
}

function memoryRows({ sharedMemory }: Linux): string[] {
  return [...sharedMemory.all()].map((one) =>
    row([
      ...headOf(one),
      [one.size, 21],
      [one.makerPid, 5],
      [one.lastPid, 5],
      [one.attached, 5],
      ...ownersOf(one),
      [one.attachedAt, TIME],
      [one.detachedAt, TIME],
      [one.changed, TIME],
      [one.file.inode.blocks * 512, 21],
      [0, 21],
    ])
  );
}
