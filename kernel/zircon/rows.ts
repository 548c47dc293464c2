/**
 * Every Zircon call, by the name that scripts use.
 *
 * @module
 */
import { HANDLE_ROWS } from "./handles.ts";
import { OBJECT_ROWS } from "./objects.ts";
import { TASK_ROWS } from "./tasks.ts";
import { TIME_ROWS } from "./time.ts";

/** All rows. */
export const ZIRCON_ROWS = {
  ...HANDLE_ROWS,
  ...OBJECT_ROWS,
  ...TASK_ROWS,
  ...TIME_ROWS,
};
