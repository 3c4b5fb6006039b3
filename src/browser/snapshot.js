// What must outlive the WebAssembly: the report so far, `window.preflight`, and the message after a crash.

let report = null;
const exports = new Map();

/** Makes `window.preflight` and listens for crashes that no Rust code sees. */
export function install() {
  const api = Object.freeze({ report: () => report, export: (format) => exports.get(String(format)) ?? null });
  Object.defineProperty(window, "preflight", { value: api, enumerable: true });
  // Out of memory and stack overflows end in traps. Errors of browser extensions are none of ours.
  const look = (error) => error instanceof WebAssembly.RuntimeError && crashed("");
  addEventListener("error", (event) => look(event.error));
  addEventListener("unhandledrejection", (event) => look(event.reason));
}

/** The report as JSON; `null` for none. Exports of the report before go away. */
export function set_report(json) {
  report = json ?? null;
  exports.clear();
}

/** One export of the report. */
export function set_export(format, text) {
  exports.set(format, text);
}

/** Shows the message for a page that does not work any more. */
export function crashed(place) {
  if (place) console.error(`Preflight stopped at ${place}`);
  document.documentElement.dataset.runState = "failed";
  const message = document.getElementById("crash");
  if (message) message.hidden = false;
}
