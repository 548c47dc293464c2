/**
 * Calls about queues, counts and memory that processes share, as a trace writes them.
 *
 * @module
 */
import {
  AttachFlag,
  IPC_PRIVATE,
  IpcCommand,
  IpcFlag,
  MEMORY_FACTS_SIZE,
  MemoryCommand,
  OPERATION_SIZE,
  QUEUE_ATTRIBUTES_SIZE,
  QUEUE_FACTS_SIZE,
  QueueCommand,
  ReceiveFlag,
  SEMAPHORE_FACTS_SIZE,
  SemaphoreCommand,
  SemaphoreFlag,
} from "../../kernel/linux/abi/ipc.ts";
import { OpenFlag } from "../../kernel/linux/abi/open.ts";
import { open } from "./file_flags.ts";
import { flagSet, maskText, nameText, prefixed } from "./flag_set.ts";
import {
  address,
  addressText,
  after,
  afterIf,
  type Argument,
  bytesAt,
  bytesOf,
  type CallShape,
  hex,
  int,
  list,
  long,
  mask,
  octal,
  octalText,
  type Show,
  size,
  text,
  to,
  uint,
} from "./shape.ts";
import { sigevent, timespec } from "./time_shapes.ts";

const IPC = flagSet("IPC_", IpcFlag);
const COMMANDS = prefixed("IPC_", IpcCommand);
const OF_SEMAPHORES = flagSet("", { ...COMMANDS, ...SemaphoreCommand });
const OF_MEMORY = flagSet("", { ...COMMANDS, ...MemoryCommand });
const OF_MESSAGES = flagSet("", { ...COMMANDS, ...QueueCommand });
const SEM_FLAGS = flagSet("", {
  ...prefixed("SEM_", SemaphoreFlag),
  IPC_NOWAIT: IpcFlag.NOWAIT,
});
const MESSAGE_FLAGS = flagSet("", { IPC_NOWAIT: IpcFlag.NOWAIT, ...prefixed("MSG_", ReceiveFlag) });
const ATTACH = flagSet("SHM_", AttachFlag);
const QUEUE_FLAGS = flagSet("O_", { NONBLOCK: OpenFlag.NONBLOCK });
const MODE = 0o777;

const key: Show = (seen, at) =>
  seen.int(at) === IPC_PRIVATE ? "IPC_PRIVATE" : `0x${seen.uint(at).toString(16)}`;

const wanted: Show = (seen, at) => {
  const value = seen.uint(at);
  const flags = value & ~MODE;
  return [...(flags === 0 ? [] : [maskText(IPC, flags)]), octalText(value & MODE)].join("|");
};

/** What is asked, with the bit that says which layout the answer has. */
function command(names: ReturnType<typeof flagSet>): Show {
  return (seen, at) => nameText(names, seen.int(at) & 0xff);
}

/** Whose something is, as all three kinds of it begin. */
function owner(view: DataView, prefix: string): string {
  const number = (at: number) => view.getUint32(at, true);
  const whole = `uid=${number(4)}, gid=${number(8)}, mode=${octalText(number(20))}`;
  return `${prefix}_perm={${whole}, key=${view.getInt32(0, true)}, cuid=${number(12)}, cgid=${
    number(16)
  }}`;
}

const isStat = (seen: { int(at: number): number }, at: number) =>
  (seen.int(at - 1) & 0xff) === IpcCommand.STAT;

const memoryFacts: Argument = afterIf(
  isStat,
  (seen, at) =>
    isStat(seen, at)
      ? to(MEMORY_FACTS_SIZE, (view) => {
        const long = (at: number) => view.getBigInt64(at, true);
        const pids = `shm_cpid=${view.getInt32(80, true)}, shm_lpid=${view.getInt32(84, true)}`;
        return `{${owner(view, "shm")}, shm_segsz=${long(48)}, ${pids}, shm_nattch=${
          long(88)
        }, shm_atime=${long(56)}, shm_dtime=${long(64)}, shm_ctime=${long(72)}}`;
      })(seen, at)
      : addressText(seen.whole(at)),
);

