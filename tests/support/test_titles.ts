/**
 * The tests of a folder without running them: their titles, and what they do.
 *
 * @module
 */

/** A test that was collected. */
export interface CollectedTest {
  /** Its title. */
  readonly name: string;
  /** The file that it is in. */
  readonly file: string;
  /** What it does. */
  readonly fn: () => void | Promise<void>;
  /** Whether it is skipped. */
  readonly ignore: boolean;
}

interface Definition {
  readonly name: string;
  readonly fn: () => void | Promise<void>;
  readonly ignore?: boolean;
}

/** Every test in the files of a folder, those that loops make too. */
export async function collectTests(
  folder: string,
  wanted: (file: string) => boolean = () => true,
): Promise<CollectedTest[]> {
  const found: CollectedTest[] = [];
  const real = Deno.test;
  let file = "";
  const record = (test: string | Definition, fn?: Definition["fn"]) => {
    const definition = typeof test === "string" ? { name: test, fn: fn! } : test;
    found.push({ ignore: false, ...definition, file });
  };
  const test = Object.assign(record, { ignore: () => {}, only: record });
  Object.defineProperty(Deno, "test", { value: test, configurable: true });
  try {
    for (const { name } of [...Deno.readDirSync(folder)].sort((a, b) => a.name < b.name ? -1 : 1)) {
      file = name;
      if (name.endsWith("_test.ts") && wanted(name)) await import(`${folder}/${name}`);
    }
  } finally {
    Object.defineProperty(Deno, "test", { value: real, configurable: true });
  }
  return found;
}
