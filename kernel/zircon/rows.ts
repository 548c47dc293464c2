/**
 * Every Zircon call, by the name that scripts use.
 *
 * @module
 */
import { CHANNEL_CALL_ROWS } from "./channel_calls.ts";
import { CHANNEL_ROWS } from "./channels.ts";
import { CHILD_ROWS } from "./children.ts";
import { CLOCK_ROWS } from "./clocks.ts";
import { COUNTER_ROWS } from "./counters.ts";
import { EVENT_ROWS } from "./events.ts";
import { EXCEPTION_ROWS } from "./exceptions.ts";
import { FIFO_ROWS } from "./fifos.ts";
import { FUTEX_ROWS } from "./futexes.ts";
import { HANDLE_ROWS } from "./handles.ts";
import { HARDWARE_ROWS } from "./hardware.ts";
import { INFO_ROWS } from "./info.ts";
import { INTERRUPT_ROWS } from "./interrupts.ts";
import { IOB_ROWS } from "./iobs.ts";
import { JOB_ROWS } from "./jobs.ts";
import { LOG_ROWS } from "./logs.ts";
import { MEMORY_RANGE_ROWS } from "./memory_ranges.ts";
import { MAPPED_CLOCK_ROWS } from "./mapped_clocks.ts";
import { MEMORY_ROWS } from "./memory.ts";
import { OBJECT_ROWS } from "./objects.ts";
import { PAGER_ROWS } from "./pagers.ts";
import { PORT_ROWS } from "./ports.ts";
import { PROCESS_ROWS } from "./processes.ts";
import { PROFILE_ROWS } from "./profiles.ts";
import { PROPERTY_ROWS } from "./properties.ts";
import { REGION_ROWS } from "./regions.ts";
import { RESOURCE_ROWS } from "./resources.ts";
import { SOCKET_ROWS } from "./sockets.ts";
import { STREAM_ROWS } from "./streams.ts";
import { SUSPENSION_ROWS } from "./suspension.ts";
import { SYSTEM_ROWS } from "./system.ts";
import { THREAD_ROWS } from "./threads.ts";
import { TIME_ROWS } from "./time.ts";
import { WAIT_ROWS } from "./waits.ts";

/** All rows. */
export const ZIRCON_ROWS = {
  ...CHANNEL_CALL_ROWS,
  ...CHANNEL_ROWS,
  ...CHILD_ROWS,
  ...CLOCK_ROWS,
  ...COUNTER_ROWS,
  ...EVENT_ROWS,
  ...EXCEPTION_ROWS,
  ...FIFO_ROWS,
  ...FUTEX_ROWS,
  ...HANDLE_ROWS,
  ...HARDWARE_ROWS,
  ...INFO_ROWS,
  ...INTERRUPT_ROWS,
  ...IOB_ROWS,
  ...JOB_ROWS,
  ...LOG_ROWS,
  ...MAPPED_CLOCK_ROWS,
  ...MEMORY_ROWS,
  ...MEMORY_RANGE_ROWS,
  ...OBJECT_ROWS,
  ...PAGER_ROWS,
  ...PORT_ROWS,
  ...PROCESS_ROWS,
  ...PROFILE_ROWS,
  ...PROPERTY_ROWS,
  ...REGION_ROWS,
  ...RESOURCE_ROWS,
  ...SOCKET_ROWS,
  ...STREAM_ROWS,
  ...SUSPENSION_ROWS,
  ...SYSTEM_ROWS,
  ...THREAD_ROWS,
  ...TIME_ROWS,
  ...WAIT_ROWS,
};