const messageFacts: Argument = afterIf(
  isStat,
  (seen, at) =>
    isStat(seen, at)
      ? to(QUEUE_FACTS_SIZE, (view) => {
        const long = (at: number) => view.getBigInt64(at, true);
        return `{${owner(view, "msg")}, msg_stime=${long(48)}, msg_rtime=${long(56)}, msg_ctime=${
          long(64)
        }, msg_qnum=${long(80)}, msg_qbytes=${long(88)}, msg_lspid=${
          view.getInt32(96, true)
        }, msg_lrpid=${view.getInt32(100, true)}}`;
      })(seen, at)
      : addressText(seen.whole(at)),
);

/** What `semctl` takes besides: facts by their words, all else as a number. */
const semaphoreArgument: Argument = afterIf(
  isStat,
  (seen, at) =>
    isStat(seen, at)
      ? to(SEMAPHORE_FACTS_SIZE, (view) => {
        const long = (at: number) => view.getBigInt64(at, true);
        return `{${owner(view, "sem")}, sem_otime=${long(48)}, sem_ctime=${long(56)}, sem_nsems=${
          long(64)
        }}`;
      })(seen, at)
      : addressText(seen.whole(at)),
);

const operation = (view: DataView) =>
  `{sem_num=${view.getUint16(0, true)}, sem_op=${view.getInt16(2, true)}, sem_flg=${
    maskText(SEM_FLAGS, view.getUint16(4, true))
  }}`;

/** A message behind its type. */
function message(lengthOf: (answer: number | null, given: number) => number): Show {
  return (seen, at) => {
    const type = seen.view(seen.address(at), 8);
    if (!type) return addressText(seen.whole(at));
    const length = lengthOf(seen.answer, seen.address(at + 1));
    const bytes = bytesAt(seen, seen.address(at) + 8, length);
    return `{mtype=${type.getBigInt64(0, true)}, mtext=${bytes}}`;
  };
}

const attributes = to(QUEUE_ATTRIBUTES_SIZE, (view) => {
  const names = ["flags", "maxmsg", "msgsize", "curmsgs"];
  const parts = names.map((name, at) => {
    const value = view.getBigInt64(at * 8, true);
    return `mq_${name}=${at === 0 ? maskText(QUEUE_FLAGS, Number(value)) : value}`;
  });
  return `{${parts.join(", ")}}`;
});

const isMade: (seen: { uint(at: number): number }) => boolean = (seen) =>
  (seen.uint(1) & OpenFlag.CREAT) !== 0;

/** The calls about what processes share by name or key. */
export const IPC_SHAPES: Readonly<Record<string, CallShape>> = {
  shmget: [key, size, wanted],
  shmat: [int, address, mask(ATTACH)],
  shmctl: [int, command(OF_MEMORY), memoryFacts],
  semget: [key, int, wanted],
  semop: [int, list(OPERATION_SIZE, operation, 2), uint],
  semtimedop: [int, list(OPERATION_SIZE, operation, 2), uint, timespec],
  semctl: [int, int, command(OF_SEMAPHORES), semaphoreArgument],
  msgget: [key, wanted],
  msgsnd: [int, message((_, given) => given), size, mask(MESSAGE_FLAGS)],
  msgrcv: [int, after(message((answer) => answer!)), size, long, mask(MESSAGE_FLAGS)],
  msgctl: [int, command(OF_MESSAGES), messageFacts],
  mq_open: [
    text,
    open,
    (seen, at) => isMade(seen) ? octal(seen, at) : null,
    (seen, at) => isMade(seen) ? attributes(seen, at) : null,
  ],
  mq_unlink: [text],
  mq_timedsend: [int, bytesOf(2), size, uint, timespec],
  mq_timedreceive: [
    int,
    after((seen, at) => bytesAt(seen, seen.address(at), seen.answer!)),
    size,
    after(to(4, (view) => `[${view.getUint32(0, true)}]`)),
    timespec,
  ],
  mq_notify: [int, sigevent],
  mq_getsetattr: [int, attributes, after(attributes)],
  riscv_flush_icache: [address, address, hex],
};
