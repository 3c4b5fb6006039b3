// Tasks, and the browser's own timeline.

const waiting = [];
const { port1, port2 } = new MessageChannel();
port1.onmessage = () => waiting.shift()();

/**
 * Does that in a task of its own: before the next frame where the browser lets a page choose (Prioritized Task Scheduling),
 * as a message elsewhere, since timers of a tab that nobody sees wait up to a second. Never after a crash (snapshot.js).
 */
export function soon(act) {
  const task = () => "stopped" in document.documentElement.dataset || act();
  if (globalThis.scheduler?.postTask) {
    scheduler.postTask(task, { priority: "user-blocking" });
  } else {
    waiting.push(task);
    port2.postMessage(0);
  }
}

/** Notes in the browser's own timeline how long something took; `make bench` reads it. */
export const took = (what, start) => void performance.measure?.(what, { start });
