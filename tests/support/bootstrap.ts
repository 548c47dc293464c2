/**
 * What a launched program is told before it runs, and where it finds itself, as text.
 *
 * @module
 */
import { decodeProcessArgs, failed, paName } from "../../kernel/abi.ts";
import { Channel } from "../../kernel/ipc/channel.ts";
import { Machine, RunningProgram, shortRights } from "../../lab/mod.ts";
import { guestFiles } from "../../scripts/guest_files.ts";

/** A program's map and its bootstrap messages: bytes in hexadecimal, then what each handle is. */
export function bootstrapOf(args: readonly string[], environ: readonly string[]): string[] {
  const machine = new Machine({ seed: 2026 });
  machine.open(guestFiles());
  const program = machine.launch({ args, environ });
  if (!(program instanceof RunningProgram)) throw new Error(program.reason);
  const { processes } = machine.kernel.rootJob;
  const process = [...processes].find(({ koid }) => koid === program.koid)!;
  const [held] = [...process.handleTable.entries()];
  const object = held?.[1].object;
  if (!(object instanceof Channel)) throw new Error("the program holds no bootstrap channel");
  const lines = program.map().map(({ base, size, access, offset, name }) =>
    `${base.toString(16)} +${size.toString(16)} ${access} @${offset.toString(16)} ${name}`
  );
  for (let front = object.front(); !failed(front); front = object.front()) {
    const { bytes, handles } = object.take();
    const said = decodeProcessArgs(bytes, handles.length);
    if (typeof said === "string") throw new Error(said);
    lines.push(hex(bytes));
    lines.push(
      ...said.handleInfo.map((info, at) =>
        `${paName(info)} ${handles[at]!.object.label} ${shortRights(handles[at]!.rights)}`
      ),
    );
  }
  return lines;
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
