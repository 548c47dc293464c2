/**
 * `--debug`: going back and forth in a run of a scenario, by lines from standard input.
 *
 * @module
 */
import { TextLineStream } from "./line_stream.ts";
import { ScenarioError, type Travel } from "../../mod.ts";
import { print } from "../command.ts";

/** One thing that can be asked for. */
interface Command {
  /** What stands behind its name. */
  readonly words: string;
  /** What it does. */
  readonly about: string;
  /** Do it; answers what to print. */
  readonly run: (travel: Travel, word: string) => string;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  step: { words: "[N]", about: "go one step on, or N", run: stepOn },
  back: { words: "[N]", about: "go one step back, or N", run: stepBack },
  to: { words: "N", about: "go to after step N; 0 is before the first", run: goTo },
  run: {
    words: "[TEXT]",
    about: "go on to the next step with TEXT in its line, or to the end",
    run: (travel, word) => {
      if (word === "") travel.to(travel.length);
      else if (!travel.runTo(word)) {
        return `no later step has "${word}" in its line; ${still(travel)}`;
      }
      return here(travel);
    },
  },
  rewind: {
    words: "[TEXT]",
    about: "go back to the last step with TEXT in its line, or to the beginning",
    run: (travel, word) => {
      if (word === "") travel.to(0);
      else if (!travel.backTo(word)) {
        return `no earlier step has "${word}" in its line; ${still(travel)}`;
      }
      return here(travel);
    },
  },
  where: { words: "", about: "say again where one is, and who can go on", run: here },
  list: {
    words: "",
    about: "print all steps, with > before the one taken last",
    run: (travel) => {
      const lines = Array.from({ length: travel.length }, (_, at) => {
        return `${at + 1 === travel.step ? ">" : " "} ${travel.line(at + 1)}`;
      });
      return lines.length === 0 ? `the run has no steps: ${travel.ending}` : lines.join("\n");
    },
  },
  state: {
    words: "[N]",
    about: "print programs with their handles, and objects; after step N, if there is one",
    run: (travel, word) => {
      if (word !== "") travel.to(stepNumber(travel, word));
      return [`after step ${travel.step}`, ...travel.state()].join("\n");
    },
  },
  why: {
    words: "",
    about: "explain a refusal, and how the step came to the handles that it used",
    run: (travel) => [`step ${travel.line()}`, ...travel.why()].join("\n"),
  },
  choose: {
    words: "PROGRAM",
    about: "let a program take the next step; what follows is another run",
    run: choose,
  },
  token: {
    words: "",
    about: "print what repeats the run up to here",
    run: (travel) => `--replay=${travel.token} repeats the steps up to here`,
  },
  help: { words: "", about: "print this", run: helpText },
  quit: { words: "", about: "end", run: () => "" },
};

/** Go back and forth in a run as lines say; answers when they end or one says quit. */
export async function debug(name: string, travel: Travel): Promise<void> {
  print(`${name}: ${counted(travel.length, "step")}; help lists the commands`);
  print(here(travel));
  const prompt = Deno.stdin.isTerminal() ? new TextEncoder().encode("> ") : null;
  const ask = () => prompt && Deno.stdout.writeSync(prompt);
  let last = "step";
  ask();
  for await (const line of Deno.stdin.readable.pipeThrough(new TextLineStream())) {
    const words = line.trim() || last;
    last = words;
    const [, order = "", word = ""] = /^(\S+)\s*(.*)$/.exec(words) ?? [];
    const name = commandNamed(order);
    if (name === "quit") return;
    print(name ? answerTo(travel, name, word) : unknown(order));
    ask();
  }
  if (prompt) print("");
}

/** A command by its name, or by what its name begins with. */
function commandNamed(order: string): string | undefined {
  const names = Object.keys(COMMANDS);
  return names.find((one) => one === order) ?? names.find((one) => one.startsWith(order));
}

function unknown(order: string): string {
  return `there is no command ${order}; there is ${Object.keys(COMMANDS).join(", ")}`;
}

function answerTo(travel: Travel, name: string, word: string): string {
  try {
    return COMMANDS[name]!.run(travel, word);
  } catch (error) {
    if (error instanceof ScenarioError) return error.message;
    throw error;
  }
}

function stepOn(travel: Travel, word: string): string {
  const steps = countOf(word, "back");
  if (travel.step === travel.length && steps > 0) {
    return `there is no step after step ${travel.step}: ${travel.ending}`;
  }
  travel.by(steps);
  return here(travel);
}

function stepBack(travel: Travel, word: string): string {
  const steps = countOf(word, "step");
  if (travel.step === 0 && steps > 0) return "this is the beginning; there is no step to go back";
  travel.by(-steps);
  return here(travel);
}

function goTo(travel: Travel, word: string): string {
  if (word === "") return `to which step? The run has steps 1 to ${travel.length}, such as: to 1`;
  travel.to(stepNumber(travel, word));
  return here(travel);
}

function choose(travel: Travel, word: string): string {
  const ready = travel.ready();
  if (word === "" && ready.length === 0) return `nobody can take a step: ${travel.ending}`;
  if (word === "") return `choose whom? ${listed(ready)} can take the next step`;
  travel.choose(word);
  return `another run from here on, of ${counted(travel.length, "step")}\n${here(travel)}`;
}

function helpText(): string {
  const lines = Object.entries(COMMANDS).map(([name, { words, about }]) =>
    `${`${name} ${words}`.padEnd(16)} ${about}`
  );
  return [...lines, "", "The beginning of a name will do; an empty line repeats the last."].join(
    "\n",
  );
}

/** Where one is: the step taken last, and who can take the next. */
function here(travel: Travel): string {
  const line = travel.line().replace(/^\d+ /, "");
  const lines = [`step ${travel.step} of ${travel.length}: ${line}`];
  if (travel.step === travel.length) lines.push(`  the end: ${travel.ending}`);
  else lines.push(`  ${travel.ready().join(" or ")} can take the next step`);
  return lines.join("\n");
}

function still(travel: Travel): string {
  return `this is still step ${travel.step}`;
}

/** How many steps; one unless told. */
function countOf(word: string, other: string): number {
  if (word === "") return 1;
  const number = Number(word);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  const hint = number < 0 ? `; to go the other way there is ${other}` : "";
  throw new ScenarioError(`${word} is no number of steps${hint}`);
}

/** The number of a step that there is. */
function stepNumber({ length }: Travel, word: string): number {
  const number = Number(word);
  if (!Number.isSafeInteger(number)) throw new ScenarioError(`${word} is no number of a step`);
  if (number >= 0 && number <= length) return number;
  throw new ScenarioError(`there is no step ${word}: the run has ${counted(length, "step")}`);
}

function listed(names: readonly string[]): string {
  return names.join(" and ");
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
