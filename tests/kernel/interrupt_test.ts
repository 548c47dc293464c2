import { assert, assertEquals } from "@std/assert";
import { DEFAULT_RIGHTS, InterruptOption, PacketType, Signal, Status } from "../../kernel/abi.ts";
import { getInfo, type Program, zx } from "../../kernel/client.ts";
import { Interrupt } from "../../kernel/ipc/interrupt.ts";
import { Registers } from "../support/registers.ts";
import { good, ScriptKernel } from "../support/scripts.ts";

const { VIRTUAL, UNBIND } = InterruptOption;

function* interrupt() {
  return good(yield* zx.interruptCreate({ resource: 0, options: VIRTUAL })).out;
}

function* port(options = 1) {
  return good(yield* zx.portCreate({ options })).out;
}

/** The key and the time of the next packet, if it is one of an interrupt. */
function* packet(handle: number) {
  const found = yield* zx.portWait({ handle, deadline: 0 });
  if (typeof found === "number") return found;
  const { key, body } = found.packet;
  return body.type === PacketType.INTERRUPT ? [key, body.timestamp] : body;
}

Deno.test("zx_interrupt_create makes virtual interrupts alone; hardware is NOT_SUPPORTED", () => {
  new ScriptKernel().run1(function* () {
    yield* interrupt();
    const make = (options: number) => zx.interruptCreate({ resource: 0, options });
    assertEquals(yield* make(0), Status.NOT_SUPPORTED);
    assertEquals(yield* make(VIRTUAL | 2), Status.INVALID_ARGS);
    assertEquals(yield* make(1 << 12), Status.INVALID_ARGS);
  });
});

Deno.test("zx_interrupt_wait answers when the interrupt is triggered, with the first time of it", () => {
  const machine = new ScriptKernel();
  machine.run1(function* (process) {
    const handle = yield* interrupt();
    machine.thread(process, triggerAt(50_000, handle));
    assertEquals(good(yield* zx.interruptWait({ handle })).timestamp, 50_000);
    for (const timestamp of [7, 8]) yield* zx.interruptTrigger({ handle, timestamp });
    assertEquals(good(yield* zx.interruptWait({ handle })).timestamp, 7);
    const options = { handle, timestamp: 1, options: 1 };
    assertEquals(yield* zx.interruptTrigger(options), Status.INVALID_ARGS);
  });
});

function* triggerAt(timestamp: number, handle: number): Program {
  yield* zx.nanosleep({ deadline: timestamp });
  yield* zx.interruptTrigger({ handle, timestamp });
}

Deno.test("a virtual interrupt is UNTRIGGERED until it is triggered and again when acknowledged", () => {
  new ScriptKernel().run1(function* () {
    const [handle, queue] = [yield* interrupt(), yield* port()];
    const untriggered = function* () {
      const signals = Signal.VIRTUAL_INTERRUPT_UNTRIGGERED;
      return (yield* zx.objectWaitOne({ handle, signals, deadline: 0 })).status === Status.OK;
    };
    assert(yield* untriggered());
    yield* zx.interruptBind({ handle, port: queue, key: 1n, options: 0 });
    yield* zx.interruptTrigger({ handle, timestamp: 1 });
    assert(!(yield* untriggered()));
    yield* packet(queue);
    yield* zx.interruptAck({ handle });
    assert(yield* untriggered());
  });
});

Deno.test("an interrupt that is destroyed stays where it was bound, and is of no use there", () => {
  new ScriptKernel().run1(function* () {
    const [handle, queue, other] = [yield* interrupt(), yield* port(), yield* port()];
    const bind = { handle, port: queue, key: 1n, options: 0 };
    assertEquals(yield* zx.interruptBind(bind), Status.OK);
    const [info] = good(yield* getInfo(handle, "INTERRUPT")).records;
    assertEquals(info!.options, InterruptOption.VIRTUAL);
    assertEquals(yield* zx.interruptDestroy({ handle }), Status.OK);
    const unbind = { ...bind, options: InterruptOption.UNBIND };
    const later = [
      yield* zx.interruptWait({ handle }),
      yield* zx.interruptAck({ handle }),
      yield* zx.interruptBind(unbind),
      yield* zx.interruptBind({ ...unbind, port: other }),
    ];
    const { BAD_STATE, CANCELED, NOT_FOUND } = Status;
    assertEquals(later, [BAD_STATE, CANCELED, CANCELED, NOT_FOUND]);
  });
});

