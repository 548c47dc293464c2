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
  step: {
    words: "[N]",
    about: "go one step on, or N",
    run: (travel, word) => (travel.by(numberOf(word)), here(travel)),
  },
  back: {
    words: "[N]",
    about: "go one step back, or N",
    run: (travel, word) => (travel.by(-numberOf(word)), here(travel)),
  },
  to: {
    words: "N",
    about: "go to after step N",
    run: (travel, word) => (travel.to(numberOf(word)), here(travel)),
  },
  run: {
    words: "[TEXT]",
    about: "go on to the next step with TEXT in its line, or to the end",
    run: (travel, word) => {
      if (word === "") travel.to(travel.length);
      else if (!travel.runTo(word)) return `no later step has ${word} in its line`;
      return here(travel);
    },
  },
  rewind: {
    words: "[TEXT]",
    about: "go back to the last step with TEXT in its line, or to the beginning",
    run: (travel, word) => {
      if (word === "") travel.to(0);
      else if (!travel.backTo(word)) return `no earlier step has ${word} in its line`;
      return here(travel);
    },
  },
  state: {
    words: "[N]",
    about: "print programs with their handles, and objects, after this step or step N",
    run: (travel, word) => {
      if (word !== "") travel.to(numberOf(word));
      return travel.state().join("\n");
    },
  },
  list: {
    words: "",
    about: "print all steps",
    run: (travel) =>
      Array.from({ length: travel.length }, (_, at) => {
        return `${at + 1 === travel.step ? ">" : " "} ${travel.line(at + 1)}`;
      }).join("\n"),
  },
  choose: {
    words: "PROGRAM",
    about: "let a program take the next step; what follows is another run",
    run: (travel, word) => (travel.choose(word), here(travel)),
  },
  quit: { words: "", about: "end", run: () => "" },
};

/** Go back and forth in a run as lines say; answers when they end or one says quit. */
export async function debug(name: string, travel: Travel): Promise<void> {
  print(`${name}: ${travel.length} steps; help lists the commands`);
  print(here(travel));
  let last = "step";
  for await (const line of Deno.stdin.readable.pipeThrough(new TextLineStream())) {
    const words = line.trim() || last;
    last = words;
    const [order = "", ...rest] = words.split(" ");
    if (order === "quit") return;
    print(answerTo(travel, order, rest.join(" ")));
  }
}

function answerTo(travel: Travel, name: string, word: string): string {
  if (name === "help") return helpText();
  const found = Object.keys(COMMANDS).find((one) => one === name) ??
    Object.keys(COMMANDS).find((one) => one.startsWith(name));
  if (!found) return `there is no command ${name}; help lists them`;
  try {
    return COMMANDS[found]!.run(travel, word);
  } catch (error) {
    if (error instanceof ScenarioError) return error.message;
    throw error;
  }
}

function helpText(): string {
  return Object.entries(COMMANDS).map(([name, { words, about }]) =>
    `${`${name} ${words}`.padEnd(16)} ${about}`
  ).join("\n");
}

/** Where one is: the step taken last, and who can take the next. */
function here(travel: Travel): string {
  const lines = [`step ${travel.step} of ${travel.length}: ${travel.line()}`];
  const ready = travel.ready();
  if (travel.step === travel.length) lines.push(`  the end: ${travel.ending}`);
  else lines.push(`  next can be ${ready.join(" or ")}`);
  return lines.join("\n");
}

function numberOf(word: string): number {
  if (word === "") return 1;
  const number = Number(word);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new ScenarioError(`${word} is no number of a step`);
}
