/**
 * zandbox: a scriptable capability microkernel that runs real programs inside Deno.
 *
 * - `scenario` declares programs, the handles that they begin with, and what must hold; it tries every
 *   order of their steps. `zx` has the calls that programs make, `receive` the one that they make most.
 * - `zirconMachine` and `linuxMachine` run programs in machine code, and answer what they print.
 * - `loadGoodProgram` runs one in a model of loading, and reports how it came to run.
 * - `assemble`, `zirconProgram` and `writeElf` make programs without a compiler, `withField` spoils
 *   them, and `parseElf` reads them.
 * - `trials` is for experiments on whole machines, of which each choice is tried.
 *
 * @example
 * ```ts
 * import { scenario, zx } from "@zandbox/zandbox";
 *
 * const quiet = scenario("whoever may only wait does not signal", (world) => {
 *   const bell = world.event("bell");
 *   world.program("guest", [bell.only("WAIT")], function* (bell) {
 *     yield* zx.objectSignal({
 *       // @ts-expect-error The handle lacks SIGNAL. Types say so before the kernel refuses it.
 *       handle: bell,
 *       set: 1 << 24,
 *     });
 *   });
 *   world.never("the bell rings", (view) => (view.signals(bell) & 1 << 24) !== 0);
 * });
 * if ((await quiet.explore()).verdict !== "holds") throw new Error("it rang");
 * ```
 *
 * @module
 */
export { failed, type Failure, Status, type StatusName, statusName } from "./kernel/abi/status.ts";
export { Right, type RightName, rightNames, rightsText } from "./kernel/abi/rights.ts";
export { Signal } from "./kernel/abi/signals.ts";
export {
  JobPolicy,
  PolicyAction,
  PolicyCondition,
  type PolicyConditionName,
} from "./kernel/abi/policy.ts";
export * from "./kernel/abi/objects.ts";
export * from "./kernel/abi/memory.ts";
export * from "./kernel/abi/messages.ts";
export * from "./kernel/abi/tasks.ts";
export * from "./kernel/abi/time.ts";
export type * from "./kernel/events.ts";
export type { ClockTransform } from "./kernel/ipc/clock_transform.ts";
export type {
  InterruptPacket,
  PacketBody,
  PageRequestPacket,
  SignalPacket,
  UserPacket,
} from "./kernel/ipc/packet.ts";
export type { HandleKnowledge } from "./kernel/handle_value.ts";
export type * from "./kernel/ports.ts";
export type { Request, Script as Program } from "./kernel/task/thread.ts";
export type * from "./kernel/zircon_client.ts";
export type { AuthorityReport, Reach } from "./lab/authority/authority_report.ts";
export {
  type Authority,
  type AuthorityQuery,
  AuthoritySet,
} from "./lab/authority/authority_set.ts";
export type { AuthorityMoment } from "./lab/authority/authority_moment.ts";
export type { Rule } from "./lab/authority/closure.ts";
export { Drawing } from "./lab/authority/drawing.ts";
export { zx } from "./lab/calls.ts";
export type { ClaimKind, Predicate } from "./lab/claim.ts";
export type { Bounds } from "./lab/explore/explorer.ts";
export type { MapEntry } from "./lab/map_entry.ts";
export type { AuthorityAtEntry, ModelDifference } from "./lab/load/model_comparison.ts";
export type { ObjectHandle, ValueOf, ValuesOf } from "./lab/object_handle.ts";
export type { Delivery } from "./lab/provenance.ts";
export { receive, type Received } from "./lab/receive.ts";
export {
  type ClaimResult,
  type Counterexample,
  Report,
  type ReportFacts,
  ScenarioExit,
  type Verdict,
} from "./lab/telling/report.ts";
export type { Setup } from "./lab/run/run.ts";
export { type ExploreOptions, type RunOptions, type Scenario, scenario } from "./lab/scenario.ts";
export * from "./lab/machine/program_machine.ts";
export { ScenarioError } from "./lab/scenario_error.ts";
export type { LoadModelName } from "./lab/load/models.ts";
export { loadGoodProgram } from "./lab/load/program.ts";
export type * from "./lab/load/report.ts";
export type * from "./lab/load/request.ts";
export type { Photograph } from "./lab/load/photograph.ts";
export type { TalkingMachine } from "./lab/telling/refusals.ts";
export { type Trial, type Trials, trials } from "./lab/run/trials.ts";
export type { ObjectFact, Step } from "./lab/step.ts";
export type { Travel } from "./lab/travel.ts";
export type { ObjectState, View } from "./lab/view.ts";
export type * from "./lab/world.ts";
export * from "./loader/elf.ts";
export * from "./guests/assembler.ts";
export { withField, withFields } from "./guests/elf_field.ts";
export {
  type ElfDescription,
  type ElfName,
  type ElfPart,
  type ElfRange,
  writeElf,
} from "./guests/elf_writer.ts";
export type { Vdso } from "./guests/vdso.ts";
export { zirconProgram } from "./guests/zircon_program.ts";
export { zirconVdso } from "./lab/machine/vdso.ts";
export type { BootFiles } from "./loader/zircon/bootfs.ts";