Deno.test("zx_interrupt_destroy ends waiting with CANCELED, and every later call that needs no port", () => {
  const machine = new ScriptKernel();
  const seen: unknown[] = [];
  machine.run1(function* (process) {
    const [handle, queue] = [yield* interrupt(), yield* port()];
    machine.thread(process, waiter(handle, seen));
    yield* zx.nanosleep({ deadline: 10_000 });
    const bind = { handle, port: queue, key: 1n, options: 0 };
    assertEquals(yield* zx.interruptBind(bind), Status.BAD_STATE);
    assertEquals(yield* zx.interruptDestroy({ handle }), Status.OK);
    const later = [
      yield* zx.interruptWait({ handle }),
      yield* zx.interruptTrigger({ handle, timestamp: 1 }),
      yield* zx.interruptAck({ handle }),
      yield* zx.interruptBind(bind),
    ];
    const { BAD_STATE, CANCELED } = Status;
    assertEquals(later, [CANCELED, CANCELED, BAD_STATE, CANCELED]);
  });
  assertEquals(seen, [Status.CANCELED]);
});

function* waiter(handle: number, seen: unknown[]): Program {
  seen.push(yield* zx.interruptWait({ handle }));
}

Deno.test("a bound interrupt's triggers come to the port, one for each acknowledgement", () => {
  new ScriptKernel().run1(function* () {
    const [handle, queue] = [yield* interrupt(), yield* port()];
    assertEquals(yield* zx.interruptAck({ handle }), Status.BAD_STATE);
    const bind = { handle, port: queue, key: 5n, options: 0 };
    assertEquals(yield* zx.interruptBind(bind), Status.OK);
    assertEquals(yield* zx.interruptBind(bind), Status.ALREADY_BOUND);
    assertEquals(yield* zx.interruptWait({ handle }), Status.BAD_STATE);
    yield* zx.portQueue({ handle: queue, packet: { key: 1n } });
    for (const timestamp of [11, 12]) yield* zx.interruptTrigger({ handle, timestamp });
    assertEquals(yield* packet(queue), [5n, 11]);
    yield* packet(queue);
    assertEquals(yield* packet(queue), Status.TIMED_OUT);
    yield* zx.interruptAck({ handle });
    assertEquals(yield* packet(queue), [5n, 12]);
    assertEquals(yield* zx.interruptDestroy({ handle }), Status.NOT_FOUND);
  });
});

Deno.test("an interrupt that was triggered before it is bound brings its packet when it is", () => {
  new ScriptKernel().run1(function* () {
    const [handle, queue] = [yield* interrupt(), yield* port()];
    yield* zx.interruptTrigger({ handle, timestamp: 3 });
    yield* zx.interruptBind({ handle, port: queue, key: 8n, options: 0 });
    assertEquals(yield* packet(queue), [8n, 3]);
  });
});

Deno.test("zx_interrupt_bind wants a port that was made for interrupts: WRONG_TYPE", () => {
  new ScriptKernel().run1(function* () {
    const [handle, queue] = [yield* interrupt(), yield* port(0)];
    const bind = { handle, port: queue, key: 1n, options: 0 };
    assertEquals(yield* zx.interruptBind(bind), Status.WRONG_TYPE);
    assertEquals(yield* zx.interruptBind({ ...bind, options: 2 }), Status.INVALID_ARGS);
  });
});

Deno.test("zx_interrupt_bind with UNBIND takes back the packet, from that port alone", () => {
  new ScriptKernel().run1(function* () {
    const [handle, queue, other] = [yield* interrupt(), yield* port(), yield* port()];
    const bind = { handle, port: queue, key: 1n, options: 0 };
    yield* zx.interruptBind(bind);
    yield* zx.interruptTrigger({ handle, timestamp: 3 });
    const wrong = { ...bind, port: other, options: UNBIND };
    assertEquals(yield* zx.interruptBind(wrong), Status.NOT_FOUND);
    assertEquals(yield* zx.interruptBind({ ...bind, options: UNBIND }), Status.OK);
    assertEquals(yield* packet(queue), Status.TIMED_OUT);
    assertEquals(yield* zx.interruptBind({ ...bind, port: other }), Status.OK);
    assertEquals(yield* zx.interruptDestroy({ handle }), Status.OK);
  });
});

Deno.test("zx_interrupt_wait does without a place for the time", () => {
  const program = new Registers();
  const interrupt = new Interrupt(program.machine.kernel.realm);
  const handle = program.give(interrupt, DEFAULT_RIGHTS.interrupt);
  interrupt.trigger(5);
  assertEquals(program.call("zx_interrupt_wait", handle, 0), Status.OK);
});

Deno.test("a thread that waits for an interrupt goes on waiting when it was suspended meanwhile", () => {
  const machine = new ScriptKernel();
  const seen: unknown[] = [];
  machine.run1(function* (process) {
    const handle = yield* interrupt();
    const thread = machine.thread(process, waiter(handle, seen));
    yield* zx.nanosleep({ deadline: 10_000 });
    thread.suspend();
    yield* zx.nanosleep({ deadline: 20_000 });
    thread.unsuspend();
    yield* zx.nanosleep({ deadline: 30_000 });
    assertEquals(seen, []);
    yield* zx.interruptTrigger({ handle, timestamp: 4 });
  });
  assertEquals(seen, [{ timestamp: 4 }]);
});
