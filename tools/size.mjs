// The size of the built page over the wire: every file that a visitor loads, raw, gzip -9 and brotli 11.
// Fails above the limit and says so above the aim. Node has both compressors built in, so nothing else is needed.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const DIST = "dist";
const LIMIT = 150_000;
const AIM = 120_000;
// Folders and preflight.json beside the page are not part of it: a host fills them.
const LOADED = /\.(html|css|js|wasm)$/;

const brotli = (bytes) =>
  brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  }).length;

const rows = readdirSync(DIST, { withFileTypes: true })
  .filter((entry) => entry.isFile() && LOADED.test(entry.name))
  .map(({ name }) => {
    const bytes = readFileSync(join(DIST, name));
    return [name, bytes.length, gzipSync(bytes, { level: 9 }).length, brotli(bytes)];
  });
const total = [1, 2, 3].map((column) => rows.reduce((sum, row) => sum + row[column], 0));

const line = ([name, ...sizes]) =>
  console.log(name.padEnd(36) + sizes.map((size) => size.toLocaleString("en").padStart(12)).join(""));
line(["file", "raw", "gzip -9", "brotli 11"]);
rows.forEach(line);
line(["total", ...total]);

const brotliTotal = total[2];
const verdict =
  brotliTotal > LIMIT
    ? `over the limit of ${LIMIT.toLocaleString("en")} bytes`
    : brotliTotal > AIM
      ? `within the limit of ${LIMIT.toLocaleString("en")} bytes, above the aim of ${AIM.toLocaleString("en")}`
      : `within the aim of ${AIM.toLocaleString("en")} bytes`;
console.log(`brotli total: ${verdict}`);
if (brotliTotal > LIMIT || rows.length === 0) process.exit(1);
