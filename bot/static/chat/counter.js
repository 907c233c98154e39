// How long a text has become while it is written, where the assistant asks for one of a given length.

import { onLanguage, say } from "./words.js";

const box = document.getElementById("text");
const shown = document.getElementById("counter");

/** Follows the assistant's newest message: `follow` takes each one, the newest last. */
export function counter() {
  let length = null;
  let newest = 0;

  function follow(message) {
    if (message.from === "me" || message.seq < newest) return;
    newest = message.seq;
    length = message.length ?? null;
    draw();
  }

  function draw() {
    shown.hidden = length === null;
    if (length === null) {
      box.removeAttribute("aria-describedby");
      return;
    }
    const count = length.written + characters(box.value);
    const over = count - length.most;
    const missing = length.least - count;
    const rest = over > 0 ? "lengthOver" : missing > 0 ? "lengthMissing" : "lengthRight";
    const words = say(rest, over > 0 ? over : missing);
    shown.textContent = `${say("length", count, length.least, length.most)}${words}`;
    shown.dataset.state = over > 0 ? "over" : missing > 0 ? "missing" : "right";
    box.setAttribute("aria-describedby", "counter");
  }

  box.addEventListener("input", draw);
  // The box is emptied when it is sent; that is no input.
  box.form.addEventListener("submit", () => queueMicrotask(draw));
  onLanguage(draw);
  return { follow };
}

/** As the server counts: without blanks and line breaks. */
function characters(text) {
  return [...text].filter((one) => !/\s/u.test(one)).length;
}
