/**
 * Loading a program with `lwp_execve`, with its report.
 *
 * @module
 */
import { errorName } from "../../kernel/rtsmart/error.ts";
import type { Generation } from "../../kernel/rtsmart/loader.ts";
import type { Lwp } from "../../kernel/rtsmart/lwp.ts";
import { ENDLESS, type Loaded, type LoadRequest } from "./request.ts";
import { exceptionText } from "./report.ts";
import { LoadRecorder } from "./recorder.ts";
import { Camera } from "./photograph.ts";
import { RtSmartMachine } from "../machine/rtsmart_machine.ts";

/** Load a program with `lwp_execve`: parsed, and mapped at fixed addresses, by the kernel. */
export function loadRtSmart(request: LoadRequest): Loaded {
  return loadWith("B", request);
}

/** The same with `load_elf`, the loader of the first years. */
export function loadRtSmartA(request: LoadRequest): Loaded {
  return loadWith("A", request);
}

function loadWith(generation: Generation, request: LoadRequest): Loaded {
  const { file, args, environ = [], libraries, timeout, clock } = request;
  let output = "";
  const decoder = new TextDecoder();
  const stdout = (bytes: Uint8Array) => void (output += decoder.decode(bytes, { stream: true }));
  const machine = new RtSmartMachine({ stdout, generation });
  const path = args[0]!.startsWith("/") ? args[0]! : `/bin/${args[0]}`;
  for (const [name, bytes] of Object.entries(libraries)) machine.put(`/${name}`, bytes);
  machine.put(path, file);
  machine.endInput();
  const camera = new Camera(machine.kernel);
  const recorder = new LoadRecorder(camera.take);
  machine.listen((event) => recorder.hear(event));
  recorder.begin();
  const began = clock();
  const lwp = machine.start({ path, args, environment: environ });
  if (typeof lwp === "number") {
    const reason = hang(machine) ?? `lwp_execve answers ${errorName(lwp)}`;
    return { report: null, output, reason, photograph: null };
  }
  machine.run(lwp, machine.kernel.realm.now + timeout);
  const report = recorder.report({ model: MODEL[generation], hostMs: clock() - began });
  const crash = report?.exception ? `a fault ended it ${exceptionText(report.exception)}` : "";
  const { photograph } = camera;
  return { report, output, reason: hang(machine) ?? (endOf(lwp) || crash), photograph };
}

const MODEL: Readonly<Record<Generation, string>> = { A: "rtsmart-a", B: "rtsmart" };

function endOf(lwp: Lwp): string {
  if (!lwp.ended) return ENDLESS;
  return (lwp.status & 0x7f) === 0 ? "" : `it was ended by signal ${lwp.status & 0x7f}`;
}

function hang({ panicked }: RtSmartMachine): string | null {
  return panicked === null ? null : `the kernel hangs: ${panicked}`;
}
