/**
 * What comes with a signal: why, from whom, about what.
 *
 * @module
 */
import { SIGINFO_SIZE, SignalCode, SignalNumber } from "../abi/signal.ts";

/** A signal with what comes with it. */
export interface SigInfo {
  /** Which signal. */
  readonly signal: number;
  /** Why. */
  readonly code: number;
  /** An error number that comes with it. */
  readonly errno?: number;
  /** Whose doing it is. */
  readonly pid?: number;
  /** Whose user. */
  readonly uid?: number;
  /** With what a child ended. */
  readonly status?: number;
  /** The time that a child has used: its own, and the system's for it, in hundredths of a second. */
  readonly ticks?: { readonly user: number; readonly system: number };
  /** The address that it is about. */
  readonly address?: number;
  /** A value that the sender gave. */
  readonly value?: bigint;
  /** Which timer, and how often it went off unseen. */
  readonly timer?: { readonly id: number; readonly overrun: number };
  /** Which call it is about, and on which machine. */
  readonly call?: { readonly number: number; readonly architecture: number };
  /** What can be done with a file, as a mask of `Poll` bits, and its descriptor. */
  readonly file?: { readonly events: number; readonly descriptor: number };
}

const S = SignalNumber;
const FAULTS: readonly number[] = [S.SIGSEGV, S.SIGBUS, S.SIGILL, S.SIGFPE, S.SIGTRAP];

/** A `siginfo_t`. */
export function encodeSigInfo(info: SigInfo): Uint8Array {
  const bytes = new Uint8Array(SIGINFO_SIZE);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, info.signal, true);
  view.setInt32(4, info.errno ?? 0, true);
  view.setInt32(8, info.code, true);
  if (info.timer) {
    view.setInt32(16, info.timer.id, true);
    view.setInt32(20, info.timer.overrun, true);
    view.setBigInt64(24, info.value ?? 0n, true);
    return bytes;
  }
  if (info.file) {
    view.setBigInt64(16, BigInt(info.file.events), true);
    view.setInt32(24, info.file.descriptor, true);
    return bytes;
  }
  if (info.call) {
    view.setBigUint64(16, BigInt(info.address ?? 0), true);
    view.setInt32(24, info.call.number, true);
    view.setUint32(28, info.call.architecture, true);
    return bytes;
  }
  if (FAULTS.includes(info.signal) && info.code > 0 && info.code < SignalCode.KERNEL) {
    view.setBigUint64(16, BigInt(info.address ?? 0), true);
    return bytes;
  }
  view.setInt32(16, info.pid ?? 0, true);
  view.setUint32(20, info.uid ?? 0, true);
  if (info.signal === S.SIGCHLD && info.code > 0) {
    view.setInt32(24, info.status ?? 0, true);
    view.setBigInt64(32, BigInt(info.ticks?.user ?? 0), true);
    view.setBigInt64(40, BigInt(info.ticks?.system ?? 0), true);
  } else view.setBigInt64(24, info.value ?? 0n, true);
  return bytes;
}

/** What a program put into a `siginfo_t` of its own. */
export function decodeSigInfo(bytes: Uint8Array): SigInfo {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return {
    signal: view.getInt32(0, true),
    errno: view.getInt32(4, true),
    code: view.getInt32(8, true),
    pid: view.getInt32(16, true),
    uid: view.getUint32(20, true),
    value: view.getBigInt64(24, true),
  };
}
