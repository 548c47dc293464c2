/**
 * Programs in assembly that call the kernel by name.
 *
 * @module
 */
import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { AssemblyError } from "../../guests/assembler.ts";
import { zirconProgram } from "../../guests/zircon_program.ts";
import { Machine } from "../../lab/mod.ts";
import { zirconVdso } from "../../lab/machine/vdso.ts";

function run(text: string): { printed: string; code: number | undefined } {
  let printed = "";
  let code: number | undefined;
  const machine = new Machine({ print: (more) => void (printed += more) });
  const names = new Map<number, string>();
  machine.listen((event) => {
    if (event.kind === "process-start") names.set(event.process, event.name);
    if (event.kind === "process-exit" && names.get(event.process) === "program") code = event.code;
  });
  machine.boot({
    files: { "bin/program": zirconProgram(text, zirconVdso()) },
    args: ["bin/program"],
  });
  machine.run();
  return { printed, code };
}

Deno.test("a program in assembly prints and ends through the vDSO", () => {
  const { printed, code } = run(`
    _start: la   a0, greeting
            li   a1, 6
            call zx_debug_write
            call zx_system_get_page_size
            li   t0, 100
            divu a0, a0, t0
            call zx_process_exit
            .rodata
    greeting: .ascii "hello\n"
  `);
  assertEquals([printed, code], ["hello\n", 40]);
});

Deno.test("a program in assembly talks to itself over a channel", () => {
  const { code } = run(`
    _start: addi sp, sp, -64
            li   a0, 0
            mv   a1, sp               # one end
            addi a2, sp, 4            # the other
            call zx_channel_create
            bnez a0, end
            lw   a0, 0(sp)
            li   a1, 0
            la   a2, word
            li   a3, 4
            li   a4, 0
            li   a5, 0
            call zx_channel_write
            bnez a0, end
            lw   a0, 4(sp)
            li   a1, 0
            addi a2, sp, 8
            li   a3, 0
            li   a4, 4
            li   a5, 0
            addi a6, sp, 16
            li   a7, 0
            call zx_channel_read
            bnez a0, end
            lw   a0, 8(sp)
    end:    call zx_process_exit
            .data
    word:   .word 77
  `);
  assertEquals(code, 77);
});

Deno.test("an error in such a program names its own line, and calls that nobody has are unknown", () => {
  const program = "_start: nop\n call zx_no_such_call";
  const { message } = assertThrows(() => zirconProgram(program, zirconVdso()), AssemblyError);
  assertStringIncludes(message, "line 2: nobody defines zx_no_such_call");
});
