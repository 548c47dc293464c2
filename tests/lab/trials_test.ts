/**
 * Trials: every combination once, the shortest story, tokens, and what cannot be judged.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { assemble } from "../../guests/assembler.ts";
import { linuxMachine, zirconMachine } from "../../lab/machine/program_machine.ts";
import { type Trial, trials } from "../../lab/run/trials.ts";
import { zirconVdso } from "../../lab/machine/vdso.ts";
import { zirconProgram } from "../../guests/zircon_program.ts";

/** Two dice, each told of only where it shows more than one. */
function dice(trial: Trial): void {
  const shown = ["first", "second"].map((which) => trial.pick(which, [1, 2, 3]));
  for (const one of shown) if (one > 1) trial.tell("die", `shows ${one}`);
  trial.always("they show less than four", shown[0]! + shown[1]! < 4);
  trial.sometimes("they show the same", shown[0] === shown[1]);
}

Deno.test("every combination is tried once, and the shortest story is told", async () => {
  const report = await trials("dice", dice).explore();
  assertEquals([report.verdict, report.exitCode, report.facts.schedules], ["violated", 1, 9]);
  assertMatch(report.toString(), /^dice: violated, after 9 trials one by one/);
  const { story, steps, shortest } = report.facts.counterexample!;
  assertEquals({ story, steps, shortest }, {
    story: ["die", "    1  shows 3"],
    steps: 1,
    shortest: true,
  });
});

Deno.test("a token repeats its trial, and is refused by other trials", async () => {
  const one = trials("dice", dice);
  const { token, story } = (await one.explore()).facts.counterexample!;
  const again = one.run({ replay: token });
  assertEquals([again.verdict, again.facts.story], ["violated", story]);
  const other = trials("cards", dice).run({ replay: token });
  assertEquals([other.verdict, other.exitCode], ["broken", 2]);
  assertMatch(other.toString(), /the token is for another scenario/);
});

Deno.test("trials in which nothing is wrong hold, and one of them is incomplete", async () => {
  const fine = trials("fine", (trial) => trial.always("it is", trial.pick("n", [1, 2]) > 0));
  assertEquals((await fine.explore()).verdict, "holds");
  assertEquals([fine.run().verdict, fine.run().exitCode], ["incomplete", 4]);
  const cut = await fine.explore({ schedules: 1 });
  assertEquals([cut.verdict, cut.facts.bounds], ["incomplete", ["trials"]]);
});

Deno.test("what was never true in any trial is violated", async () => {
  const report = await trials("never", (trial) => trial.sometimes("it is", false)).explore();
  assertEquals(report.verdict, "violated");
});

Deno.test("trials that throw are broken, those that differ nondeterministic", async () => {
  const broken = await trials("broken", (trial) => void trial.pick("nothing", [])).explore();
  assertEquals([broken.verdict, broken.exitCode], ["broken", 2]);
  assertMatch(broken.toString(), /there is nothing to pick for nothing/);
  let count = 0;
  const moody = trials("moody", (trial) => trial.tell("mood", `${count++}`));
  assertEquals([moody.run().verdict, moody.run().exitCode], ["nondeterministic", 5]);
});

const OPENER = assemble(
  `_start: li a7, 56
  li a0, -100
  la a1, path
  li a2, 0
  ecall
  li a7, 93
  li a0, 0
  ecall
  .data
  path: .asciz "/secret"`,
  { type: 2 },
);

Deno.test("what a Linux machine of a trial refuses is explained: by whose permissions, to whom", async () => {
  const readers = trials("readers", (trial) => {
    const uid = trial.pick("user", [0, 1000, 1001]);
    const machine = linuxMachine();
    trial.watch(machine);
    machine.put("/secret", new Uint8Array(1), 0o640);
    const program = machine.launch({ file: OPENER, args: ["reader"], user: { uid, gid: 7 } });
    trial.always("it ends", !("reason" in program) && program.wait() === 0);
    trial.always("it is no stranger", uid !== 1001);
  });
  const lines = (uid: number) => [
    "reader: openat is refused with EACCES on /secret",
    "  wanted  openat",
    `  held    user ${uid}, group 7`,
    "  rule    the permissions on the way there do not allow it: /secret is rw-r----- and belongs " +
    "to user 0 and group 0",
    "  grant   permissions that do, or user 0",
  ];
  assertEquals((await readers.explore()).facts.denials, []);
  const { counterexample, denials } = (await readers.explore({ explain: true })).facts;
  assertEquals([counterexample!.denials, denials], [lines(1001), lines(1001)]);
  const again = readers.run({ explain: true, replay: counterexample!.token });
  assertEquals(again.facts.denials, lines(1001));
  assertEquals(readers.run({ explain: true }).facts.denials, []);
});

Deno.test("what a machine with handles refuses in a trial is explained, too", async () => {
  const text = `_start:
    li a0, 0x123
    call zx_handle_close
    li a0, 0
    call zx_process_exit`;
  const file = zirconProgram(text, zirconVdso());
  const report = await trials("closers", (trial) => {
    const machine = zirconMachine();
    trial.watch(machine);
    const program = machine.launch({ file, args: ["closer"] });
    trial.always("it is launched", !("reason" in program));
    machine.run();
  }).explore({ explain: true });
  assertMatch(
    report.facts.denials.join("\n"),
    /closer: zx_handle_close is refused with BAD_HANDLE/,
  );
});
