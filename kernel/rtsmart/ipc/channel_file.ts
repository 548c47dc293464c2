/**
 * A channel as a descriptor.
 *
 * @module
 */
import { Errno } from "../error.ts";
import { OpenFile, OpenFlag } from "../fs/open_file.ts";
import type { Channel } from "./channel.ts";
import type { ChannelNames } from "./channel_names.ts";

/** A channel that was opened. */
export class ChannelFile extends OpenFile {
  /** The channel. */
  readonly channel: Channel;
  readonly #names: ChannelNames;

  /** A channel that was opened. */
  constructor(channel: Channel, names: ChannelNames) {
    super(null, OpenFlag.RDWR, `channel:${channel.name}`);
    this.channel = channel;
    this.#names = names;
    channel.users++;
  }

  override read(): number {
    return Errno.EBADF;
  }

  override write(): number {
    return Errno.EBADF;
  }

  protected override closed(): void {
    if (--this.channel.users > 0) return;
    this.#names.forget(this.channel);
    this.channel.close();
  }
}
