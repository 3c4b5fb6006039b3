// Lighthouse against the release build, served compressed as a host would: mobile and desktop. Prints the scores and what
// keeps one below 100; fails below 100. Run it on a machine that has nothing else to do: performance is a matter of time.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { brotliCompressSync } from "node:zlib";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".wasm": "application/wasm",
  ".json": "application/json",
  ".svg": "image/svg+xml",
};
const CATEGORIES = ["performance", "accessibility", "best-practices"];

const packed = new Map();
const server = createServer((asked, answer) => {
  const path = normalize(decodeURIComponent(new URL(asked.url, "http://page").pathname));
  const name = path.endsWith("/") ? `${path}index.html` : path;
  try {
    if (!packed.has(name)) packed.set(name, brotliCompressSync(readFileSync(join("dist", name))));
    answer.writeHead(200, {
      "content-type": TYPES[extname(name)] ?? "text/plain; charset=utf-8",
      "content-encoding": "br",
      "cache-control": /-[0-9a-f]{16}(_bg)?[./]/.test(name) ? "public, max-age=31536000, immutable" : "no-cache",
      "cross-origin-opener-policy": "same-origin",
      "x-content-type-options": "nosniff",
    });
    answer.end(packed.get(name));
  } catch {
    answer.writeHead(404, { "content-type": "text/plain" }).end("Not found\n");
  }
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const address = `http://127.0.0.1:${server.address().port}/`;

let failed = false;
for (const device of ["mobile", "desktop"]) {
  const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];
  const options = [address, "--quiet", "--output=json", `--only-categories=${CATEGORIES}`, `--chrome-flags=${flags.join(" ")}`];
  if (device === "desktop") options.push("--preset=desktop");
  const report = await new Promise((done, fail) =>
    execFile(
      "lighthouse",
      options,
      { maxBuffer: 1 << 28, env: { ...process.env, CHROME_PATH: process.env.PREFLIGHT_CHROMIUM } },
      (error, out) => (error ? fail(error) : done(JSON.parse(out))),
    ),
  );
  for (const id of CATEGORIES) {
    const { score, auditRefs } = report.categories[id];
    console.log(`${device.padEnd(8)} ${id.padEnd(16)} ${Math.round(score * 100)}`);
    if (score === 1) continue;
    failed = true;
    for (const { id, weight } of auditRefs) {
      const audit = report.audits[id];
      if (weight > 0 && audit.score !== null && audit.score < 1)
        console.log(`         ${audit.title} ${audit.displayValue ?? ""} (${Math.round(audit.score * 100)})`);
    }
  }
}
server.close();
process.exit(failed ? 1 : 0);
