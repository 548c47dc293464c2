/**
 * The addresses of a process: runs of addresses, and the pages that are this process's own.
 *
 * Pages that nobody else may see (zeros that were written to, copies of a file's pages) lie in one
 * content at the page numbers of their addresses. So cutting, joining and protecting runs moves no
 * pages, and a fork is one snapshot. Files' pages stay with the files.
 *
 * @module
 */
import { viewerOfAll } from "../../vm/area.ts";
import { invariant } from "../../invariant.ts";
import type { Realm } from "../../object/realm.ts";
import { Access, type AddressSpace, PAGE_SIZE } from "../../ports.ts";
import { Content } from "../../vm/content.ts";
import { UserMemory } from "../../vm/user_memory.ts";
import type { UserSpace } from "../../vm/user_space.ts";
import type { OpenRegular } from "../fs/open_regular.ts";
import { Resource } from "../abi/process.ts";
import { Limits } from "../limits.ts";
import { MMAP_MIN_ADDR, pageDown, STACK_GUARD_GAP, TASK_SIZE } from "./layout.ts";
import { mayExpandVm } from "./expand.ts";
import type { Usage } from "../usage.ts";
import { logMapped } from "./map_log.ts";
import { inheritedFlags } from "./mm_flags.ts";
import { type Locking, type Vma, VVAR_NAME } from "./vma.ts";
import { VmaList } from "./vma_list.ts";

/** Why an access failed. */
export const Fault = {
  /** Nothing is mapped there. */
  MAPERR: -1,
  /** What is mapped there may not be used so. */
  ACCERR: -2,
  /** The file that is mapped there is shorter. */
  BUS: -3,
  /** There is no memory left. */
  OOM: -4,
} as const;

const PAGES = TASK_SIZE / PAGE_SIZE;
const AROUND = 16;

/** What an address space is made from. */
export interface MmOptions {
  /** The ground that memory objects stand on. */
  readonly realm: Realm;
  /** How the processor makes a space. */
  readonly createSpace: () => AddressSpace;
  /** A number that no other has. */
  readonly nextIdentity: () => number;
}

/** The addresses of a process. */
export class Mm implements UserSpace {
  readonly realm: Realm;
  processor: AddressSpace | null = null;
  /** A number that no other has. */
  readonly identity: number;
  /** The bytes of what it sees. */
  readonly memory: UserMemory;
  /** Its runs of addresses. */
  readonly vmas: VmaList = new VmaList();
  /** How much it may have, by the limits of whose turn it was last. */
  limits: Limits = new Limits();
  /** Nothing is mapped below, as long as nobody is there who may do that. */
  lowest: number = MMAP_MIN_ADDR;
  /** Whether what is mapped from now on is locked, and when its pages come. */
  lockingFuture: Locking = "no";
  /** Where mappings go downwards from. */
  mmapBase: number = TASK_SIZE;
  /** Where the heap begins. */
  brkStart = 0;
  /** Where the heap ends. */
  brk = 0;
  /** Where the program's code begins and ends. */
  code: { start: number; end: number } = { start: 0, end: 0 };
  /** Where the program's data begins and ends. */
  data: { start: number; end: number } = { start: 0, end: 0 };
  /** The stack pointer that the program began with. */
  stackStart = 0;
  /** Where the strings of the arguments and of the environment are. */
  strings: { args: number; argsEnd: number; environment: number; environmentEnd: number } = {
    args: 0,
    argsEnd: 0,
    environment: 0,
    environmentEnd: 0,
  };
  /** The auxiliary vector, as it lies on the stack. */
  auxv: Uint8Array = new Uint8Array();
  /** Where the vDSO is. */
  vdso = 0;
  /** The barriers that were asked for: a mask of `membarrier`'s commands. */
  barriers = 0;
  /** Whose use of it counts, since it was last somebody's turn; null before. */
  usage: Usage | null = null;
  /** Whether others may look into it. */
  dumpable = true;
  /** What its program asked for: a mask of `MmFlag` bits. */
  flags = 0;
  /** The program that runs in it. */
  #program: OpenRegular | null = null;
  #users = 1;
  #framesMost = 0;
  #pages: Content;
  readonly #options: MmOptions;
  readonly #viewer = viewerOfAll(this, PAGES);

