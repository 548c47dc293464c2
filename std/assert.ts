/**
 * The part of `@std/assert` that this project uses, over `node:assert`, so that nothing is fetched.
 *
 * To use the registry's package instead, set `"@std/assert": "jsr:@std/assert@1"` in `deno.json`.
 *
 * @module
 */
import { AssertionError, deepStrictEqual, notDeepStrictEqual } from "node:assert";
import { inspect } from "node:util";

export { AssertionError };

/** Fail unless the condition is true. */
export function assert(
  condition: unknown,
  message = "the condition does not hold",
): asserts condition {
  if (!condition) throw new AssertionError({ message });
}

/** Fail unless the two values are equal all the way down. */
export function assertEquals<T>(actual: T, expected: T, message?: string): void {
  try {
    deepStrictEqual(actual, expected);
  } catch (error) {
    if (!message || !(error instanceof Error)) throw error;
    throw new AssertionError({ message: `${message}\n${error.message}` });
  }
}

/** Fail if the two values are equal all the way down. */
export function assertNotEquals<T>(actual: T, expected: T, message?: string): void {
  notDeepStrictEqual(actual, expected, message);
}

/** Fail unless the text contains the part. */
export function assertStringIncludes(actual: string, part: string, message?: string): void {
  if (!actual.includes(part)) {
    throw new AssertionError({
      message: message ?? `expected ${inspect(actual)} to contain ${inspect(part)}`,
    });
  }
}

/** Fail unless the text matches the pattern. */
export function assertMatch(actual: string, pattern: RegExp, message?: string): void {
  if (!pattern.test(actual)) {
    throw new AssertionError({
      message: message ?? `expected ${inspect(actual)} to match ${pattern}`,
    });
  }
}

/** Fail unless the value is an instance of the class. */
export function assertInstanceOf<T>(
  actual: unknown,
  type: abstract new (...args: never[]) => T,
): asserts actual is T {
  if (!(actual instanceof type)) {
    throw new AssertionError({
      message: `expected an instance of ${type.name}, found ${inspect(actual)}`,
    });
  }
}

type ErrorClass<E extends Error> = abstract new (...args: never[]) => E;

function checkError<E extends Error>(
  error: unknown,
  type: ErrorClass<E> | undefined,
  messageIncludes = "",
): asserts error is E {
  assertInstanceOf(error, type ?? Error);
  assertStringIncludes(error.message, messageIncludes);
}

/** Fail unless calling the function throws an error of this class; answers the error. */
export function assertThrows<E extends Error = Error>(
  call: () => unknown,
  type?: ErrorClass<E>,
  messageIncludes?: string,
): E {
  try {
    call();
  } catch (error) {
    checkError(error, type, messageIncludes);
    return error;
  }
  throw new AssertionError({ message: "expected the function to throw" });
}

/** Fail unless awaiting the promise rejects with an error of this class; answers the error. */
export async function assertRejects<E extends Error = Error>(
  call: () => PromiseLike<unknown>,
  type?: ErrorClass<E>,
  messageIncludes?: string,
): Promise<E> {
  try {
    await call();
  } catch (error) {
    checkError(error, type, messageIncludes);
    return error;
  }
  throw new AssertionError({ message: "expected the promise to reject" });
}
