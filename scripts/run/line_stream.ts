/**
 * Bytes as lines, one at a time as they come.
 *
 * @module
 */

/** Cuts bytes of text into lines. */
export class TextLineStream extends TransformStream<Uint8Array, string> {
  /** For one stream. */
  constructor() {
    const decoder = new TextDecoder();
    let rest = "";
    super({
      transform(chunk, controller) {
        const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
        rest = lines.pop()!;
        for (const line of lines) controller.enqueue(line);
      },
      flush(controller) {
        if (rest !== "") controller.enqueue(rest);
      },
    });
  }
}
