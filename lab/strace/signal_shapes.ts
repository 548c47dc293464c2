/**
 * Signals and the calls about them, as a trace writes them.
 *
 * @module
 */
import { StackFlag } from "../../kernel/linux/signal/frame.ts";
import { HandlerFlag } from "../../kernel/linux/signal/handlers.ts";
import { decodeSigInfo, type SigInfo, SignalCode } from "../../kernel/linux/signal/siginfo.ts";
import { SignalNumber, SIGNALS } from "../../kernel/linux/signal/signal.ts";
import { flagSet, maskText, nameText } from "./flag_set.ts";
import {
  addressText,
  after,
  afterAll,
  type CallShape,
  int,
  mask,
  one,
  type Show,
  type ShowBytes,
  signal,
  signalText,
  to,
  uint,
} from "./shape.ts";
import { timespec } from "./time_shapes.ts";

const HOW = flagSet("SIG_", { BLOCK: 0, UNBLOCK: 1, SETMASK: 2 });
const ACTION = flagSet("SA_", {
  RESTORER: 0x04000000,
  ONSTACK: HandlerFlag.ONSTACK,
  RESTART: HandlerFlag.RESTART,
  NODEFER: HandlerFlag.NODEFER,
  RESETHAND: HandlerFlag.RESETHAND,
  SIGINFO: HandlerFlag.SIGINFO,
  NOCLDSTOP: HandlerFlag.NOCLDSTOP,
  NOCLDWAIT: HandlerFlag.NOCLDWAIT,
});
const STACK = flagSet("SS_", {
  ONSTACK: StackFlag.ONSTACK,
  DISABLE: StackFlag.DISABLE,
  AUTODISARM: StackFlag.AUTODISARM,
});
const SFD = flagSet("SFD_", { CLOEXEC: 0o2000000, NONBLOCK: 0o4000 });
const CODES = flagSet("SI_", {
  USER: 0,
  KERNEL: 0x80,
  QUEUE: -1,
  TIMER: -2,
  MESGQ: -3,
  ASYNCIO: -4,
  SIGIO: -5,
  TKILL: -6,
});

const S = SignalNumber;

/** What the codes above 0 mean, by signal. */
const OWN_CODES: Readonly<Record<number, readonly string[]>> = {
  [S.SIGSEGV]: ["", "SEGV_MAPERR", "SEGV_ACCERR"],
  [S.SIGBUS]: ["", "BUS_ADRALN", "BUS_ADRERR", "BUS_OBJERR"],
  [S.SIGILL]: ["", "ILL_ILLOPC", "ILL_ILLOPN", "ILL_ILLADR", "ILL_ILLTRP"],
  [S.SIGTRAP]: ["", "TRAP_BRKPT", "TRAP_TRACE"],
  [S.SIGFPE]: ["", "FPE_INTDIV", "FPE_INTOVF", "FPE_FLTDIV", "FPE_FLTOVF"],
  [S.SIGIO]: ["", "POLL_IN", "POLL_OUT", "POLL_MSG", "POLL_ERR", "POLL_PRI", "POLL_HUP"],
  [S.SIGCHLD]: [
    "",
    "CLD_EXITED",
    "CLD_KILLED",
    "CLD_DUMPED",
    "CLD_TRAPPED",
    "CLD_STOPPED",
    "CLD_CONTINUED",
  ],
};

/** The signals of a set, without what all are called; those that are not in it where they are fewer. */
export function signalSetText(set: bigint): string {
  const all = Array.from({ length: SIGNALS }, (_, at) => at + 1);
  const isIn = (one: number) => (set & (1n << BigInt(one - 1))) !== 0n;
  const names = (wanted: boolean) =>
    all.filter((one) => isIn(one) === wanted).map((one) => signalText(one).replace(/^SIG/, ""));
  const isMost = names(true).length >= SIGNALS * 2 / 3;
  return isMost ? `~[${names(false).join(" ")}]` : `[${names(true).join(" ")}]`;
}

/** A set of signals that a pointer leads to. */
export const signalSet: Show = to(8, (view) => signalSetText(view.getBigUint64(0, true)));

