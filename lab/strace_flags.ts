/**
 * Flags of calls by name, as `strace` writes them.
 *
 * @module
 */

/** Bits by name, and what zero is called. */
interface Flags {
  readonly bits: readonly (readonly [bit: number, name: string])[];
  readonly zero?: string;
  /** Whether the value is one of the names, not a mask of them. */
  readonly isOne?: boolean;
}

const FLAGS: Readonly<Record<string, Flags>> = {
  prot: { zero: "PROT_NONE", bits: [[1, "PROT_READ"], [2, "PROT_WRITE"], [4, "PROT_EXEC"]] },
  map: {
    bits: [
      [1, "MAP_SHARED"],
      [2, "MAP_PRIVATE"],
      [0x10, "MAP_FIXED"],
      [0x20, "MAP_ANONYMOUS"],
      [0x100, "MAP_GROWSDOWN"],
      [0x800, "MAP_DENYWRITE"],
      [0x4000, "MAP_NORESERVE"],
      [0x8000, "MAP_POPULATE"],
      [0x20000, "MAP_STACK"],
      [0x100000, "MAP_FIXED_NOREPLACE"],
    ],
  },
  open: {
    zero: "O_RDONLY",
    bits: [
      [1, "O_WRONLY"],
      [2, "O_RDWR"],
      [0o100, "O_CREAT"],
      [0o200, "O_EXCL"],
      [0o400, "O_NOCTTY"],
      [0o1000, "O_TRUNC"],
      [0o2000, "O_APPEND"],
      [0o4000, "O_NONBLOCK"],
      [0o200000, "O_DIRECTORY"],
      [0o400000, "O_NOFOLLOW"],
      [0o2000000, "O_CLOEXEC"],
      [0o10000000, "O_PATH"],
    ],
  },
  access: { zero: "F_OK", bits: [[4, "R_OK"], [2, "W_OK"], [1, "X_OK"]] },
  at: {
    zero: "0",
    bits: [[0x100, "AT_SYMLINK_NOFOLLOW"], [0x200, "AT_REMOVEDIR"], [0x1000, "AT_EMPTY_PATH"]],
  },
  clone: {
    zero: "0",
    bits: [
      [0x100, "CLONE_VM"],
      [0x200, "CLONE_FS"],
      [0x400, "CLONE_FILES"],
      [0x800, "CLONE_SIGHAND"],
      [0x4000, "CLONE_VFORK"],
      [0x10000, "CLONE_THREAD"],
      [0x40000, "CLONE_SYSVSEM"],
      [0x80000, "CLONE_SETTLS"],
      [0x100000, "CLONE_PARENT_SETTID"],
      [0x200000, "CLONE_CHILD_CLEARTID"],
      [0x1000000, "CLONE_CHILD_SETTID"],
      [17, "SIGCHLD"],
    ],
  },
  sigmask: { isOne: true, bits: [[0, "SIG_BLOCK"], [1, "SIG_UNBLOCK"], [2, "SIG_SETMASK"]] },
  wait: { zero: "0", bits: [[1, "WNOHANG"], [2, "WSTOPPED"], [8, "WCONTINUED"]] },
  clock: {
    isOne: true,
    bits: [[0, "CLOCK_REALTIME"], [1, "CLOCK_MONOTONIC"], [2, "CLOCK_PROCESS_CPUTIME_ID"]],
  },
  fcntl: {
    isOne: true,
    bits: [[0, "F_DUPFD"], [1, "F_GETFD"], [2, "F_SETFD"], [3, "F_GETFL"], [4, "F_SETFL"], [
      1030,
      "F_DUPFD_CLOEXEC",
    ]],
  },
  ioctl: { isOne: true, bits: [[0x5401, "TCGETS"], [0x5413, "TIOCGWINSZ"]] },
  madvise: { isOne: true, bits: [[4, "MADV_DONTNEED"], [8, "MADV_FREE"]] },
  futex: {
    isOne: true,
    bits: [[0x80, "FUTEX_WAIT_PRIVATE"], [0x81, "FUTEX_WAKE_PRIVATE"], [
      0x189,
      "FUTEX_WAIT_BITSET_PRIVATE|FUTEX_CLOCK_REALTIME",
    ]],
  },
};

/** A value as names; a number where there is no name. */
export function flagsText(kind: string, value: number): string {
  const flags = FLAGS[kind];
  if (!flags) return `${value}`;
  if (flags.isOne) {
    return flags.bits.find(([bit]) => bit === value)?.[1] ?? `0x${value.toString(16)}`;
  }
  const names = flags.bits.filter(([bit]) => (value & bit) === bit).map(([, name]) => name);
  const known = flags.bits.reduce((mask, [bit]) => mask | bit, 0);
  const rest = value & ~known;
  if (kind === "open" && (value & 3) === 0) names.unshift("O_RDONLY");
  if (rest !== 0) names.push(`0x${(rest >>> 0).toString(16)}`);
  return names.length > 0 ? names.join("|") : flags.zero ?? "0";
}
