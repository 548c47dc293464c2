/**
 * The Zircon calls as scripts outside the package see them: every type written out.
 *
 * @module
 */
import { zx as inferred } from "../kernel/client.ts";
import type { ZirconClient } from "../kernel/zircon_client.ts";

/** Every Zircon call: `yield*` one, and it is made. */
export const zx: ZirconClient = inferred;
