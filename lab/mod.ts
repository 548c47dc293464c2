/**
 * The lab: a machine to run programs in, and what one wants to know of a run.
 *
 * `machine.ts` introduces processor, kernel and user space to each other; everything else here
 * looks at what they do.
 *
 * @module
 */
export {
  type BootRequest,
  type LaunchOptions,
  Machine,
  type MachineOptions,
} from "./machine/machine.ts";
export type { MapEntry } from "./map_entry.ts";
export { type HeldHandle, RunningProgram } from "./machine/running_program.ts";
export { LoadStory, shortRights, type StoryStep } from "./telling/story.ts";
