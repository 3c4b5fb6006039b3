// The browser's own compression: it weighs nothing. Both reject where a browser has none.

/** Text as raw deflate. */
export async function pack(text) {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** The text in raw deflate; rejects with a RangeError when it is more than `most` bytes, whatever a link claims. */
export async function unpack(bytes, most) {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  for (let size = 0; ; ) {
    const { value, done } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.byteLength;
    if (size > most) {
      reader.cancel().catch(() => {});
      throw new RangeError("too much");
    }
    text += decoder.decode(value, { stream: true });
  }
}

/** Whether this browser can unpack at all. */
export const can_unpack = () => typeof DecompressionStream === "function";

/** Notes in the browser's own timeline how long something took; `make bench` reads it. */
export const took = (what, start) => void performance.measure?.(what, { start });
