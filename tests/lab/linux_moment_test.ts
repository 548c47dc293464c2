/**
 * The authority of a running Linux: descriptors, messages on their way, paths, users and names, taken
 * from the machine itself; and what comes to be held is within what was said could be.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { assemble } from "../../guests/assembler.ts";
import { LinuxMachine } from "../../lab/machine/linux_machine.ts";
import { type Rule, RULES } from "../../lab/authority/closure.ts";
import { invariant, KernelBug } from "../../kernel/invariant.ts";

const call = (number: number, ...args: (number | string)[]) =>
  [
    `li a7, ${number}`,
    ...args.map((arg, at) => {
      if (typeof arg === "number") return `li a${at}, ${arg}`;
      return /^[st]\d+$/.test(arg) ? `mv a${at}, ${arg}` : `la a${at}, ${arg}`;
    }),
    "ecall",
  ].join("\n");

const [OPENAT, CLOSE, PPOLL, NANOSLEEP, SETUID] = [56, 57, 73, 101, 146] as const;
const [TRUNCATE, FCHMODAT, FCHOWNAT] = [45, 53, 54] as const;
const [SOCKET, SOCKETPAIR, BIND, LISTEN] = [198, 199, 200, 201] as const;
const [SENDMSG, RECVMSG, CLONE] = [211, 212, 220] as const;
const FOREVER = call(PPOLL, 0, 0, 0, 0);

/**
 * A parent that opens a secret, has a child of another user, and later sends it the descriptor;
 * the child closes what it inherited and receives.
 */
const SENDER = assemble(
  [
    "_start:",
    call(OPENAT, -100, "secret", 0o2000000),
    call(SOCKETPAIR, 1, 1, 0, "pair"),
    call(CLONE, 17, 0, 0, 0, 0),
    "beqz a0, child",
    call(NANOSLEEP, "time", 0),
    call(SENDMSG, 4, "message", 0),
    FOREVER,
    "child:",
    call(CLOSE, 3),
    call(CLOSE, 4),
    call(SETUID, 1000),
    call(NANOSLEEP, "longer", 0),
    call(RECVMSG, 5, "message", 0),
    FOREVER,
    ".data",
    ".balign 8",
    "pair: .quad 0",
    "time: .quad 0, 1000000",
    "longer: .quad 0, 3000000",
    "iov: .quad byte, 1",
    "message: .quad 0, 0, iov, 1, control, 24, 0",
    "control: .quad 20",
    ".word 1, 1, 3, 0",
    "byte: .byte 33",
    'secret: .asciz "/secret"',
  ].join("\n"),
  { type: 2 },
);

interface Moments {
  readonly machine: LinuxMachine;
  /** Run until a call of this name has been answered so many times. */
  until(name: string, times?: number): void;
}

function started(
  files: Readonly<Record<string, Uint8Array>>,
  path: string,
  rules: readonly Rule[] = RULES,
): Moments {
  const machine = new LinuxMachine({ rules });
  for (const [name, bytes] of Object.entries(files)) machine.put(name, bytes);
  machine.put("/secret", new TextEncoder().encode("S3CRET"), 0o600);
  const group = machine.start({ path });
  invariant(typeof group !== "number", "it is a program");
  let [awaited, left] = ["", 0];
  machine.listen((event) => {
    if (event.kind === "syscall-done" && event.name === awaited) left--;
  });
  const until = (name: string, times = 1) => {
    [awaited, left] = [name, times];
    machine.kernel.run({ stop: () => left <= 0 });
    assertEquals(left, 0, `${name} was called`);
  };
  return { machine, until };
}

Deno.test("descriptors and users are taken from a running Linux, and lead through sockets", () => {
  const { machine, until } = started({ "/sender": SENDER }, "/sender");
  until("setuid");
  const { held, closure, whoCanReach } = machine.authority();
  const [parent, child] = [...new Set([...held].map(({ program }) => program))];
  const secret = [...held].filter(({ object }) => object === "/secret");
  assertEquals([...new Set(secret.map(({ program }) => program))], [parent]);
  assert(closure.has({ program: child!, koid: secret[0]!.koid, right: "READ" }));
  assertMatch(
    whoCanReach("/secret", "READ").get(child!)!.join("\n"),
    /^sender \d+ holds \/secret\nR1: sender \d+ sends through socket:\[\d+\] to sender \d+$/,
  );
  // The file can be read by user 0 alone, so that without the socket there is no way.
  const others = RULES.filter((rule) => rule !== "R1");
  assert(!machine.authority(others).whoCanReach("/secret", "READ").has(child!));
});

