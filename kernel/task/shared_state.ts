/**
 * What processes share that were made to share: the upper half of their addresses, their handles, and
 * the words that their threads wait on.
 *
 * @module
 */
import { USER_SHARED_BASE } from "../abi.ts";
import { HandleTable } from "../object/handle_table.ts";
import type { KernelObject } from "../object/object.ts";
import type { Realm } from "../object/realm.ts";
import type { AddressSpace as ProcessorSpace } from "../ports.ts";
import { AddressSpace } from "../vm/address_space.ts";
import { Futexes } from "./futex.ts";

/** What it is made of. */
export interface SharedStateOptions {
  /** What it shares with everything else. */
  readonly realm: Realm;
  /** How the processor makes a space; null where there is no processor. */
  readonly createSpace: (() => ProcessorSpace) | null;
  /** The process that is made with it. */
  readonly koid: number;
}

/** What several processes have in common, as long as one of them lives. */
export class SharedState {
  /** The addresses that all of them see. */
  readonly space: AddressSpace;
  /** What they can refer to. */
  readonly handleTable: HandleTable;
  /** The words that their threads wait on. */
  readonly futexes = new Futexes();
  /** The processes that have it. */
  readonly members = new Set<KernelObject>();

  /** For a process that is being made, and others to come. */
  constructor({ realm, createSpace, koid }: SharedStateOptions) {
    this.space = new AddressSpace({ realm, createSpace, koid, base: USER_SHARED_BASE });
    this.handleTable = new HandleTable(realm.entropy, realm);
  }

  /** Whether a process that has it lives. */
  get alive(): boolean {
    return this.members.size > 0;
  }

  /** One more process has it. */
  join(process: KernelObject): void {
    this.members.add(process);
  }

  /** A process has it no longer; with the last one it ends. */
  leave(process: KernelObject): void {
    this.members.delete(process);
    if (this.alive) return;
    this.space.destroy();
    this.handleTable.clear();
  }
}
