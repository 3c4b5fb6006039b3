// The desk's script in its worker: hands questions to the desk's program, and answers back to the page.
import load, { answer } from "./desk.js";

onmessage = ({ data: [id, request] }) => {
  try {
    postMessage([id, true, answer(request)]);
  } catch (error) {
    // The program refuses with a sentence. Anything else is a crash, after which its memory cannot be trusted.
    postMessage(typeof error === "string" ? [id, false, error] : "crashed");
  }
};
// A message that comes before this script has ended its first turn may be lost: the page waits for this one.
load().then(
  () => postMessage("ready"),
  () => postMessage("not loaded"),
);
