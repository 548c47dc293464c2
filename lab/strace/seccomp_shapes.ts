/**
 * What filters calls, and what decides about them, as a trace writes it.
 *
 * @module
 */
import { BpfSize } from "../../kernel/linux/abi/bpf.ts";
import {
  AddFdFlag,
  AddFdSize,
  AUDIT_ARCH_RISCV64,
  SeccompAction,
  SeccompFlag,
  SeccompMode,
  SeccompOperation,
  SeccompReply,
  type SeccompRequest,
  SeccompSize,
} from "../../kernel/linux/abi/seccomp.ts";
import { CALLS } from "../../kernel/linux/calls.ts";
import { errnoName } from "../../kernel/linux/errno.ts";
import { openText } from "./file_flags.ts";
import { flagSet, maskText, nameIn, nameText } from "./flag_set.ts";
import {
  addressText,
  afterIf,
  type CallShape,
  hex,
  hexText,
  mask,
  plainHex,
  type Show,
  to,
} from "./shape.ts";

/** Whether and how calls are filtered. */
export const SECCOMP_MODE = flagSet("SECCOMP_MODE_", SeccompMode);

const OPERATION = flagSet("SECCOMP_", SeccompOperation);
const FILTER_FLAG = flagSet("SECCOMP_FILTER_FLAG_", SeccompFlag);
const RETURN = flagSet("SECCOMP_RET_", SeccompAction);
const REPLY = flagSet("SECCOMP_USER_NOTIF_FLAG_", SeccompReply);
const ADDFD = flagSet("SECCOMP_ADDFD_FLAG_", AddFdFlag);
const ARCHITECTURE = flagSet("AUDIT_ARCH_", { RISCV64: AUDIT_ARCH_RISCV64 });

/** Where a program is that filters. */
export const filterProgram: Show = to(
  BpfSize.PROGRAM,
  (view) => `{len=${view.getUint16(0, true)}, filter=${addressText(view.getBigUint64(8, true))}}`,
);

/** A call by the name of its number. */
export function callNumberText(number: number): string {
  const row = CALLS[number >>> 0];
  return row ? `__NR_${row.name}` : `${hexText(number >>> 0)} /* __NR_??? */`;
}

/** A machine by its name. */
export function architectureText(architecture: number): string {
  return nameText(ARCHITECTURE, architecture);
}

const sizes: Show = to(6, (view) => {
  const [notification, reply, data] = [0, 2, 4].map((at) => view.getUint16(at, true));
  return `{seccomp_notif=${notification}, seccomp_notif_resp=${reply}, seccomp_data=${data}}`;
});

const action: Show = to(4, (view) => `[${nameText(RETURN, view.getUint32(0, true))}]`);

const argument: Show = (seen, at) => {
  switch (seen.uint(0)) {
    case SeccompOperation.SET_MODE_FILTER:
      return filterProgram(seen, at);
    case SeccompOperation.GET_ACTION_AVAIL:
      return action(seen, at);
    case SeccompOperation.GET_NOTIF_SIZES:
      return sizes(seen, at);
    case SeccompOperation.SET_MODE_STRICT:
      return addressText(seen.whole(at));
    default:
      return plainHex(seen, at);
  }
};

/** `seccomp`. */
export const SECCOMP_SHAPES: Readonly<Record<string, CallShape>> = {
  seccomp: [
    (seen, at) => {
      const name = nameIn(SeccompOperation, seen.uint(at));
      return name
        ? OPERATION.prefix + name
        : `${hexText(seen.uint(at))} /* SECCOMP_SET_MODE_??? */`;
    },
    (seen, at) =>
      (seen.uint(0) === SeccompOperation.SET_MODE_FILTER ? mask(FILTER_FLAG) : hex)(seen, at),
    afterIf((seen) => seen.uint(0) === SeccompOperation.GET_NOTIF_SIZES, argument),
  ],
};

const whole = (view: DataView, at: number) => {
  const value = view.getBigUint64(at, true);
  return value === 0n ? "0" : `0x${value.toString(16)}`;
};

const notification: Show = to(SeccompSize.NOTIF, (view) => {
  const args = [32, 40, 48, 56, 64, 72].map((at) => whole(view, at));
  const data = `{nr=${callNumberText(view.getInt32(16, true))}, arch=${
    architectureText(view.getUint32(20, true))
  }, instruction_pointer=${whole(view, 24)}, args=[${args.join(", ")}]}`;
  const flags = hexText(view.getUint32(12, true));
  return `{id=${whole(view, 0)}, pid=${view.getUint32(8, true)}, flags=${flags}, data=${data}}`;
});

const reply: Show = to(SeccompSize.NOTIF_RESP, (view) => {
  const error = view.getInt32(16, true);
  const why = error < 0 ? `-${errnoName(error)}` : `${error}`;
  const flags = maskText(REPLY, view.getUint32(20, true));
  return `{id=${whole(view, 0)}, val=${view.getBigInt64(8, true)}, error=${why}, flags=${flags}}`;
});

const gift: Show = to(AddFdSize.FIRST, (view) => {
  const [flags, source, descriptor, fileFlags] = [8, 12, 16, 20]
    .map((at) => view.getUint32(at, true)) as [number, number, number, number];
  const how = fileFlags === 0 ? "0" : openText(fileFlags).replace("O_RDONLY|", "");
  return `{id=${whole(view, 0)}, flags=${
    maskText(ADDFD, flags)
  }, srcfd=${source}, newfd=${descriptor}, newfd_flags=${how}}`;
});

const identity: Show = to(8, (view) => `[${whole(view, 0)}]`);

/** What whoever decides asks, and whether something is put down for him. */
export const DECISIONS: Readonly<
  Record<keyof typeof SeccompRequest, readonly [show: Show, isPut: boolean]>
> = {
  NOTIF_RECV: [notification, true],
  NOTIF_SEND: [reply, false],
  NOTIF_ID_VALID: [identity, false],
  NOTIF_ID_VALID_WRONG_DIR: [identity, false],
  NOTIF_ADDFD: [gift, false],
  NOTIF_SET_FLAGS: [hex, false],
};
