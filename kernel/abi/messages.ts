/**
 * Numbers about channels, sockets, ports and the other ways to send something.
 *
 * @module
 */

/** How large a channel message may be, and its options. */
export const ChannelLimit = {
  BYTES_MAX: 65536,
  HANDLES_MAX: 64,
  IOVECS_MAX: 8192,
  PENDING_MAX: 3500,
} as const;

/** Options of the channel calls. */
export const ChannelOption = { READ_MAY_DISCARD: 1, WRITE_USE_IOVEC: 2 } as const;

/** Operations in a handle disposition. */
export const HandleOp = { MOVE: 0, DUPLICATE: 1 } as const;

/** Options of the socket calls. */
export const SocketOption = {
  STREAM: 0,
  DATAGRAM: 1,
  PEEK: 8,
  WRITE_DISABLED: 1,
  WRITE_ENABLED: 2,
} as const;

/** Types of port packets. */
export const PacketType = {
  USER: 0,
  SIGNAL_ONE: 1,
  GUEST_BELL: 3,
  GUEST_MEM: 4,
  GUEST_IO: 5,
  GUEST_VCPU: 6,
  INTERRUPT: 7,
  PAGE_REQUEST: 9,
} as const;

/** Options of `zx_object_wait_async`. */
export const WaitAsyncOption = { ONCE: 0, TIMESTAMP: 1, EDGE: 2, BOOT_TIMESTAMP: 4 } as const;

/** How many things may be waited for, or kept waiting, at once. */
export const WaitLimit = {
  MANY_MAX: 64,
  PORT_PACKETS_MAX: 4096,
  PORT_OBSERVERS_MAX: 50000,
} as const;
