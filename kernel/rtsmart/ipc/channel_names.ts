/**
 * The names of channels: one space for everybody.
 *
 * @module
 */
import { OpenFlag } from "../fs/open_file.ts";
import { Channel, MessagePool } from "./channel.ts";
import { ChannelFile } from "./channel_file.ts";
import { NAME_MAX } from "./rt_object.ts";

/** Channels by their names. */
export class ChannelNames {
  readonly #channels = new Map<string, Channel>();
  readonly #pool = new MessagePool();

  /** How many there are. */
  get size(): number {
    return this.#channels.size;
  }

  /** How many messages are in use. */
  get messages(): number {
    return this.#pool.used;
  }

  /** Open a channel, made if the flags say so; null if it cannot be. */
  open(whole: string, flags: number): ChannelFile | null {
    const name = whole.slice(0, NAME_MAX);
    const both = OpenFlag.CREAT | OpenFlag.EXCL;
    let channel = this.#channels.get(name);
    if (channel && (flags & both) === both) return null;
    if (!channel && (flags & OpenFlag.CREAT) === 0) return null;
    if (!channel) {
      channel = new Channel(name, this.#pool);
      this.#channels.set(name, channel);
    }
    return new ChannelFile(channel, this);
  }

  /** Nobody has it open any more. */
  forget(channel: Channel): void {
    this.#channels.delete(channel.name);
  }
}
