/**
 * Refusals on whole machines, explained: what the kernel says of its denials, and what Linux's errors
 * mean for who asked.
 *
 * @module
 */
import type { KernelEvent, Listener } from "../../kernel/events.ts";
import { Linux } from "../../kernel/linux/linux.ts";
import { linuxRefusal } from "./linux_refusal.ts";
import { denialLines } from "./step_text.ts";
import { statusName } from "../../kernel/abi.ts";

/** A machine whose refusals are of interest. */
export interface TalkingMachine {
  /** Hear of everything that happens from now on; answers how to stop. */
  listen(listener: Listener): () => void;
}

/** Gathers refusals. */
export class Refusals {
  /** What was refused, in order, each as several lines. */
  readonly texts: string[] = [];

  /** Gather those of one more machine, from now on. */
  watch(machine: TalkingMachine): void {
    const { linux } = machine as { readonly linux?: unknown };
    const names = new Map<number, string>();
    const calls = new Map<number, KernelEvent & { readonly kind: "syscall" }>();
    machine.listen((event) => {
      if (event.kind === "object-name") names.set(event.koid, event.name);
      else if (event.kind === "syscall") calls.set(event.thread, event);
      else if (event.kind === "denial") this.#denied(event, names);
      else if (event.kind === "syscall-done" && event.status < 0 && linux instanceof Linux) {
        const call = calls.get(event.thread);
        const who = names.get(event.process) ?? `process ${event.process}`;
        if (call) this.#add(linuxRefusal({ linux, who, call, status: event.status }));
      }
    });
  }

  #denied({ process, denial }: KernelEvent & { readonly kind: "denial" }, names: Names): void {
    const { syscall, status, koid, type } = denial;
    const what = koid === 0 ? "" : ` on ${type} ${names.get(koid) ?? koid}`;
    const who = names.get(process) ?? `process ${process}`;
    const head = `${who}: ${syscall} is refused with ${statusName(status)}${what}`;
    this.#add(denialLines(head, denial));
  }

  #add(lines: readonly string[]): void {
    if (lines.length > 0) this.texts.push(lines.join("\n"));
  }
}

type Names = ReadonlyMap<number, string>;