/** What comes with a signal. */
export function sigInfoText(info: SigInfo): string {
  const { code, timer } = info;
  const own = code > 0 ? OWN_CODES[info.signal]?.[code] : undefined;
  const parts = [`si_signo=${signalText(info.signal)}`, `si_code=${own ?? codeText(code)}`];
  if (info.errno) parts.push(`si_errno=${info.errno}`);
  if (info.signal === S.SIGCHLD && code > 0) parts.push(...childParts(info));
  else if (info.file) {
    parts.push(`si_band=${info.file.events}`, `si_fd=${info.file.descriptor}`);
  } else if (timer) {
    parts.push(
      `si_timerid=${timer.id === 0 ? 0 : `0x${timer.id.toString(16)}`}`,
      `si_overrun=${timer.overrun}`,
    );
  } else if (code > 0 && code < SignalCode.KERNEL) {
    parts.push(`si_addr=${addressText(info.address ?? 0)}`);
  } else if (code !== SignalCode.KERNEL) {
    parts.push(`si_pid=${info.pid ?? 0}`, `si_uid=${info.uid ?? 0}`);
  }
  const hasValue = timer || code === SignalCode.QUEUE || code === SignalCode.MESGQ;
  if (hasValue && info.value) parts.push(...valueParts(info.value));
  return `{${parts.join(", ")}}`;
}

function codeText(code: number): string {
  return nameText(CODES, code).replace(/ .*/, "");
}

function valueParts(value: bigint): string[] {
  const pointer = addressText(BigInt.asUintN(64, value));
  return [`si_int=${BigInt.asIntN(32, value)}`, `si_ptr=${pointer}`];
}

function childParts({ code, pid, uid, status, ticks }: SigInfo): string[] {
  const what = code === SignalCode.CLD_EXITED ? `${status ?? 0}` : signalText(status ?? 0);
  return [
    `si_pid=${pid ?? 0}`,
    `si_uid=${uid ?? 0}`,
    `si_status=${what}`,
    `si_utime=${secondsOf(ticks?.user ?? 0)}`,
    `si_stime=${secondsOf(ticks?.system ?? 0)}`,
  ];
}

/** Hundredths of a second, and what that is in seconds. */
function secondsOf(ticks: number): string {
  return ticks === 0 ? "0" : `${ticks} /* ${(ticks / 100).toFixed(2)} s */`;
}

/** What comes with a signal, where it lies in memory; nothing is known of signal 0. */
export const sigInfoBytes: ShowBytes = (view) => {
  const info = decodeSigInfo(new Uint8Array(view.buffer));
  if (info.signal === 0) return "{}";
  const isChild = info.signal === S.SIGCHLD && info.code > 0;
  const isTimer = info.code === SignalCode.TIMER;
  return sigInfoText({
    ...info,
    address: Number(view.getBigUint64(16, true)),
    ...(isChild ? { status: view.getInt32(24, true) } : {}),
    ...(isTimer
      ? { timer: { id: view.getInt32(16, true), overrun: view.getInt32(20, true) } }
      : {}),
  });
};

/** What comes with a signal. */
export const sigInfo: Show = to(128, sigInfoBytes);

const HANDLERS = ["SIG_DFL", "SIG_IGN"];

const action: Show = to(24, (view) => {
  const handler = view.getBigUint64(0, true);
  const what = HANDLERS[Number(handler)] ?? addressText(handler);
  return `{sa_handler=${what}, sa_mask=${signalSetText(view.getBigUint64(16, true))}, sa_flags=${
    maskText(ACTION, view.getUint32(8, true))
  }}`;
});

const stack: Show = to(24, (view) => {
  const flags = maskText(STACK, view.getUint32(8, true));
  const at = addressText(view.getBigUint64(0, true));
  return `{ss_sp=${at}, ss_flags=${flags}, ss_size=${view.getBigUint64(16, true)}}`;
});

/** The calls about signals. */
export const SIGNAL_SHAPES: Readonly<Record<string, CallShape>> = {
  kill: [int, signal],
  tkill: [int, signal],
  tgkill: [int, int, signal],
  sigaltstack: [stack, after(stack)],
  rt_sigsuspend: [signalSet, uint],
  rt_sigaction: [signal, action, after(action), uint],
  rt_sigprocmask: [one(HOW), signalSet, after(signalSet), uint],
  rt_sigpending: [after(signalSet), uint],
  rt_sigtimedwait: [signalSet, after(sigInfo), timespec, uint],
  rt_sigqueueinfo: [int, signal, sigInfo],
  rt_tgsigqueueinfo: [int, int, signal, sigInfo],
  pidfd_send_signal: [int, signal, sigInfo, uint],
  signalfd4: [int, signalSet, uint, mask(SFD)],
  rt_sigreturn: [afterAll((seen) => `{mask=${signalSetText(seen.task.blocked)}}`)],
};
