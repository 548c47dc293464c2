/**
 * The Zircon personality, with somebody who hears of machine code's turns and traps before it does.
 *
 * @module
 */
import type { InstructionSet, Processor } from "../../kernel/ports.ts";
import type { Trap } from "../../kernel/task/personality.ts";
import type { Thread } from "../../kernel/task/thread.ts";
import { Zircon } from "../../kernel/zircon/mod.ts";
import { zirconVdso } from "../machine/vdso.ts";

/** Somebody who follows machine code. */
export interface MachineWatcher {
  /** A thread is about to run. */
  onTurn(thread: Thread): void;
  /** A thread cannot go on by itself; answers whether that is no business of the kernel's. */
  onTrap(thread: Thread, trap: Trap): boolean;
}

/** Zircon for machine code that somebody follows. */
export class WatchedZircon extends Zircon {
  /** Who follows it now. */
  watcher: MachineWatcher | null = null;

  /** For the code of an instruction set. */
  constructor(isa: InstructionSet) {
    super(isa, zirconVdso().returns);
  }

  /** A thread's machine code is about to run. */
  onTurn(thread: Thread): boolean {
    this.watcher?.onTurn(thread);
    return true;
  }

  override onTrap(thread: Thread, trap: Trap): void {
    if (!this.watcher?.onTrap(thread, trap)) super.onTrap(thread, trap);
  }
}

const MADE: { one?: WatchedZircon } = {};

/** The personality of machines with a processor, for all of which it is the same. */
export function machineZircon({ isa }: Processor): WatchedZircon {
  return MADE.one ??= new WatchedZircon(isa);
}
