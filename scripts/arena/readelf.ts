/**
 * What `readelf` says of files, where it is there and may be run.
 *
 * @module
 */

/** What it says: nothing against a file, or its first complaint. */
export interface Opinion {
  /** Whether it has nothing against it. */
  readonly accepts: boolean;
  /** Its first complaint. */
  readonly text: string;
}

const AT_ONCE = 4;

/** Its opinion of every file, in order; null if there is none to be had. */
export async function opinions(files: readonly Uint8Array[]): Promise<Opinion[] | null> {
  if (!mayAsk()) return null;
  const folder = Deno.makeTempDirSync();
  const found: Opinion[] = new Array(files.length);
  try {
    let next = 0;
    const ask = async () => {
      for (let at = next++; at < files.length; at = next++) {
        const path = `${folder}/${at}`;
        Deno.writeFileSync(path, files[at]!);
        found[at] = await opinion(path);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, ask));
    return found;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function mayAsk(): boolean {
  const wanted = [{ name: "run", command: "readelf" }, { name: "write", path: "/tmp" }] as const;
  return wanted.every((one) => Deno.permissions.querySync(one).state === "granted");
}

async function opinion(path: string): Promise<Opinion> {
  const { code, stderr } = await new Deno.Command("readelf", { args: ["-hlW", path] }).output();
  const [first = ""] = new TextDecoder().decode(stderr).trim().split("\n");
  // Where the file lies for the while says nothing to anybody.
  const text = first.replace(/^readelf: /, "").replace(`${path}: `, "");
  return { accepts: code === 0 && first === "", text };
}
