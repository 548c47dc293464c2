/**
 * Replay tokens: a schedule as one word, valid for one scenario under one engine.
 *
 * @module
 */
import { ScenarioError } from "../scenario_error.ts";

/** How tokens are written. */
const FORMAT = "v1";

/** Changes whenever the same choices could lead elsewhere. */
export const ENGINE = "1";

/** A hash of text, eight hexadecimal digits. */
export function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}

/** The token of a schedule. */
export function tokenOf(scenarioHash: string, choices: readonly number[]): string {
  const text = btoa(String.fromCharCode(...choices));
  const word = text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  return [FORMAT, scenarioHash, ENGINE, word].join(":");
}

/** The choices in a token, which must be for this scenario unless only a prefix is wanted. */
export function choicesOf(token: string, scenarioHash: string, forcePrefix = false): number[] {
  const [format, hash, engine, word] = token.split(":");
  if (format !== FORMAT || word === undefined) {
    throw new ScenarioError(
      `${token} is no replay token: one looks like ${FORMAT}:HASH:ENGINE:WORD`,
    );
  }
  if (!forcePrefix && engine !== ENGINE) {
    throw new ScenarioError(
      `the token is from engine ${engine}, this is engine ${ENGINE}; --force-prefix follows it as far as it fits`,
    );
  }
  if (!forcePrefix && hash !== scenarioHash) {
    throw new ScenarioError(
      `the token is for another scenario (${hash}, this one is ${scenarioHash}); --force-prefix follows it as far as it fits`,
    );
  }
  return decode(word, token);
}

function decode(word: string, token: string): number[] {
  try {
    const text = atob(word.replaceAll("-", "+").replaceAll("_", "/"));
    return [...text].map((letter) => letter.charCodeAt(0));
  } catch {
    throw new ScenarioError(`${token} is damaged: ${word} is no list of choices`);
  }
}
