/**
 * Files of the host as guests find them.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { FileKind, type Inode } from "../../kernel/linux/fs/inode.ts";
import { mountHost } from "../../kernel/linux/fs/mounting.ts";
import { RegularFile } from "../../kernel/linux/fs/regular_file.ts";
import { DenoHostFiles } from "../../scripts/host_files.ts";
import { TestLinux } from "../support/linux.ts";

/** What a machine finds in a folder that was prepared. */
function withFolder(
  prepare: (folder: string) => void,
  look: (find: (name: string) => Inode | null) => void,
): void {
  const folder = Deno.makeTempDirSync();
  try {
    prepare(folder);
    const directory = mountHost(new TestLinux().linux, "/host", new DenoHostFiles(folder));
    look((name) => directory.lookup(name));
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

Deno.test("a file of the host is as old as there, to the millisecond", () => {
  withFolder((folder) => {
    Deno.writeTextFileSync(`${folder}/file`, "text");
    Deno.utimeSync(`${folder}/file`, new Date(0), new Date(978_307_200_123));
  }, (find) => assertEquals(find("file")?.modified, { seconds: 978_307_200, nanos: 123_000_000 }));
});

Deno.test("two names of a file of the host are names of one file, also when it is written to", () => {
  withFolder((folder) => {
    Deno.writeTextFileSync(`${folder}/file`, "text");
    Deno.linkSync(`${folder}/file`, `${folder}/other`);
    Deno.writeTextFileSync(`${folder}/alone`, "text");
  }, (find) => {
    const file = find("file");
    assert(file instanceof RegularFile);
    file.writeAt(0, new TextEncoder().encode("more text"));
    assert(find("other") === file, "both names are of one file");
    assertEquals([file.links, find("alone")?.links], [2, 1]);
  });
});

Deno.test("a fifo of the host is one of the machine's own, and empty", () => {
  withFolder(
    (folder) => new Deno.Command("env", { args: ["mkfifo", `${folder}/fifo`] }).outputSync(),
    (find) => {
      assertEquals(find("fifo")?.kind, FileKind.FIFO);
      assertEquals(find("fifo")?.size, 0);
    },
  );
});
