/**
 * What is asked of devices.
 *
 * @module
 */

/** What is asked of terminals, and of all files. */
export const Ioctl = {
  TFD_IOC_SET_TICKS: 0x40085400,
  TCGETS: 0x5401,
  TCSETS: 0x5402,
  TCSETSW: 0x5403,
  TCSETSF: 0x5404,
  TCGETA: 0x5405,
  TCSETA: 0x5406,
  TCSETAW: 0x5407,
  TCSETAF: 0x5408,
  TCSBRK: 0x5409,
  TCXONC: 0x540a,
  TCFLSH: 0x540b,
  TIOCEXCL: 0x540c,
  TIOCNXCL: 0x540d,
  TIOCSCTTY: 0x540e,
  TIOCGPGRP: 0x540f,
  TIOCSPGRP: 0x5410,
  TIOCOUTQ: 0x5411,
  TIOCSTI: 0x5412,
  TIOCGWINSZ: 0x5413,
  TIOCSWINSZ: 0x5414,
  FIONREAD: 0x541b,
  FIONBIO: 0x5421,
  TIOCPKT: 0x5420,
  TIOCNOTTY: 0x5422,
  TCSBRKP: 0x5425,
  TIOCGSID: 0x5429,
  TIOCGPTN: 0x80045430,
  TIOCGPKT: 0x80045438,
  TIOCGPTLCK: 0x80045439,
  TIOCGEXCL: 0x80045440,
  TIOCSPTLCK: 0x40045431,
  TIOCGPTPEER: 0x5441,
  FIONCLEX: 0x5450,
  FIOCLEX: 0x5451,
  FIOASYNC: 0x5452,
  TIOCGLCKTRMIOS: 0x5456,
  FS_IOC_GETFLAGS: 0x80086601,
  FICLONE: 0x40049409,
  SIOCATMARK: 0x8905,
} as const;

/** What of a terminal is held back, and let go on: what it shows, and who types. */
export const Flow = { OOFF: 0, OON: 1, IOFF: 2, ION: 3 } as const;

/** What of a terminal is thrown away. */
export const Flush = { IFLUSH: 0, OFLUSH: 1, IOFLUSH: 2 } as const;

/** What is asked of interfaces of the network. */
export const InterfaceRequest = {
  SIOCGIFNAME: 0x8910,
  SIOCGIFCONF: 0x8912,
  SIOCGIFFLAGS: 0x8913,
  SIOCGIFADDR: 0x8915,
  SIOCGIFBRDADDR: 0x8919,
  SIOCGIFNETMASK: 0x891b,
  SIOCGIFMETRIC: 0x891d,
  SIOCGIFMTU: 0x8921,
  SIOCGIFHWADDR: 0x8927,
  SIOCGIFINDEX: 0x8933,
  SIOCGIFTXQLEN: 0x8942,
} as const;

/** The bytes of an interface's name, and of what is asked about it with that. */
export const InterfaceSize = { NAME: 16, REQUEST: 40 } as const;

/** What an interface is like. */
export const InterfaceFlag = {
  UP: 1,
  BROADCAST: 2,
  DEBUG: 4,
  LOOPBACK: 8,
  POINTOPOINT: 16,
  RUNNING: 64,
} as const;

/** That there is somebody at the other end: one more of those flags, where there is room for it. */
export const IFF_LOWER_UP = 0x10000;

/** What there is behind an interface. */
export const Hardware = { ETHER: 1, LOOPBACK: 772 } as const;
