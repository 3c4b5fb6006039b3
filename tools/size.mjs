// The size of the built page over the wire: every file, raw, gzip -9 and brotli 11, by when it is loaded. What opens the
// page and asks a deployment is held to the limit; the command fails above it and says so above the aim. Node has both
// compressors built in, so nothing else is needed.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const DIST = "dist";
const LIMIT = 150_000;
const AIM = 120_000;
// preflight.json beside the page is no part of it: a host fills it. Nor is the documentation that it links to.
const COUNTED = /^index\.html$|^(?!troubleshooting).*\.(css|js|wasm)$|^catalogue-.*\.txt$/;
// What is fetched only when it is needed, by whom: the first pattern that fits. All else is fetched when the page opens.
const LATER = [
  ["the words of the catalogue: fetched with the verdict", /^catalogue-/],
  ["verdict: fetched when the form names a deployment", /\/split_verdict/],
  ["sharing: fetched when a run has ended", /\/split_sharing/],
  ["registration: fetched when its box is ticked", /\/split_registration/],
  ["fleet: fetched when all deployments are to be checked", /\/split_fleet/],
  ["what two or more of these share: fetched with them", /\/chunk_/],
  ["the desk, a worker: fetched for exports and files", /^desk-/],
];

const brotli = (bytes) =>
  brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  }).length;

const measured = readdirSync(DIST, { recursive: true })
  .filter((name) => COUNTED.test(name))
  .map((name) => {
    const bytes = readFileSync(join(DIST, name));
    return [name, bytes.length, gzipSync(bytes, { level: 9 }).length, brotli(bytes)];
  });
if (!measured.some(([name]) => /^preflight.*\.wasm$/.test(name))) {
  console.error(`${DIST}/ holds no built page; make page builds it.`);
  process.exit(1);
}
const later = ([name]) => LATER.findIndex(([, pattern]) => pattern.test(name));
const sum = (rows) => [1, 2, 3].map((column) => rows.reduce((sum, row) => sum + row[column], 0));
const line = ([name, ...sizes]) =>
  console.log(name.replace(/^(snippets-).*(\/.*)$/, "$1…$2").padEnd(58) + sizes.map((size) => size.toLocaleString("en").padStart(10)).join(""));

const opening = measured.filter((row) => later(row) < 0);
const total = sum(opening);
line(["file", "raw", "gzip -9", "brotli 11"]);
opening.forEach(line);
line(["the page", ...total]);
LATER.forEach(([what], index) => line([what, ...sum(measured.filter((row) => later(row) === index))]));

const brotliTotal = total[2];
const verdict =
  brotliTotal > LIMIT
    ? `over the limit of ${LIMIT.toLocaleString("en")} bytes`
    : brotliTotal > AIM
      ? `within the limit of ${LIMIT.toLocaleString("en")} bytes, above the aim of ${AIM.toLocaleString("en")}`
      : `within the aim of ${AIM.toLocaleString("en")} bytes`;
console.log(`the page, brotli: ${brotliTotal.toLocaleString("en")} bytes, ${verdict}`);
if (brotliTotal > LIMIT) process.exit(1);