Deno.test("a descriptor on its way in a message belongs to whoever can receive it", () => {
  const { machine, until } = started({ "/sender": SENDER }, "/sender");
  until("sendmsg");
  const path = machine.authority(["R1"]).whoCanReach("/secret", "READ");
  assertMatch([...path.values()].flat().join("\n"), /gets, by R1 \(it waits in socket:/);
});

Deno.test("what processes come to hold is within the closure of every moment before", () => {
  const { machine, until } = started({ "/sender": SENDER }, "/sender");
  const moments = ["socketpair", "setuid", "sendmsg"].map((name) => {
    until(name);
    return [machine.authority(), machine.authority(RULES.filter((one) => one !== "R1"))] as const;
  });
  until("recvmsg");
  const { held } = machine.authority();
  const child = [...held].findLast(({ object }) => object === "/secret")!;
  assertEquals(child.program.startsWith("sender "), true);
  const breaches = moments.map(([whole, less]) =>
    [whole, less].map(({ closure }) => {
      const known = new Set([...closure].map(({ program, koid }) => `${program} ${koid}`));
      const there = (one: string) => [...known].some((key) => key.startsWith(`${one} `));
      // A process that was not there yet begins as a copy of one that was.
      return [...held].filter(({ program, koid, right }) =>
        there(program) && right !== "DUPLICATE" && !closure.has({ program, koid, right })
      ).length;
    })
  );
  assertEquals(breaches.map(([whole]) => whole), [0, 0, 0]);
  assert(breaches.slice(1).some(([, less]) => less! > 0), "without R1 there is a breach");
});

Deno.test("a descriptor that is sent where no rule leads ends the machine as a bug of its own", () => {
  started({ "/sender": SENDER }, "/sender").until("recvmsg");
  const rules = RULES.filter((rule) => rule !== "R1");
  assertThrows(
    () => started({ "/sender": SENDER }, "/sender", rules).until("recvmsg"),
    KernelBug,
    "used READ on /secret, which no rule allows",
  );
});

const READER = assemble(
  [
    "_start:",
    call(OPENAT, -100, "public", 0),
    call(OPENAT, -100, "secret", 0),
    FOREVER,
    ".data",
    'public: .asciz "/public"',
    'secret: .asciz "/secret"',
  ].join("\n"),
  { type: 2 },
);

const CUTTER = assemble(
  ["_start:", call(TRUNCATE, "file", 3), FOREVER, ".data", 'file: .asciz "/file"'].join("\n"),
  { type: 2 },
);

Deno.test("a file that is opened, and one that is executed, is within the closure of that moment", () => {
  const start = (rules: readonly Rule[], mode = 0o755) => {
    const machine = new LinuxMachine({ rules });
    machine.put("/reader", READER, mode);
    machine.put("/public", new Uint8Array(1), 0o644);
    machine.put("/secret", new Uint8Array(1), 0o600);
    const group = machine.start({ path: "/reader", user: { uid: 1000, gid: 1000 } });
    invariant(typeof group !== "number", "it is a program");
    machine.kernel.run({});
    return [...machine.authority().held].map(({ object }) => object);
  };
  assert(start(RULES).includes("/public"));
  assert(!start(RULES).includes("/secret"), "what is refused is not held, and no bug");
  const rules = RULES.filter((rule) => rule !== "R8");
  assertThrows(() => start(rules), KernelBug, "EXECUTE on /reader, which no rule allows");
});

Deno.test("a file that is cut off by its path is within the closure of that moment", () => {
  const start = (mode: number) => {
    const machine = new LinuxMachine({ rules: RULES });
    machine.put("/cutter", CUTTER, 0o755);
    const file = machine.put("/file", new Uint8Array(8), mode);
    const group = machine.start({ path: "/cutter", user: { uid: 1000, gid: 1000 } });
    invariant(typeof group !== "number", "it is a program");
    machine.kernel.run({});
    return file.size;
  };
  assertEquals(start(0o666), 3);
  assertEquals(start(0o644), 8, "what is refused is no bug");
  const machine = new LinuxMachine();
  machine.put("/cutter", CUTTER, 0o755);
  const file = machine.put("/file", new Uint8Array(8), 0o644);
  const group = machine.start({ path: "/cutter", user: { uid: 1000, gid: 1000 } });
  invariant(typeof group !== "number", "it is a program");
  // A file that says one thing to the kernel, and another one to whoever looks afterwards.
  let asked = 0;
  Object.defineProperty(file, "mode", { get: () => ++asked === 1 ? 0o100666 : 0o100644 });
  assertThrows(() => machine.kernel.run({}), KernelBug, "WRITE on /file, which no rule allows");
});

const GRANTER = assemble(
  [
    "_start:",
    call(FCHMODAT, -100, "file", 0o640),
    call(FCHOWNAT, -100, "file", -1, 1000, 0),
    FOREVER,
    ".data",
    'file: .asciz "/file"',
  ].join("\n"),
  { type: 2 },
);

Deno.test("who may use a file is changed by its owner alone", () => {
  const machineOf = (owner: number) => {
    const machine = new LinuxMachine({ rules: RULES });
    machine.put("/granter", GRANTER, 0o755);
    const file = machine.put("/file", new Uint8Array(8), 0o666);
    file.uid = owner;
    const group = machine.start({ path: "/granter", user: { uid: 1000, gid: 1000 } });
    invariant(typeof group !== "number", "it is a program");
    return { machine, file };
  };
  const start = (owner: number) => {
    const { machine, file } = machineOf(owner);
    machine.kernel.run({});
    return { mode: file.mode & 0o777, gid: file.gid };
  };
  assertEquals(start(1000), { mode: 0o640, gid: 1000 });
  assertEquals(start(0), { mode: 0o666, gid: 0 }, "what is refused is no bug");
  // A file that is its user's when the kernel asks, and another's for whoever looks afterwards.
  for (const lies of [1, 3]) {
    const { machine, file } = machineOf(1000);
    let asked = 0;
    Object.defineProperty(file, "uid", { get: () => ++asked <= lies ? 1000 : 0 });
    const complaint = "changed who may use /file, which no rule allows";
    assertThrows(() => machine.kernel.run({}), KernelBug, complaint);
  }
});

Deno.test("what is stronger than the closure is found: the kernel may not be wrong unnoticed", () => {
  const machine = new LinuxMachine();
  machine.put("/reader", READER);
  machine.put("/public", new Uint8Array(1), 0o644);
  const secret = machine.put("/secret", new Uint8Array(1), 0o600);
  const group = machine.start({ path: "/reader", user: { uid: 1000, gid: 1000 } });
  invariant(typeof group !== "number", "it is a program");
  // A file that says one thing to the kernel, and another one to whoever looks afterwards.
  let asked = 0;
  Object.defineProperty(secret, "mode", { get: () => ++asked === 1 ? 0o100644 : 0o100600 });
  assertThrows(() => machine.kernel.run({}), KernelBug, "READ on /secret, which no rule allows");
});

const SERVER = assemble(
  [
    "_start:",
    call(OPENAT, -100, "secret", 0),
    call(SOCKET, 1, 1, 0),
    call(BIND, 4, "address", 16),
    call(LISTEN, 4, 1),
    FOREVER,
    ".data",
    ".balign 8",
    "address: .byte 1, 0",
    'name: .asciz "/server.sock"',
    ".byte 0, 0, 0, 0, 0",
    'secret: .asciz "/secret"',
  ].join("\n"),
  { type: 2 },
);
const IDLE = assemble(`_start:\n${FOREVER}`, { type: 2 });

Deno.test("a socket's name leads whoever may write there to what its listener has", () => {
  for (const mode of [0o755, 0o777]) {
    const { machine, until } = started({ "/server": SERVER, "/idle": IDLE }, "/server");
    machine.start({ path: "/idle", user: { uid: 1000, gid: 1000 } });
    until("listen");
    const socket = machine.linux.root.lookup("server.sock")!;
    socket.mode = (socket.mode & ~0o777) | mode;
    const way = machine.authority().whoCanReach("/secret", "READ").get("idle");
    assertEquals(way !== undefined, mode === 0o777, `${mode.toString(8)} ${way}`);
    if (!way) continue;
    assertMatch(
      way.join("\n"),
      /^server holds \/secret\nR1: server sends through socket:\[\d+\] to idle$/,
    );
  }
});

const address = (path: string) => `.byte 1, 0\n.asciz "${path}"\n.balign 128, 0`;
const CONNECT = 203;
/** Waits at a name for datagrams. */
const LISTENER = assemble(
  [
    "_start:",
    call(SOCKET, 1, 2, 0),
    call(BIND, 3, "own", 110),
    FOREVER,
    ".data",
    ".balign 128",
    "own:",
    address("/listener.sock"),
  ].join("\n"),
  { type: 2 },
);
/** Has a secret, and a socket that has a name and is connected to the listener. */
const TALKER = assemble(
  [
    "_start:",
    call(OPENAT, -100, "secret", 0),
    call(SOCKET, 1, 2, 0),
    call(BIND, 4, "own", 110),
    call(CONNECT, 4, "other", 110),
    FOREVER,
    ".data",
    'secret: .asciz "/own-secret"',
    ".balign 128",
    "own:",
    address("/talker.sock"),
    "other:",
    address("/listener.sock"),
  ].join("\n"),
  { type: 2 },
);

Deno.test("a socket that has a name leads to whom it is connected to, and from whoever knows it", () => {
  const { machine, until } = started({ "/listener": LISTENER, "/talker": TALKER }, "/listener");
  until("bind");
  const root = machine.linux.root;
  root.lookup("listener.sock")!.mode |= 0o777;
  machine.directory("/").mode |= 0o777;
  const secret = machine.put("/own-secret", new Uint8Array(1), 0o600);
  Object.assign(secret, { uid: 1000, gid: 1000 });
  machine.put("/idle", IDLE);
  machine.start({ path: "/talker", user: { uid: 1000, gid: 1000 } });
  const user = { uid: 2000, gid: 2000 };
  machine.start({ path: "/idle", user });
  until("connect");
  root.lookup("listener.sock")!.mode &= ~0o777;
  for (const isOpen of [true, false]) {
    const name = root.lookup("talker.sock")!;
    name.mode = (name.mode & ~0o777) | (isOpen ? 0o777 : 0o700);
    const ways = machine.authority(["R1", "R6"]).whoCanReach("/own-secret", "READ");
    assertMatch(
      ways.get("listener")?.join("\n") ?? "",
      /talker sends through socket:.* to listener/,
    );
    // Nobody else is connected, and by its name only who may write there finds it.
    assert(!ways.has("idle"));
    const all = machine.authority().whoCanReach("/own-secret", "READ");
    assertEquals(all.has("idle"), isOpen);
  }
});

Deno.test("a path leads to what a file's permissions allow its reader, and is drawn", async () => {
  const machine = new LinuxMachine();
  machine.put("/idle", IDLE);
  machine.put("/public", new Uint8Array(1), 0o644);
  machine.put("/private", new Uint8Array(1), 0o600);
  machine.start({ path: "/idle", user: { uid: 1000, gid: 1000 } });
  const { whoCanReach, toDot, toSvg } = machine.authority();
  assertEquals([...whoCanReach("/public", "READ")], [["idle", [
    "idle gets, by R8 (it has a path), /public",
  ]]]);
  for (const [file, right] of [["/public", "WRITE"], ["/private", "READ"]] as const) {
    assertEquals([...whoCanReach(file, right)], []);
  }
  assertMatch(toDot(), /idle/);
  assertMatch(await toSvg(), /<\/svg>/);
});
