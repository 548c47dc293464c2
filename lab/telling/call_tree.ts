/**
 * The steps of a load as a tree of calls: each function below the one that calls it, with what the
 * step says of itself.
 *
 * @module
 */
import type { KernelEvent } from "../../kernel/events.ts";

/** Functions of RT-Smart's loaders by the one that calls each. */
const CALLER: Readonly<Record<string, string>> = {
  lwp_create: "lwp_execve",
  lwp_user_space_init: "lwp_execve",
  arch_user_space_init: "lwp_user_space_init",
  rt_aspace_map: "lwp_user_space_init",
  lwp_args_load_script: "lwp_execve",
  _load_script: "lwp_execve",
  lwp_argscopy: "lwp_execve",
  lwp_args_put: "lwp_argscopy",
  lwp_load: "lwp_execve",
  load_ldso: "lwp_execve",
  load_elf: "lwp_load",
  "load_elf: program headers": "load_elf",
  "load_elf: aux": "load_elf",
  "load_elf: section headers": "load_elf",
  map_range_ckeck: "load_elf",
  lwp_map_user: "load_elf",
  "load_elf: PT_LOAD": "load_elf",
  load_fread: "load_elf: PT_LOAD",
  "load_elf: bss": "load_elf",
  "load_elf: .shstrtab": "load_elf",
  arch_elf_reloc: "load_elf",
  elf_file_load: "lwp_load",
  elf_load_ehdr: "elf_file_load",
  elf_check_ehdr: "elf_load_ehdr",
  elf_load_phdr: "elf_file_load",
  elf_load_interp: "elf_file_load",
  elf_load_segment: "elf_file_load",
  elf_file_mmap: "elf_load_segment",
  lwp_mmap2: "elf_file_mmap",
  lwp_data_set: "elf_file_mmap",
  LOG_W: "elf_load_segment",
  load_elf_interp: "elf_load_segment",
  elf_aux_fill: "elf_load_segment",
  elf_load_deinit: "elf_file_load",
  dfs_file_open: "lwp_execve",
  rt_thread_startup: "lwp_execve",
  lwp_user_object_clear: "lwp_execve",
  _swap_lwp_data: "lwp_execve",
  lwp_aspace_switch: "lwp_execve",
  lwp_ref_dec: "lwp_execve",
  arch_start_umode: "_lwp_thread_entry",
};

/** The lines of a load's steps, indented by who calls whom. */
export class CallTree {
  readonly #lines: string[] = [];

  /** The lines so far. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Hear an event. */
  hear(event: KernelEvent): void {
    if (event.kind !== "load") return;
    const line = `${"  ".repeat(depthOf(event.step))}${event.step}`;
    this.#lines.push(event.detail === "" ? line : `${line}  ${event.detail}`);
  }
}

/** How many callers a function has above it; functions that are not in the table have none. */
function depthOf(step: string): number {
  const caller = CALLER[step];
  return caller === undefined ? 0 : 1 + depthOf(caller);
}
