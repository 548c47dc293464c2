/**
 * Descriptors. A program opens a secret and a socket, forks, and its child becomes a helper by
 * `execve`. Asked: does the helper have anything that nobody gave it?
 *
 * Expected: no, where each was opened with CLOEXEC. To forget it once is enough, as in the twin;
 * `--export=zcore` never forgets, under a kernel that leaves sockets open all the same. For
 * `--export=zircon` a launcher starts it: only what is listed arrives. Try: 73 (dup) after the open.
 *
 * @module
 */
import { assemble, type Authority, type Trials, trials } from "@zandbox/zandbox";
import { guestUrl } from "../../guests/built.ts";
import { LinuxMachine } from "../../lab/machine/linux_machine.ts";
import { Machine } from "../../lab/machine/machine.ts";

const CLOEXEC = 0o2000000;
const FILE = Deno.readFileSync(guestUrl("hello"));
const GIVEN = /^\/helper$|^pipe$/;
const nameOf = ({ object }: Authority) => object.replace(/:\[\d+\]/, "");
const program = (text: string) => assemble(text.replaceAll("; ", "\n"), { type: 2 });
const HELPER = program("_start: li a7, 73; li a0, 0; li a1, 0; li a2, 0; ecall");
const opener = (file: number, socket: number) =>
  program(`_start: li a7, 56; li a0, -100; la a1, secret; li a2, ${file}; ecall
    li a7, 198; li a0, 1; li a1, ${1 | socket}; li a2, 0; ecall
    li a7, 220; li a0, 17; li a1, 0; ecall; bnez a0, parent
    li a7, 221; la a0, helper; la a1, args; li a2, 0; ecall
    parent: li a7, 260; li a0, -1; li a1, 0; li a2, 0; li a3, 0; ecall; .data; .balign 8
    args: .quad helper, 0; secret: .asciz "/secret"; helper: .asciz "/helper"`);

function descriptors(name: string, flags: readonly number[], faithful?: "zcore"): Trials {
  return trials(`descriptors behind execve, ${name}`, (trial) => {
    const machine = new LinuxMachine(faithful ? { faithful } : {});
    trial.watch(machine); // for --explain
    const [file, socket] = [trial.pick("file", flags), trial.pick("socket", flags)];
    machine.put("/secret", new TextEncoder().encode("S3CRET"));
    machine.put("/helper", HELPER);
    machine.put("/opener", opener(file, socket));
    trial.tell("opener", `opens /secret ${file ? "with" : "without"} CLOEXEC`);
    trial.tell("opener", `makes a socket ${socket ? "with" : "without"} CLOEXEC`);
    machine.start({ path: "/opener" });
    machine.kernel.run();
    const has = new Set([...machine.authority().held.where({ program: "helper" })].map(nameOf));
    const left = [...has].filter((name) => !GIVEN.test(name));
    trial.tell("helper", ["has its file, three streams", ...left].join(" and "));
    trial.always("it has what it was given, and no more", left.length === 0);
  });
}

export default descriptors("each with its flag", [CLOEXEC]);
/** A flag forgotten: violated. */
export const twin: Trials = descriptors("with flags forgotten", [CLOEXEC, 0]);
/** A kernel that leaves sockets open: violated. */
export const zcore: Trials = descriptors("as zCore does it", [CLOEXEC], "zcore");
/** A launcher gives one channel, and in it what was listed: holds. */
export const zircon: Trials = trials("handles behind a launcher", (trial) => {
  const started = new Machine().launch({ file: FILE, args: ["hello"] });
  const handles = "reason" in started ? [] : started.handles().map(({ type }) => type);
  trial.always("it has a channel, and no more", handles.join() === "channel");
});