  /** Addresses with nothing at them. */
  constructor(options: MmOptions) {
    this.#options = options;
    this.realm = options.realm;
    this.identity = options.nextIdentity();
    this.memory = new UserMemory(this);
    this.#pages = new Content(options.realm, PAGES);
    this.#pages.hold();
    this.#pages.addViewer(this.#viewer);
  }

  /** The pages that are its own, at the page numbers of their addresses. */
  get pages(): Content {
    return this.#pages;
  }

  /** How many processes use it. */
  get users(): number {
    return this.#users;
  }

  /** The program that runs in it. */
  get program(): OpenRegular | null {
    return this.#program;
  }

  /** Let it be this program that runs in it, so that nobody writes to the file. */
  setProgram(file: OpenRegular | null): void {
    const before = this.#program;
    this.#program = file;
    if (file) {
      file.hold();
      file.inode.runners++;
    }
    if (before) {
      before.inode.runners--;
      before.drop();
    }
  }

  /** One more process uses it. */
  hold(): this {
    this.#users++;
    return this;
  }

  /** One fewer uses it; after the last nothing is left of it. */
  drop(): void {
    invariant(this.#users > 0, "an address space is dropped once by each of its users");
    if (--this.#users > 0) return;
    this.processor?.destroy();
    this.processor = null;
    this.vmas.clear();
    this.#pages.removeViewer(this.#viewer);
    this.#pages.drop();
    this.setProgram(null);
  }

  /** Another one that sees the same, until one of the two writes. */
  fork(): Mm {
    const child = new Mm(this.#options);
    child.#pages.removeViewer(child.#viewer);
    child.#pages.drop();
    child.#pages = this.#pages.snapshot(0, PAGES, PAGES);
    child.#pages.hold();
    child.#pages.addViewer(child.#viewer);
    for (const vma of this.vmas.all) {
      const { skippedInFork, wipedInFork } = vma;
      if (!skippedInFork) child.vmas.insert(vma.copyFor(child));
      if (skippedInFork || wipedInFork) {
        child.#pages.clear(vma.start / PAGE_SIZE, vma.end / PAGE_SIZE);
      }
    }
    const { mmapBase, brkStart, brk, code, data, stackStart, strings, auxv, vdso } = this;
    const { dumpable, barriers } = this;
    Object.assign(child, { mmapBase, brkStart, brk, stackStart, auxv, vdso, dumpable, barriers });
    child.code = { ...code };
    child.data = { ...data };
    child.strings = { ...strings };
    child.flags = inheritedFlags(this.flags);
    child.setProgram(this.#program);
    return child;
  }

  /** How many pages of its own it has had at most. */
  get framesMost(): number {
    this.noteResident();
    return this.#framesMost;
  }

  /** Some of its pages may go: remember how many there are. */
  noteResident(): void {
    this.#framesMost = Math.max(this.#framesMost, this.#pages.pages.frames);
  }

  forProcessor(): AddressSpace {
    return this.processor ??= this.#options.createSpace();
  }

  fault(thread: number, address: number, access: number): number {
    const frame = this.touch(address, access);
    if (this.realm.log.listening) {
      const result = frame > 0 ? "OK" : Object.keys(Fault)[-frame - 1]!;
      this.realm.log.emit("page-fault", { process: 0, thread, address, access, result });
    }
    return frame > 0 ? 0 : frame;
  }

  touch(address: number, access: number): number {
    const vma = this.vmas.at(address) ?? this.#grown(address);
    if (vma === null) return Fault.MAPERR;
    return vma.allows(access) ? this.#bring(vma, address, access) : Fault.ACCERR;
  }

  /** The same, but whatever the process itself may do, as `FOLL_FORCE` has it for who may debug it. */
  touchByForce(address: number, access: number): number {
    const vma = this.vmas.at(address);
    if (vma === null || vma.name === VVAR_NAME) return Fault.MAPERR;
    const changesOthers = access === Access.WRITE && vma.shared;
    if (changesOthers && !vma.allows(access)) return Fault.ACCERR;
    return this.#bring(vma, address, access);
  }

  /** Forget what the processor knows of some addresses. */
  forgetAddresses(start: number, end: number): void {
    this.processor?.unmap(start / PAGE_SIZE, (end - start) / PAGE_SIZE);
  }

  #bring(vma: Vma, address: number, access: number): number {
    const page = Math.floor(address / PAGE_SIZE);
    if (vma.file === null) return this.#touchOwn(vma, page, access);
    const filePage = vma.firstPage + (page - vma.start / PAGE_SIZE);
    if (filePage * PAGE_SIZE >= vma.file.inode.size) return Fault.BUS;
    if (vma.shared) return this.#touchShared(vma, page, access);
    const own = this.#pages.pages.get(page) > 0;
    if (own) return this.#touchOwn(vma, page, access);
    return access === Access.WRITE
      ? this.#copyFromFile(vma, page, filePage)
      : this.#touchFile(vma, page, filePage);
  }

  #touchOwn(vma: Vma, page: number, access: number): number {
    const pages = this.#pages;
    const isWrite = access === Access.WRITE;
    const frame = isWrite ? pages.write(page) : pages.read(page);
    if (frame <= 0) return Fault.OOM;
    return this.#show(vma, page, { frame, writable: isWrite || pages.writable(page, frame) });
  }

  #touchShared(vma: Vma, page: number, access: number): number {
    const { content } = vma.file!.inode.vmo;
    const filePage = vma.firstPage + (page - vma.start / PAGE_SIZE);
    const isWrite = access === Access.WRITE;
    const frame = isWrite ? content.write(filePage) : content.read(filePage);
    if (frame <= 0) return isWrite && vma.file!.inode.isFull ? Fault.BUS : Fault.OOM;
    if (isWrite) vma.file!.inode.touched();
    return this.#show(vma, page, { frame, writable: isWrite });
  }

  /** A file's page, and the pages around it that are not shown yet. */
  #touchFile(vma: Vma, page: number, filePage: number): number {
    const { inode } = vma.file!;
    const { content } = inode.vmo;
    const frame = content.read(filePage);
    if (frame <= 0) return Fault.OOM;
    const window = page - page % AROUND;
    const first = Math.max(window, vma.start / PAGE_SIZE);
    const fileEnd = page - filePage + Math.ceil(inode.size / PAGE_SIZE);
    const end = Math.min(window + AROUND, vma.end / PAGE_SIZE, fileEnd);
    const processor = this.forProcessor();
    const access = vma.access & ~Access.WRITE;
    if (access === 0) return frame;
    for (let at = first; at < end; at++) {
      if (at !== page && (processor.lookup(at) !== 0 || this.#pages.pages.get(at) > 0)) continue;
      const near = content.read(filePage + (at - page));
      if (near <= 0) continue;
      processor.map(at, near, access);
      this.#logShow(at, access);
    }
    if (this.usage) this.usage.faults++;
    return frame;
  }

  #copyFromFile(vma: Vma, page: number, filePage: number): number {
    const { frames } = this.realm;
    const from = vma.file!.inode.vmo.content.read(filePage);
    if (from <= 0) return Fault.OOM;
    const frame = frames.allocateFor(this.#pages.pages, page, from);
    if (frame === 0) return Fault.OOM;
    this.#pages.forget(page, page + 1);
    this.#pages.pages.set(page, frame);
    return this.#show(vma, page, { frame, writable: true });
  }

  #show(vma: Vma, page: number, { frame, writable }: { frame: number; writable: boolean }): number {
    const access = writable ? vma.access : vma.access & ~Access.WRITE;
    if (access === 0) return frame;
    this.forProcessor().map(page, frame, access);
    this.#logShow(page, access);
    if (this.usage) this.usage.faults++;
    return frame;
  }

  #logShow(page: number, access: number): void {
    const { log } = this.realm;
    if (log.listening) {
      log.emit("page-show", { space: this.identity, address: page * PAGE_SIZE, access });
    }
  }

  /** The stack that grows to an address, if one does. */
  #grown(address: number): Vma | null {
    const vma = this.vmas.after(address);
    if (vma === null || !vma.growsDown || address >= TASK_SIZE) return null;
    const start = pageDown(address);
    if (vma.end - start > this.limits.soft(Resource.STACK)) return null;
    if (!mayExpandVm(this, vma.start - start, vma)) return null;
    const below = this.vmas.before(start);
    if (below && below.prot !== 0 && !below.growsDown && start - below.end < STACK_GUARD_GAP) {
      return null;
    }
    this.vmas.insert(vma.part(start, vma.start));
    logMapped(this, { start, end: vma.start, prot: vma.prot, name: "[stack]" });
    return this.vmas.at(address);
  }
}
