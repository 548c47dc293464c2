/**
 * The door for userspace: every system call, typed by its row.
 *
 * A program is a generator. It gets its bootstrap handle and asks the kernel with `yield*`:
 *
 * ```ts ignore
 * function* program(channel: number): Program {
 *   const message = yield* zx.channelRead({ handle: channel });
 *   if (failed(message)) return;
 *   yield* zx.handleClose({ handle: channel });
 * }
 * ```
 *
 * @module
 */
import { type ClientOf, clientOf } from "./syscall/script.ts";
import { ZIRCON_ROWS } from "./zircon/rows.ts";

export type { Operation, ScriptArgs, ScriptOuts } from "./syscall/script.ts";
export type { Request, Script as Program } from "./task/thread.ts";

/** Every Zircon call, by its name without `zx_`. */
export type Client = ClientOf<typeof ZIRCON_ROWS>;

/** Every Zircon call, as a script makes it. */
export const zx: Client = clientOf(ZIRCON_ROWS);
