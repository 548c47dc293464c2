/**
 * Time of check, time of use, with paths. A program checks a tool by its path and then executes it;
 * at one moment, whichever, somebody puts another file there. Asked: is what runs what was checked?
 *
 * Expected: yes, where the tool is opened once, and what was opened is read and executed. The twin
 * executes the path; there is one moment at which that is another file. Compare `time_of_check.ts`,
 * where handles alone are not enough either. Try: rewrite the file in place, with `writeAt`.
 *
 * @module
 */
import { codeOf } from "../../kernel/linux/exit_status.ts";
import { assemble, type Trials, trials } from "@zandbox/zandbox";
import { LinuxMachine } from "../../lab/machine/linux_machine.ts";

const [MARK, EVIL] = [15, 66]; // a byte that nobody uses of an ELF file's first sixteen; a code
const EXECVE = "li a7, 221; la a0, path; la a1, args; li a2, 0; ecall";
const EXECVEAT = "li a7, 281; mv a0, s0; la a1, no; la a2, args; li a3, 0; li a4, 4096; ecall";
const program = (text: string) => assemble(text.replaceAll("; ", "\n"), { type: 2 });

/** Opens the tool, reads its mark, and executes it one way or the other. */
const checker = (execute: string) =>
  program(`_start: li a7, 56; li a0, -100; la a1, path; li a2, 0; ecall; mv s0, a0
    li a7, 67; la a1, mark; li a2, 1; li a3, ${MARK}; ecall; la t0, mark; lb t0, 0(t0)
    beqz t0, end; ${execute}; end: li a7, 93; li a0, 1; ecall; .data; .balign 8
    args: .quad path, 0; mark: .byte 0; no: .byte 0; path: .asciz "/tool"`);

/** A tool that ends with a code, and is marked or not. */
function tool(code: number, mark: number): Uint8Array {
  return program(`_start: li a7, 93; li a0, ${code}; ecall`).with(MARK, mark);
}

function race(name: string, execute: string): Trials {
  return trials(`a checked tool, executed by ${name}`, (trial) => {
    const machine = new LinuxMachine();
    trial.watch(machine); // for --explain
    machine.put("/checker", checker(execute));
    machine.put("/tool", tool(0, 1));
    let calls = trial.pick("how many calls go before", [0, 1, 2, 3]);
    machine.listen((event) => {
      if (event.kind !== "syscall") return;
      if (calls-- === 0) {
        trial.tell("stranger", "puts another file at /tool");
        machine.put("/tool", tool(EVIL, 0));
      }
      trial.tell("checker", event.name);
    });
    const group = machine.start({ path: "/checker" });
    if (typeof group === "number") throw new Error(`execve answers ${group}`);
    machine.run(group);
    trial.tell("checker", `ends with ${codeOf(group.exitStatus)}`);
    trial.always("what runs was checked", codeOf(group.exitStatus) !== EVIL);
    trial.sometimes("the tool runs", group.exitStatus === 0);
  });
}

/** By what was opened: holds. */
export default race("what was opened", EXECVEAT);
/** By its path: violated. */
export const twin: Trials = race("its path", EXECVE);
