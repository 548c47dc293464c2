/**
 * What is asked about when tasks run, and read and write.
 *
 * @module
 */

/** How tasks are scheduled. */
export const Policy = { OTHER: 0, FIFO: 1, RR: 2, BATCH: 3, IDLE: 5, DEADLINE: 6 } as const;

/** How that is set. */
export const ScheduleFlag = { RESET_ON_FORK: 1 } as const;

/** The bytes of what is said of that: as few as there ever were, and all that are known. */
export const ScheduleSize = { LEAST: 48, WHOLE: 56 } as const;

/** Whose reading and writing is meant. */
export const IoPriorityOf = { PROCESS: 1, PGRP: 2, USER: 3 } as const;

/** How urgent reading and writing is. */
export const IoClass = { NONE: 0, RT: 1, BE: 2, IDLE: 3 } as const;

/** Where in a priority of reading and writing that is. */
export const IO_CLASS_SHIFT = 13;
