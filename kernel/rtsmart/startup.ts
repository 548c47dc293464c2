/**
 * `lwp_startup`: the first process of a machine that boots.
 *
 * @module
 */
import { Errno } from "./error.ts";
import { lwpExecve } from "./execve.ts";
import type { Lwp } from "./lwp.ts";
import type { RtSmart } from "./rtsmart.ts";

/** Where the first program may be. */
const INIT_PATHS = ["/sbin/init", "/bin/init"] as const;

/** Start the first program, which no signal ends; answers its process, or why there is none. */
export function lwpStartup(rtsmart: RtSmart): Lwp | number {
  const path = INIT_PATHS.find((one) => typeof rtsmart.files.find(one) !== "number");
  if (path === undefined) return Errno.ENOENT;
  const environment = ["CONSOLE=/dev/console"];
  const lwp = lwpExecve(rtsmart, { path, args: [path], environment, caller: null });
  if (typeof lwp === "number") return lwp;
  if (lwp.pid !== 1) return Errno.EBUSY;
  lwp.isProtected = true;
  return lwp;
}
