/**
 * Signals and the calls about them, as a trace writes them.
 *
 * @module
 */
import {
  ACTION_SIZE,
  Handler,
  HandlerFlag,
  MaskChange,
  OwnCode,
  SIGINFO_SIZE,
  SIGNAL_SET_SIZE,
  SignalCode,
  SignalNumber,
  SIGNALS,
  STACK_SIZE,
  StackFlag,
} from "../../kernel/linux/abi/signal.ts";
import { OpenFlag } from "../../kernel/linux/abi/open.ts";
import { Errno } from "../../kernel/linux/errno.ts";
import { decodeSigInfo, type SigInfo } from "../../kernel/linux/signal/siginfo.ts";
import { type FlagSet, flagSet, maskText, nameIn, nameText } from "./flag_set.ts";
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
import { architectureText, callNumberText } from "./seccomp_shapes.ts";
import { timespec } from "./time_shapes.ts";

const HOW = flagSet("SIG_", MaskChange);
const ACTION = flagSet("SA_", HandlerFlag);
const STACK = flagSet("SS_", StackFlag);
const SFD = flagSet("SFD_", { CLOEXEC: OpenFlag.CLOEXEC, NONBLOCK: OpenFlag.NONBLOCK });
const CODES = flagSet("SI_", SignalCode);
const HANDLERS = flagSet("SIG_", Handler);

const S = SignalNumber;

/** What the codes above 0 mean, by signal. */
const OWN_CODES: Readonly<Record<number, FlagSet>> = {
  [S.SIGSEGV]: flagSet("SEGV_", OwnCode.SEGV),
  [S.SIGBUS]: flagSet("BUS_", OwnCode.BUS),
  [S.SIGILL]: flagSet("ILL_", OwnCode.ILL),
  [S.SIGTRAP]: flagSet("TRAP_", OwnCode.TRAP),
  [S.SIGFPE]: flagSet("FPE_", OwnCode.FPE),
  [S.SIGIO]: flagSet("POLL_", OwnCode.POLL),
  [S.SIGSYS]: flagSet("SYS_", OwnCode.SYS),
  [S.SIGCHLD]: flagSet("CLD_", OwnCode.CLD),
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
export const signalSet: Show = to(
  SIGNAL_SET_SIZE,
  (view) => signalSetText(view.getBigUint64(0, true)),
);

/** What comes with a signal. */
export function sigInfoText(info: SigInfo): string {
  const { code, timer } = info;
  const parts = [`si_signo=${signalText(info.signal)}`, `si_code=${codeText(info)}`];
  if (info.errno) parts.push(`si_errno=${nameIn(Errno, -info.errno) ?? info.errno}`);
  if (info.signal === S.SIGCHLD && code > 0) parts.push(...childParts(info));
  else if (info.call) {
    const { number, architecture } = info.call;
    parts.push(
      `si_call_addr=${addressText(info.address ?? 0)}`,
      `si_syscall=${callNumberText(number)}`,
      `si_arch=${architectureText(architecture)}`,
    );
  } else if (info.file) {
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

function codeText({ signal, code }: SigInfo): string {
  const own = code > 0 ? OWN_CODES[signal] : undefined;
  const name = own && nameIn(own.names, code);
  if (own && name) return own.prefix + name;
  return nameText(CODES, code).replace(/ .*/, "");
}

function valueParts(value: bigint): string[] {
  const pointer = addressText(BigInt.asUintN(64, value));
  return [`si_int=${BigInt.asIntN(32, value)}`, `si_ptr=${pointer}`];
}

function childParts({ code, pid, uid, status, ticks }: SigInfo): string[] {
  const what = code === OwnCode.CLD.EXITED ? `${status ?? 0}` : signalText(status ?? 0);
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
export const sigInfo: Show = to(SIGINFO_SIZE, sigInfoBytes);

const action: Show = to(ACTION_SIZE, (view) => {
  const handler = view.getBigUint64(0, true);
  const name = nameIn(HANDLERS.names, Number(handler));
  const what = name ? HANDLERS.prefix + name : addressText(handler);
  return `{sa_handler=${what}, sa_mask=${signalSetText(view.getBigUint64(16, true))}, sa_flags=${
    maskText(ACTION, view.getUint32(8, true))
  }}`;
});

const stack: Show = to(STACK_SIZE, (view) => {
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
