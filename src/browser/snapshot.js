// What must outlive the WebAssembly: the report so far, `window.preflight`, and the message after a crash.

import { ask } from "./desk.js";

let report = null;

/** Another form of the report so far, as a promise of its text; of null before a run. */
async function write(format, { hosts = true, bodies = true } = {}) {
  if (report === null) return null;
  const wanted = JSON.stringify({ task: "export", format: String(format), hosts: hosts !== false, bodies: bodies !== false });
  return ask(`${wanted.slice(0, -1)},"report":${report}}`);
}

/** Makes `window.preflight` and listens for crashes that no Rust code sees. */
export function install() {
  const api = Object.freeze({ report: () => report, export: write });
  Object.defineProperty(window, "preflight", { value: api, enumerable: true });
  // Out of memory and stack overflows end in traps. Errors of browser extensions are none of ours.
  const look = (error) => error instanceof WebAssembly.RuntimeError && crashed(error.message);
  addEventListener("error", (event) => look(event.error));
  addEventListener("unhandledrejection", (event) => look(event.reason));
}

/** The report as JSON; `null` for none. */
export function set_report(json) {
  report = json ?? null;
}

/** Saves the report without the program, which does not work any more. */
function save() {
  const link = document.createElement("a");
  link.download = "preflight-report.json";
  link.href = `data:application/json;charset=utf-8,${encodeURIComponent(report)}`;
  link.click();
}

/** Shows the message for a page that does not work any more; `reason` is the browser's own text, or a place in the program. */
export function crashed(reason) {
  console.error(`Preflight stopped: ${reason}`);
  document.documentElement.dataset.runState = "failed";
  document.documentElement.dataset.stopped = reason;
  const message = document.getElementById("crash");
  if (!message) return;
  message.hidden = false;
  document.getElementById("crash-report").hidden = report === null;
  document.getElementById("crash-save").onclick = save;
}
