// The browser's own compression: it weighs nothing. Both reject where a browser has none.

/** Text as raw deflate. */
export async function pack(text) {
  const packed = through(new CompressionStream("deflate-raw"), new TextEncoder().encode(text));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}

/** The text in raw deflate; rejects with a RangeError when it is more than `most` bytes, whatever a link claims. */
export async function unpack(bytes, most) {
  const reader = through(new DecompressionStream("deflate-raw"), bytes).getReader();
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

/** What comes out when these bytes go in. Not from a Blob: those live in another process, which takes its time. */
function through({ readable, writable }, bytes) {
  const writer = writable.getWriter();
  // What is wrong shows at the readable end.
  writer.write(bytes).catch(() => {});
  writer.close().catch(() => {});
  return readable;
}

/** Whether this browser can unpack at all. */
export const can_unpack = () => typeof DecompressionStream === "function";
