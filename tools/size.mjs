// The size of the built page over the wire: every file that a visitor loads, raw, gzip -9 and brotli 11.
// Fails above the limit and says so above the aim. Node has both compressors built in, so nothing else is needed.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const DIST = "dist";
const LIMIT = 150_000;
const AIM = 120_000;
// preflight.json beside the page is no part of it: a host fills it. What is loaded on demand is printed on its own: the
// catalogue's words when a run starts, the desk for who exports or reads a report.
const LOADED = /\.(html|css|js|wasm)$|^catalogue-.*\.txt$/;

const brotli = (bytes) =>
  brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  }).length;

const files = readdirSync(DIST, { recursive: true }).filter((name) => LOADED.test(name));
const measured = files.map((name) => {
  const bytes = readFileSync(join(DIST, name));
  return [name, bytes.length, gzipSync(bytes, { level: 9 }).length, brotli(bytes)];
});
const isDesk = ([name]) => name.startsWith("desk-");
const isWords = ([name]) => name.startsWith("catalogue-");
const rows = measured.filter((row) => !isDesk(row) && !isWords(row));
const words = measured.filter(isWords);
const desk = measured.filter(isDesk);
const sum = (rows) => [1, 2, 3].map((column) => rows.reduce((sum, row) => sum + row[column], 0));
const total = sum(rows);

const line = ([name, ...sizes]) =>
  console.log(name.replace(/^(snippets-).*(\/.*)$/, "$1…$2").padEnd(36) + sizes.map((size) => size.toLocaleString("en").padStart(12)).join(""));
line(["file", "raw", "gzip -9", "brotli 11"]);
rows.forEach(line);
line(["total", ...total]);
line(["the catalogue, loaded by a run", ...sum(words)]);
desk.forEach(line);
line(["the desk, loaded when it is needed", ...sum(desk)]);

// The budget is passed since registration, links and second opinions came in (docs/measurements.md says by how much, and
// what is to be loaded on demand instead). Until then the tests hold the page to where it stands; this command fails.
const STANDS = 236_000;
const brotliTotal = total[2];
const verdict =
  brotliTotal > LIMIT
    ? `over the limit of ${LIMIT.toLocaleString("en")} bytes`
    : brotliTotal > AIM
      ? `within the limit of ${LIMIT.toLocaleString("en")} bytes, above the aim of ${AIM.toLocaleString("en")}`
      : `within the aim of ${AIM.toLocaleString("en")} bytes`;
console.log(`brotli total: ${verdict}`);
const held = process.argv.includes("--where-it-stands") ? STANDS : LIMIT;
if (brotliTotal > held || rows.length === 0) process.exit(1);
