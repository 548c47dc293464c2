/**
 * What an error of Linux means for who asked: which file or descriptor it was about, who the process
 * is, what the permissions say, and what would do.
 *
 * @module
 */
import type { KernelEvent } from "../../kernel/events.ts";
import { plainCredentials } from "../../kernel/linux/credentials.ts";
import { errnoName } from "../../kernel/linux/errno.ts";
import type { Inode } from "../../kernel/linux/fs/inode.ts";
import { walk } from "../../kernel/linux/fs/path_walk.ts";
import type { Linux } from "../../kernel/linux/linux.ts";
import { denialLines } from "./step_text.ts";

/** A call that was answered with an error. */
export interface RefusedCall {
  /** The Linux. */
  readonly linux: Linux;
  /** Who asked. */
  readonly who: string;
  /** The call. */
  readonly call: KernelEvent & { readonly kind: "syscall" };
  /** The error, as a negative number. */
  readonly status: number;
}

/** Errors that are refusals, and not news: the rule, and what would do. */
const MEANINGS: Readonly<Record<string, readonly [rule: string, grant: string]>> = {
  EPERM: ["only its owner may, or who has the capability for it", "that user, or that capability"],
  EACCES: ["the permissions on the way there do not allow it", "permissions that do, or user 0"],
  EBADF: ["a descriptor must be open, and for what is done with it", "a descriptor that is"],
  EROFS: ["what it is in can only be read", "a place that can be written to"],
  ETXTBSY: ["a program that runs is not written to", "another file, or the program's end"],
  ENOEXEC: ["no format knows how to execute such a file", "a file that some format knows"],
  EMFILE: [
    "a process has so many descriptors and no more",
    "a descriptor closed, or a higher limit",
  ],
};

/** A refusal as lines; none where the error is no refusal. */
export function linuxRefusal({ linux, who, call, status }: RefusedCall): string[] {
  const error = errnoName(status);
  const meaning = MEANINGS[error];
  if (!meaning) return [];
  const { path, fd } = call.args;
  const what = typeof path === "string" ? path : fd === undefined ? "" : `descriptor ${fd}`;
  const inode = typeof path === "string" ? inodeAt(linux, path) : null;
  const isAbout = inode !== null && (error === "EACCES" || error === "EPERM");
  const head = `${who}: ${call.name} is refused with ${error}${what === "" ? "" : ` on ${what}`}`;
  return denialLines(head, {
    wanted: call.name,
    held: standingText(linux, call.process),
    rule: isAbout ? `${meaning[0]}: ${path} is ${permissionsText(inode)}` : meaning[0],
    grant: meaning[1],
  });
}

/** The file at a path, for who may see everything; null where there is none, or the path is relative. */
function inodeAt(linux: Linux, path: string): Inode | null {
  if (!path.startsWith("/")) return null;
  const place = walk({ root: linux.root, credentials: plainCredentials(0, 0) }, linux.root, path);
  return typeof place === "number" ? null : place.inode;
}

function permissionsText({ mode, uid, gid }: Inode): string {
  const letters = [..."rwxrwxrwx"].map((letter, at) => mode & 0o400 >> at ? letter : "-").join("");
  return `${letters} and belongs to user ${uid} and group ${gid}`;
}

function standingText(linux: Linux, process: number): string {
  const group = [...linux.groups.values()].find((one) => one.process.koid === process);
  if (!group?.leader) return "nothing is known of it any more";
  const { fsuid, fsgid, groups } = group.leader.credentials;
  return `user ${fsuid}, group ${[fsgid, ...groups].join(", ")}`;
}
