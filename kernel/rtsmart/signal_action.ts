/**
 * What a process does about each signal (`lwp_signal.sig_action`).
 *
 * @module
 */

/** The handlers that are none. */
export const Handler = { DEFAULT: 0, IGNORE: 1 } as const;

/** Flags of an action. */
export const ActionFlag = { RESTART: 0x1000_0000, NODEFER: 0x4000_0000 } as const;

/** What is done about a signal. */
export interface SignalAction {
  /** The handler's address, or one of the two that are none. */
  readonly handler: number;
  /** Its flags. */
  readonly flags: number;
  /** What a C library gives to come back by; the kernel keeps it and never uses it. */
  readonly restorer: number;
  /** The signals that are held back while the handler runs. */
  readonly mask: bigint;
}

/** How many signals there are. */
export const SIGNALS = 64;

const NOTHING: SignalAction = { handler: Handler.DEFAULT, flags: 0, restorer: 0, mask: 0n };

/** A signal's bit in a set of signals. */
export function bitOf(signal: number): bigint {
  return 1n << BigInt(signal - 1);
}

/** What a process does about all signals. */
export class SignalActions {
  readonly #actions: Map<number, SignalAction>;

  /** The defaults, or what another process does. */
  constructor(other?: SignalActions) {
    this.#actions = new Map(other ? other.#actions : []);
  }

  /** What is done about a signal. */
  get(signal: number): SignalAction {
    return this.#actions.get(signal) ?? NOTHING;
  }

  /** Do something else about it from now on. */
  set(signal: number, action: SignalAction): void {
    this.#actions.set(signal, action);
  }

  /** Do what is done by default, also where signals were ignored. */
  reset(): void {
    this.#actions.clear();
  }
}
