/**
 * Every Zircon call, by the name that scripts use.
 *
 * @module
 */
import { CHANNEL_CALL_ROWS } from "./channel_calls.ts";
import { CHANNEL_ROWS } from "./channels.ts";
import { EVENT_ROWS } from "./events.ts";
import { FIFO_ROWS } from "./fifos.ts";
import { HANDLE_ROWS } from "./handles.ts";
import { MEMORY_ROWS } from "./memory.ts";
import { MEMORY_RANGE_ROWS } from "./memory_ranges.ts";
import { OBJECT_ROWS } from "./objects.ts";
import { PAGER_ROWS } from "./pagers.ts";
import { PORT_ROWS } from "./ports.ts";
import { SOCKET_ROWS } from "./sockets.ts";
import { REGION_ROWS } from "./regions.ts";
import { STREAM_ROWS } from "./streams.ts";
import { TASK_ROWS } from "./tasks.ts";
import { TIME_ROWS } from "./time.ts";
import { WAIT_ROWS } from "./waits.ts";

/** All rows. */
export const ZIRCON_ROWS = {
  ...CHANNEL_ROWS,
  ...CHANNEL_CALL_ROWS,
  ...EVENT_ROWS,
  ...FIFO_ROWS,
  ...HANDLE_ROWS,
  ...MEMORY_ROWS,
  ...MEMORY_RANGE_ROWS,
  ...OBJECT_ROWS,
  ...PAGER_ROWS,
  ...PORT_ROWS,
  ...SOCKET_ROWS,
  ...REGION_ROWS,
  ...STREAM_ROWS,
  ...TASK_ROWS,
  ...TIME_ROWS,
  ...WAIT_ROWS,
};
