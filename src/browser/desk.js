// The page's side of the desk: one worker, started by the first question, begun anew after it failed.

const NOT_LOADED = "The part of this page that reads and writes reports did not load. Look at the connection and try again.";
const CRASHED = "The part of this page that reads and writes reports stopped in the middle of its work. Try again.";
/** How long the worker may take to load, milliseconds. */
const PATIENCE = 30_000;

/** A promise of the worker, once it is wanted. */
let opening = null;
let count = 0;
const waiting = new Map();

/** Asks the desk; rejects with a sentence. */
export async function ask(request) {
  const mine = (opening ??= open());
  const worker = await mine.catch((sentence) => {
    if (opening === mine) opening = null;
    throw sentence;
  });
  return new Promise((resolve, reject) => {
    waiting.set(++count, { resolve, reject });
    worker.postMessage([count, request]);
  });
}

function open() {
  return new Promise((resolve, reject) => {
    const name = document.querySelector('meta[name="desk"]').content;
    const worker = new Worker(new URL(name, document.baseURI), { type: "module" });
    let sentence = NOT_LOADED;
    const fail = () => {
      clearTimeout(timer);
      worker.terminate();
      reject(sentence);
      if (sentence === CRASHED) opening = null;
      waiting.forEach((one) => one.reject(sentence));
      waiting.clear();
    };
    const timer = setTimeout(fail, PATIENCE);
    worker.onerror = (event) => {
      event.preventDefault();
      fail();
    };
    worker.onmessage = ({ data }) => {
      if (data === "ready") {
        clearTimeout(timer);
        sentence = CRASHED;
        resolve(worker);
      } else if (typeof data === "string") {
        fail();
      } else {
        const [id, done, text] = data;
        const { resolve, reject } = waiting.get(id);
        waiting.delete(id);
        (done ? resolve : reject)(text);
      }
    };
  }).catch((error) => {
    // A browser that makes no such workers throws.
    throw typeof error === "string" ? error : NOT_LOADED;
  });
}
